/**
 * What a user does in rooms on one connection: comes and goes, reads, writes, searches, watches from
 * outside, and asks to be told when away. Whatever names a room is checked against the rooms that this
 * connection has joined. How it reads and writes is in `clientReading.ts` and `clientWriting.ts`.
 */
import type {
  ClientFrame,
  ClientFrameOf,
  ServerFrame,
  ServerFrameOf,
} from '../../../protocol/frames';
import { limits } from '../../../protocol/limits';
import type { Position } from '../../../protocol/message';
import { mayEnter } from '../../../protocol/privateRoom';
import type { User } from '../../../protocol/user';
import type { SharedTexts } from '../ports';
import { LatePages, orNoneWhereDamaged } from '../room/latePages';
import type { Member, Room } from '../room/room';
import type { Watcher } from '../room/watches';
import { ClientFiles } from './clientFiles';
import {
  answerInTurn,
  forbid,
  keepRead,
  refuseReading,
  searchRoom,
  sendHistory,
  tellReads,
  tellStreams,
  watchRooms,
} from './clientReading';
import { ClientWriting } from './clientWriting';
import type { Asking, RefusalFields } from './connectionHost';

type RoomFrame = Exclude<ClientFrame, { t: 'auth' | 'ping' | 'pong' | 'refresh' | 'signout' }>;

export class ClientRooms implements Member, Watcher {
  readonly #asking: Asking;
  /** A few, so a list. */
  #joined: readonly Room[] = [];
  /** Once the client has written something. */
  #writing: ClientWriting | undefined;
  /** Once the client has to do with files. */
  #files: ClientFiles | undefined;
  /** Once a room could not be read: pages that are still to come. */
  #late: LatePages | undefined;

  constructor(
    asking: Asking,
    readonly user: User,
  ) {
    this.#asking = asking;
  }

  // What the connection calls.

  handle(frame: RoomFrame) {
    if (frame.t === 'unpush') return this.#answerPush(frame);
    if (frame.t === 'unupload') return this.#filesOfClient.take(frame, { id: frame.id });
    if (frame.t === 'watch') return watchRooms(this.#asking, this, frame);
    const room = this.#joined.find(({ name }) => name === frame.room);
    if (frame.t === 'join') return this.#join(frame, room);
    if (!room) {
      const message = `this connection has not joined "${frame.room}"`;
      return this.#asking.client.refuse('not_in_room', message, namedBy(frame));
    }
    switch (frame.t) {
      case 'leave':
        this.#joined = this.#joined.filter((each) => each !== room);
        this.#late?.forget(room.name);
        return this.#asking.host.rooms.leave(room, this, 'at once');
      case 'sync':
        return this.#sendPage(room, { epoch: frame.epoch, seq: frame.seq, mid: frame.mid });
      case 'history':
        return sendHistory(this.#asking, frame);
      case 'stream':
        return this.#writingOfClient.show(frame);
      case 'typing':
        return this.#tellTyping(room);
      case 'read':
        return keepRead(this.#asking, this.user, room, frame.seq);
      case 'search':
        return searchRoom(this.#asking, frame);
      case 'push':
        return this.#answerPush(frame);
      case 'upload':
      case 'link':
        return this.#filesOfClient.take(frame, namedBy(frame));
      case 'send':
        return this.#writingOfClient.send(frame, room);
    }
  }

  /** A piece of a file has come. */
  takePiece(bytes: Uint8Array<ArrayBuffer>): void {
    this.#filesOfClient.take(bytes, {});
  }

  /** The connection has ended. */
  ended(): void {
    this.#files?.stop();
  }

  /** Enters the rooms that the client was in before, from where it stood in each. */
  resume(rooms: ClientFrameOf<'auth'>['resume']): void {
    for (const { room, key, ...position } of rooms) {
      // Said twice, the first counts.
      if (this.#joined.some(({ name }) => name === room)) continue;
      if (mayEnter(room, key)) this.#enter(room, position);
      else forbid(this.#asking.client, room);
    }
  }

  /** Where the rooms end, as far as that is known. */
  heads(): ServerFrameOf<'ready'>['rooms'] {
    return this.#joined.flatMap(({ name, head }) => (head ? [{ room: name, ...head }] : []));
  }

  leaveAll(how: 'at once' | 'after a grace'): void {
    const rooms = this.#joined;
    this.#joined = [];
    this.#late?.clear();
    for (const room of rooms) this.#asking.host.rooms.leave(room, this, how);
    this.#asking.host.watches.forget(this);
  }

  /** Resolves when every message that came so far has been answered. */
  async settled(): Promise<void> {
    await this.#writing?.settled();
  }

  // What its rooms call.

  send(frame: ServerFrame): void {
    this.#asking.client.send(frame);
  }

  tellSummary(frame: string): void {
    this.#asking.line.send(frame);
  }

  deliver(shared: SharedTexts): void {
    this.#asking.line.sendShared(shared);
  }

  isBehind(): boolean {
    return this.#asking.line.isBehind();
  }

  cork(): void {
    this.#asking.line.cork();
  }

  uncork(): void {
    this.#asking.line.uncork();
  }

  #answerPush(frame: ClientFrameOf<'push' | 'unpush'>) {
    const { push } = this.#asking.host;
    if (!push) return this.#asking.client.refuse('push_refused', 'this server does not push');
    void this.#asking.requests.runInTurn(
      async () => {
        const answer = await push.answer(frame, this.user);
        if ('refused' in answer) this.#asking.client.refuse('push_refused', answer.refused);
        else this.#asking.client.send(answer);
      },
      () => {},
    );
  }

  #join({ room, key }: ClientFrameOf<'join'>, joined: Room | undefined) {
    const most = limits.roomsPerConnection;
    // Who is in it has shown the key, on this line.
    if (!joined && !mayEnter(room, key)) return forbid(this.#asking.client, room);
    if (!joined && this.#joined.length >= most) {
      return this.#asking.client.refuse(
        'too_many_rooms',
        `a connection is in at most ${most} rooms`,
      );
    }
    this.#enter(room, undefined);
  }

  get #filesOfClient(): ClientFiles {
    this.#files ??= new ClientFiles(this.#asking, this.user);
    return this.#files;
  }

  get #writingOfClient(): ClientWriting {
    this.#writing ??= new ClientWriting(this.#asking, this.user, (sent) =>
      this.#filesOfClient.fileOf(sent),
    );
    return this.#writing;
  }

