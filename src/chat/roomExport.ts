/** A room as a file: what people see of it, whole and in order. */
import type { ChatMessage, RoomExport, ShownFile, User } from './types';

type ExportedMessage = RoomExport['messages'][number];

/** The export of a room that people see as `rows`. */
export function exportOf(room: string, rows: readonly ChatMessage[]): RoomExport {
  return { room, messages: rows.map(exported) };
}

function exported(row: ChatMessage): ExportedMessage {
  const { id, seq = null, author, body, at, state, edited, deleted } = row;
  const { replyTo, reactions, file } = row;
  return {
    id,
    seq,
    author: author.name,
    ...(author.tag !== undefined && { tag: author.tag }),
    body,
    at,
    state,
    ...(edited !== undefined && { edited }),
    ...(deleted !== undefined && { deleted }),
    ...(file && { file: factsOf(file) }),
    ...(replyTo && { replyTo: replyTo.seq }),
    ...(reactions && { reactions: namesByEmoji(reactions) }),
  };
}

function factsOf({ name, type, size, width, height }: ShownFile) {
  const isPicture = width !== undefined && height !== undefined;
  return { name, type, size, ...(isPicture && { width, height }) };
}

function namesByEmoji(reactions: NonNullable<ChatMessage['reactions']>) {
  return Object.fromEntries(reactions.map(({ emoji, users }) => [emoji, users.map(nameOf)]));
}

/** A name with its tag, if it has one: no name has such an end by itself. */
function nameOf({ name, tag }: User): string {
  return tag === undefined ? name : `${name} ·${tag}`;
}
