/**
 * What a client reads and says of its reading, beyond the pages of its rooms: how far it and the others
 * have read, what is new in rooms that it watches, and what a search finds. What is answered is answered
 * in its turn, as pages are.
 */
import { closeCodes } from '../../../protocol/closeCodes';
import type { ClientFrameOf, ServerFrameOf } from '../../../protocol/frames';
import { mayEnter } from '../../../protocol/privateRoom';
import type { User } from '../../../protocol/user';
import { LogUnavailableError } from '../../log/log';
import { readHistory } from '../room/catchUp';
import { orNoneWhereDamaged } from '../room/latePages';
import { shareFrames } from '../room/packFrames';
import type { Room } from '../room/room';
import type { Watcher } from '../room/watches';
import { type Asking, type Client, type ConnectionHost, later } from './connectionHost';

/** Refuses a room whose key the client has not shown. */
export function forbid(client: Client, room: string): void {
  client.refuse('forbidden', `"${room}" is private, and opens only to its key`, { room });
}

/** Says that what was asked for does not come, as the room cannot be read while others can. */
export function refuseReading(client: Client, room: string, instead: 'sync' | 'history'): void {
  client.refuse('unavailable', 'the room cannot be read just now', { room, instead });
}

/** Where the rooms end that a client comes back to: of those that it may enter, and that can be read now. */
export async function headsOf(
  { log, rooms }: Pick<ConnectionHost, 'log' | 'rooms'>,
  resumed: ClientFrameOf<'auth'>['resume'],
): Promise<ServerFrameOf<'ready'>['rooms']> {
  const open = resumed.filter(({ room, key }) => mayEnter(room, key));
  const headOf = async (room: string) => rooms.head(room) ?? (await log.head(room));
  const heads = await Promise.all(
    open.map(async ({ room }) => {
      const head = await orNoneWhereDamaged(headOf(room));
      return head ? [{ room, epoch: head.epoch, seq: head.seq }] : [];
    }),
  );
  return heads.flat();
}

/**
 * Answers in its turn, unless the line has ended by then. Without an answer the client would wait for ever: where the
 * log is away it is sent away, comes back and asks again.
 */
export function answerInTurn(
  { client, line, requests }: Asking,
  answer: () => Promise<void>,
): void {
  void requests.runInTurn(
    async () => {
      if (!line.isClosing) await answer();
    },
    () => client.close(closeCodes.logUnavailable),
  );
}

export function sendHistory(
  asking: Asking,
  { room, before, limit }: ClientFrameOf<'history'>,
): void {
  const { host, client } = asking;
  answerInTurn(asking, async () => {
    const page = await orNoneWhereDamaged(readHistory(host.log, room, before, limit));
    if (page) client.send(page);
    else refuseReading(client, room, 'history');
  });
}

/** Tells who comes into a room of few how far the others have read: behind its page, which ends it. */
export function tellReads({ host, client, requests }: Asking, room: Room): void {
  if (!room.isOfFew) return;
  void requests.runInTurn(
    async () => {
      const reads = await host.readMarks.readsOf(room);
      if (reads) client.send(reads);
    },
    // The page could not be read either, and its client was sent away.
    () => {},
  );
}

/**
 * Tells who has come into a room what is being written there. On the line at once: no piece that is told to
 * all may overtake it.
 */
export function tellStreams({ host, line }: Pick<Asking, 'host' | 'line'>, room: Room): void {
  const frames = host.streams.all(room.name);
  if (frames.length > 0) line.sendInTurn(shareFrames(frames));
}

export function keepRead({ host, requests }: Asking, user: User, room: Room, seq: number): void {
  void requests.run(
    () => host.readMarks.read(user, room, seq),
    // The mark is set again with the next message that is read.
    () => {},
  );
}

export function watchRooms(
  asking: Asking,
  watcher: Watcher,
  { rooms }: ClientFrameOf<'watch'>,
): void {
  const { host, client } = asking;
  const open: string[] = [];
  for (const { room, key } of rooms) {
    if (mayEnter(room, key)) open.push(room);
    else forbid(client, room);
  }
  // Who has ended meanwhile was forgotten already.
  answerInTurn(asking, () => host.watches.watch(watcher, open));
}

/** Few who chat also search: the code for it is fetched for them. */
async function loadSearch() {
  try {
    return await import('../room/findMessages');
  } catch (error) {
    throw new LogUnavailableError(`the search could not be loaded: ${error}`);
  }
}

export function searchRoom(
  { host, client, line, requests }: Asking,
  frame: ClientFrameOf<'search'>,
): void {
  const { log, search, random } = host;
  const { room } = frame;
  void requests.runInTurn(
    async () => {
      const { findMessages } = await loadSearch();
      if (line.isClosing) return;
      const found = await findMessages(log, search, frame, () => line.isClosing);
      if (!line.isClosing) client.send(found);
    },
    () => {
      const message = 'the search is away, or its index is not there yet';
      client.refuse('unavailable', message, { room, instead: 'found', ...later(random) });
    },
  );
}
