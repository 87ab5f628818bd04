/**
 * What later entries of the log make of a message: its latest text, that it was deleted, and the emoji
 * that were put to it. Pages hold messages with their latest text already, so saying an entry again
 * changes nothing; reactions are known from their entries alone.
 */
import type { About } from '../protocol/about';
import type { LoggedMessage } from '../protocol/message';
import { asEmoji } from '../protocol/reaction';
import type { User } from '../protocol/user';
import type { Reaction } from './types';

/** All that was said about one message, in the order of the log. */
export interface Annotations {
  /** Its latest text; undefined where no entry has told one. */
  body: string | undefined;
  /** When that was, and when it was deleted, in ms since 1970. */
  edited: number | undefined;
  deleted: number | undefined;
  /** Who put which emoji, by their ids; both in the order in which they came. */
  readonly reactions: Map<string, Map<string, User>>;
}

export function createAnnotations(): Annotations {
  return { body: undefined, edited: undefined, deleted: undefined, reactions: new Map() };
}

/** It is a message for people, rather than something that was done to one. */
export function isText({ about }: { readonly about?: About | undefined }): boolean {
  return about === undefined || about.kind === 'reply';
}

/** It is an emoji that is put to a message, or taken back. */
export function isReaction({ about }: { readonly about?: About | undefined }): boolean {
  return about?.kind === 'react' || about?.kind === 'unreact';
}

/** Adds one entry about `target`, later in the log than those before. Only its author may change a text. */
export function annotate(
  annotations: Annotations,
  target: Pick<LoggedMessage, 'from'>,
  { about, from, body, at }: LoggedMessage,
): void {
  const isAuthor = from.id === target.from.id;
  switch (about?.kind) {
    case 'edit':
      if (!isAuthor || annotations.deleted !== undefined) return;
      annotations.edited = at;
      // The text of an edit is gone with its message: the deletion comes later in the log.
      if (body !== '') annotations.body = body;
      return;
    case 'delete':
      if (isAuthor) annotations.deleted ??= at;
      return;
    case 'react':
      putReaction(annotations.reactions, asEmoji(body), from);
      return;
    case 'unreact':
      takeReaction(annotations.reactions, asEmoji(body), from.id);
  }
}

function putReaction(reactions: Annotations['reactions'], emoji: string, user: User) {
  const users = reactions.get(emoji);
  if (!users) reactions.set(emoji, new Map([[user.id, user]]));
  else if (!users.has(user.id)) users.set(user.id, user);
}

function takeReaction(reactions: Annotations['reactions'], emoji: string, userId: string) {
  const users = reactions.get(emoji);
  users?.delete(userId);
  if (users?.size === 0) reactions.delete(emoji);
}

/** A reaction of one's own that the log does not have yet. */
export interface OwnReaction {
  readonly emoji: string;
  readonly on: boolean;
}

/** The reactions as people see them, one's own that are on their way included; undefined if there are none. */
export function reactionsOf(
  { reactions }: Annotations,
  own: readonly OwnReaction[],
  me: User,
): readonly Reaction[] | undefined {
  if (reactions.size === 0 && own.length === 0) return undefined;
  const shown = new Map(reactions);
  for (const { emoji } of own) shown.set(emoji, new Map(shown.get(emoji)));
  for (const { emoji, on } of own) {
    if (on) putReaction(shown, emoji, me);
    else takeReaction(shown, emoji, me.id);
  }
  const list = [...shown]
    .filter(([, users]) => users.size > 0)
    .map(([emoji, users]) => ({ emoji, users: [...users.values()], mine: users.has(me.id) }));
  return list.length > 0 ? list : undefined;
}