  #enter(name: string, position: Position | undefined): void {
    let room = this.#joined.find((each) => each.name === name);
    if (!room) {
      room = this.#asking.host.rooms.join(name, this);
      // Not pushed: an array that grows takes room for many, and most are in one.
      this.#joined = [...this.#joined, room];
    }
    this.#sendPage(room, position, 'and what is being written');
    this.#asking.host.rooms.tellWhoIsThere(room, this);
    tellReads(this.#asking, room);
  }

  /** Reads a page for this client, who is in the room already: nothing falls between. */
  #sendPage(
    room: Room,
    position: Position | undefined,
    what: 'alone' | 'and what is being written' = 'alone',
    tries = 0,
  ): void {
    answerInTurn(this.#asking, async () => {
      const page = await orNoneWhereDamaged(this.#asking.host.pages.after(room, position));
      if (!page) return this.#sendPageLater(room, position, tries);
      this.#asking.line.sendInTurn(page);
      this.#late?.forget(room.name);
      if (what !== 'alone') tellStreams(this.#asking, room);
      if (tries > 0) tellReads(this.#asking, room);
    });
  }

  /** The client is told once that it has to wait, and for nothing but this room. */
  #sendPageLater(room: Room, position: Position | undefined, tries: number): void {
    if (tries === 0) refuseReading(this.#asking.client, room.name, 'sync');
    if (this.#asking.line.isClosing || !this.#joined.includes(room)) return;
    this.#late ??= new LatePages(this.#asking.host);
    // Who was not told what is being written there is told behind the page.
    const again = () => this.#sendPage(room, position, 'and what is being written', tries + 1);
    this.#late.tryAgain(room.name, tries, again);
  }

  #tellTyping({ name }: Room): void {
    const { rooms, shared } = this.#asking.host;
    rooms.tellTyping(name, this.user);
    shared.typing(name, this.user);
  }
}

/** By what the client knows which of its frames is answered. */
function namedBy(frame: RoomFrame): RefusalFields {
  if (frame.t === 'send' || frame.t === 'stream' || frame.t === 'upload') return { id: frame.id };
  return frame.t === 'link' ? { room: frame.room, instead: 'link' } : {};
}
