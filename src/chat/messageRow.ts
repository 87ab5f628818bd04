/**
 * One message as people see it, from what the log and the outbox say of it. Two that say the same are
 * told to be the same, so that a row is only drawn again when something about it has changed.
 */
import type { MessageFile } from '../protocol/file';
import type { LoggedMessage } from '../protocol/message';
import { asEmoji } from '../protocol/reaction';
import {
  type Annotations,
  createAnnotations,
  isReaction,
  type OwnReaction,
  reactionsOf,
} from './annotations';
import type { LiveMessage } from './liveRows';
import type { OutboxEntry, OutboxFile } from './outboxEntry';
import type {
  ChatMessage,
  PendingChange,
  Quoted,
  Reaction,
  ShownFile,
  UploadState,
  User,
} from './types';

/** A message of the log, and all that is known of it. */
export interface Source {
  readonly message: LoggedMessage;
  readonly annotations: Annotations | undefined;
  /** One's own changes of it and reactions to it that the log does not have yet, oldest first. */
  readonly pending: readonly OutboxEntry[];
}

const none = createAnnotations();

/** The text of a message as one sees it: with one's own changes, unless they failed. */
export function textOf({ message, annotations = none, pending }: Source) {
  let body = annotations.body ?? message.body;
  let edited = annotations.edited ?? message.edited;
  let deleted = annotations.deleted ?? message.deleted;
  for (const { about, state, body: next, at } of pending) {
    // What was acked is in the room, though it has not come from there yet.
    const isDone = state === 'sent';
    if (state === 'failed' || deleted !== undefined) continue;
    if (about?.kind === 'edit') {
      body = next;
      if (isDone) edited = at;
    }
    if (about?.kind === 'delete' && isDone) deleted = at;
  }
  return { body: deleted === undefined ? body : '', edited, deleted };
}

/** The row of a message that the log has. */
export function loggedRow(source: Source, me: User, replyTo: Quoted | undefined): ChatMessage {
  const { message, annotations = none, pending } = source;
  const { id, seq, from, at } = message;
  const text = textOf(source);
  const isThere = text.deleted === undefined;
  return {
    id,
    seq,
    author: from,
    mine: from.id === me.id,
    body: text.body,
    at,
    state: 'sent',
    hasLeft: true,
    failure: undefined,
    edited: text.edited,
    deleted: text.deleted,
    replyTo: isThere ? replyTo : undefined,
    reactions: isThere ? reactionsOf(annotations, ownReactions(pending), me) : undefined,
    change: changeOf(pending),
    file: isThere && message.file ? shownFile(message.file) : undefined,
    isCut: message.cut && annotations.edited === undefined ? true : undefined,
  };
}

export const shownFile = (file: MessageFile | OutboxFile): ShownFile => {
  const { name, type, size, width, height, preview } = file;
  return { name, type, size, width, height, hasPreview: preview !== undefined };
};

/** The row of what is in the outbox alone. */
export function unsentRow(
  entry: OutboxEntry,
  me: User,
  replyTo: Quoted | undefined,
  change?: PendingChange,
): ChatMessage {
  const { id, seq, body, at, state, hasLeft, failure, file, upload } = entry;
  return {
    id,
    seq,
    author: me,
    mine: true,
    body,
    at,
    state,
    hasLeft,
    failure,
    edited: undefined,
    deleted: undefined,
    replyTo,
    reactions: undefined,
    change,
    file: file && shownFile(file),
    upload,
  };
}

/** The row of what is being written, and is not in the room yet. */
export function liveRow(
  { id, author, body, at, live }: LiveMessage,
  me: User,
  replyTo: Quoted | undefined,
): ChatMessage {
  return {
    id,
    seq: undefined,
    author,
    mine: author.id === me.id,
    body,
    at,
    // Nobody may take it for kept.
    state: 'sending',
    hasLeft: true,
    failure: undefined,
    replyTo,
    live,
  };
}

function ownReactions(pending: readonly OutboxEntry[]): readonly OwnReaction[] {
  return pending
    .filter((entry) => isReaction(entry) && entry.state !== 'failed')
    .map(({ about, body }) => ({ emoji: asEmoji(body), on: about?.kind === 'react' }));
}

/** The latest change that is not in the room yet. */
export function changeOf(pending: readonly OutboxEntry[]): PendingChange | undefined {
  for (const { id, about, state, failure } of pending.toReversed()) {
    if (state === 'sent' || (about?.kind !== 'edit' && about?.kind !== 'delete')) continue;
    return { id, kind: about.kind, state, failure };
  }
  return undefined;
}

/** They say the same. */
export function isSameRow(one: ChatMessage, other: ChatMessage): boolean {
  return (
    one.id === other.id &&
    one.seq === other.seq &&
    isSameUser(one.author, other.author) &&
    one.mine === other.mine &&
    one.body === other.body &&
    one.at === other.at &&
    one.state === other.state &&
    one.hasLeft === other.hasLeft &&
    one.failure === other.failure &&
    one.edited === other.edited &&
    one.deleted === other.deleted &&
    isSameQuote(one.replyTo, other.replyTo) &&
    areSame(one.reactions ?? [], other.reactions ?? [], isSameReaction) &&
    isSameChange(one.change, other.change) &&
    isSameFile(one.file, other.file) &&
    isSameUpload(one.upload, other.upload) &&
    one.isCut === other.isCut &&
    one.live === other.live
  );
}

function isSameUser(one: User | undefined, other: User | undefined): boolean {
  return (
    one === other || (one?.id === other?.id && one?.name === other?.name && one?.tag === other?.tag)
  );
}

function isSameQuote(one: Quoted | undefined, other: Quoted | undefined): boolean {
  return (
    one?.seq === other?.seq &&
    isSameUser(one?.author, other?.author) &&
    one?.body === other?.body &&
    one?.deleted === other?.deleted &&
    isSameFile(one?.file, other?.file)
  );
}

function isSameReaction(one: Reaction, other: Reaction): boolean {
  return (
    one.emoji === other.emoji &&
    one.mine === other.mine &&
    areSame(one.users, other.users, isSameUser)
  );
}

function isSameChange(one: PendingChange | undefined, other: PendingChange | undefined): boolean {
  return (
    one?.id === other?.id &&
    one?.kind === other?.kind &&
    one?.state === other?.state &&
    one?.failure === other?.failure
  );
}

function isSameFile(one: ShownFile | undefined, other: ShownFile | undefined): boolean {
  return (
    one?.name === other?.name &&
    one?.size === other?.size &&
    one?.type === other?.type &&
    one?.width === other?.width &&
    one?.height === other?.height &&
    one?.hasPreview === other?.hasPreview
  );
}

function isSameUpload(one: UploadState | undefined, other: UploadState | undefined): boolean {
  return (
    one?.status === other?.status &&
    one?.have === other?.have &&
    one?.size === other?.size &&
    one?.picture === other?.picture
  );
}

function areSame<Each>(
  ones: readonly Each[],
  others: readonly Each[],
  isSame: (one: Each, other: Each) => boolean,
): boolean {
  return (
    ones.length === others.length &&
    ones.every((one, index) => {
      const other = others[index];
      return other !== undefined && isSame(one, other);
    })
  );
}
