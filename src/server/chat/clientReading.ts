/**
 * What a client reads and says of its reading, beyond the pages of its rooms: how far it and the others
 * have read, what is new in rooms that it watches, and what a search finds. What is answered is answered
 * in its turn, as pages are.
 */
import { closeCodes } from '../../protocol/closeCodes';
import type { ClientFrameOf, User } from '../../protocol/frames';
import { mayEnter } from '../../protocol/privateRoom';
import { LogUnavailableError } from '../log/log';
import type { ClientLine } from './clientLine';
import { type Client, type ConnectionHost, later } from './connectionHost';
import type { LogRequests } from './logRequests';
import type { Room } from './room';
import type { Watcher } from './watches';

/** A client, and where its questions go. */
export interface Asking {
  readonly host: ConnectionHost;
  readonly client: Client;
  readonly line: ClientLine;
  readonly requests: LogRequests;
}

/** Refuses a room whose key the client has not shown. */
export function forbid(client: Client, room: string): void {
  client.refuse('forbidden', `"${room}" is private, and opens only to its key`, { room });
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

export function keepRead({ host, requests }: Asking, user: User, room: Room, seq: number): void {
  void requests.run(
    () => host.readMarks.read(user, room, seq),
    // The mark is set again with the next message that is read.
    () => {},
  );
}

export function watchRooms(
  { host, client, line, requests }: Asking,
  watcher: Watcher,
  { rooms }: ClientFrameOf<'watch'>,
): void {
  const open: string[] = [];
  for (const { room, key } of rooms) {
    if (mayEnter(room, key)) open.push(room);
    else forbid(client, room);
  }
  void requests.runInTurn(
    async () => {
      // Who has ended meanwhile was forgotten already.
      if (!line.isClosing) await host.watches.watch(watcher, open);
    },
    // Without an answer the client would wait for ever: it comes back and asks again.
    () => client.close(closeCodes.logUnavailable),
  );
}

/** Few who chat also search: the code for it is fetched for them. */
async function loadSearch() {
  try {
    return await import('./findMessages');
  } catch (error) {
    throw new LogUnavailableError(`the search could not be loaded: ${error}`);
  }
}

export function searchRoom(
  { host, client, line, requests }: Asking,
  frame: ClientFrameOf<'search'>,
): void {
  const { log, search, random } = host;
  void requests.runInTurn(
    async () => {
      const { findMessages } = await loadSearch();
      if (!line.isClosing) client.send(await findMessages(log, search, frame));
    },
    () => {
      const message = 'the search is away, or its index is not there yet';
      client.refuse('unavailable', message, { room: frame.room, ...later(random) });
    },
  );
}
