/**
 * What a user does in rooms on one connection: comes and goes, reads, writes, searches, watches from
 * outside, and asks to be told when away. Whatever names a room is checked against the rooms that this connection has joined.
 */
import { closeCodes } from '../../protocol/closeCodes';
import { encodeAck } from '../../protocol/encodeOften';
import { errorCodes } from '../../protocol/errorCodes';
import type {
  ClientFrame,
  ClientFrameOf,
  Position,
  ServerFrame,
  ServerFrameOf,
  User,
} from '../../protocol/frames';
import { limits } from '../../protocol/limits';
import { mayEnter } from '../../protocol/privateRoom';
import {
  type Appended,
  type Draft,
  type LogUnavailableError,
  MessageRefusedError,
} from '../log/log';
import { readHistory } from './catchUp';
import type { ClientLine } from './clientLine';
import { type Asking, forbid, keepRead, searchRoom, tellReads, watchRooms } from './clientReading';
import { type Client, type ConnectionHost, later } from './connectionHost';
import type { LogRequests } from './logRequests';
import type { SharedTexts } from './ports';
import type { Member, Room } from './room';
import type { Watcher } from './watches';
import { WritingOrder } from './writingOrder';

type RoomFrame = Exclude<ClientFrame, { t: 'auth' | 'ping' | 'pong' | 'refresh' | 'signout' }>;

export class ClientRooms implements Member, Watcher {
  readonly #host: ConnectionHost;
  readonly #client: Client;
  readonly #line: ClientLine;
  readonly #requests: LogRequests;
  /** A few, so a list. */
  #joined: readonly Room[] = [];
  /** Messages without an answer, and who waits until there is none. */
  #unanswered = 0;
  #onAnswered: (() => void)[] | undefined;
  /** Once the log was away: what waits for what was written before it. */
  #order: WritingOrder | undefined;

  constructor(
    host: ConnectionHost,
    client: Client,
    readonly user: User,
    line: ClientLine,
    requests: LogRequests,
  ) {
    this.#host = host;
    this.#client = client;
    this.#line = line;
    this.#requests = requests;
  }

  // What the connection calls.

  handle(frame: RoomFrame) {
    if (frame.t === 'unpush') return this.#answerPush(frame);
    if (frame.t === 'watch') return watchRooms(this.#asking, this, frame);
    const room = this.#joined.find(({ name }) => name === frame.room);
    if (frame.t === 'join') return this.#join(frame, room);
    if (!room) {
      const id = frame.t === 'send' ? { id: frame.id } : {};
      const message = `this connection has not joined "${frame.room}"`;
      return this.#client.refuse('not_in_room', message, id);
    }
    switch (frame.t) {
      case 'leave':
        this.#joined = this.#joined.filter((each) => each !== room);
        return this.#host.rooms.leave(room, this, 'at once');
      case 'sync':
        return this.#sendPage(room, { epoch: frame.epoch, seq: frame.seq, mid: frame.mid });
      case 'history':
        return this.#answerInTurn(() =>
          readHistory(this.#host.log, room.name, frame.before, frame.limit),
        );
      case 'typing':
        return this.#tellTyping(room);
      case 'read':
        return keepRead(this.#asking, this.user, room, frame.seq);
      case 'search':
        return searchRoom(this.#asking, frame);
      case 'push':
        return this.#answerPush(frame);
      case 'send':
        return this.#append(frame, room);
    }
  }

  /** Enters the rooms that the client was in before, from where it stood in each. */
  resume(rooms: ClientFrameOf<'auth'>['resume']): void {
    for (const { room, key, ...position } of rooms) {
      // Said twice, the first counts.
      if (this.#joined.some(({ name }) => name === room)) continue;
      if (mayEnter(room, key)) this.#enter(room, position);
      else forbid(this.#client, room);
    }
  }

  /** Where the rooms end, as far as that is known. */
  heads(): ServerFrameOf<'ready'>['rooms'] {
    return this.#joined.flatMap(({ name, head }) => (head ? [{ room: name, ...head }] : []));
  }

  leaveAll(how: 'at once' | 'after a grace'): void {
    const rooms = this.#joined;
    this.#joined = [];
    for (const room of rooms) this.#host.rooms.leave(room, this, how);
    this.#host.watches.forget(this);
  }

  /** Resolves when every message that came so far has been answered. */
  async settled(): Promise<void> {
    if (this.#unanswered === 0) return;
    await new Promise<void>((resolve) => {
      this.#onAnswered ??= [];
      this.#onAnswered.push(resolve);
    });
  }

  // What its rooms call.

  send(frame: ServerFrame): void {
    this.#client.send(frame);
  }

  tellSummary(frame: string): void {
    this.#line.send(frame);
  }

  deliver(shared: SharedTexts): void {
    this.#line.sendShared(shared);
  }

  isBehind(): boolean {
    return this.#line.isBehind();
  }

  cork(): void {
    this.#line.cork();
  }

  uncork(): void {
    this.#line.uncork();
  }

  #answerPush(frame: ClientFrameOf<'push' | 'unpush'>) {
    const { push } = this.#host;
    if (!push) return this.#client.refuse('push_refused', 'this server does not push');
    void this.#requests.runInTurn(
      async () => {
        const answer = await push.answer(frame, this.user);
        if ('refused' in answer) this.#client.refuse('push_refused', answer.refused);
        else this.#client.send(answer);
      },
      () => {},
    );
  }

  #join({ room, key }: ClientFrameOf<'join'>, joined: Room | undefined) {
    const most = limits.roomsPerConnection;
    // Who is in it has shown the key, on this line.
    if (!joined && !mayEnter(room, key)) return forbid(this.#client, room);
    if (!joined && this.#joined.length >= most) {
      return this.#client.refuse('too_many_rooms', `a connection is in at most ${most} rooms`);
    }
    this.#enter(room, undefined);
  }

  get #asking(): Asking {
    return { host: this.#host, client: this.#client, line: this.#line, requests: this.#requests };
  }

  #enter(name: string, position: Position | undefined): void {
    let room = this.#joined.find((each) => each.name === name);
    if (!room) {
      room = this.#host.rooms.join(name, this);
      // Not pushed: an array that grows takes room for many, and most are in one.
      this.#joined = [...this.#joined, room];
    }
    this.#sendPage(room, position);
    this.#host.rooms.tellWhoIsThere(room, this);
    tellReads(this.#asking, room);
  }

  /** Reads a page for this client, who is in the room already: nothing falls between. */
  #sendPage(room: Room, position: Position | undefined): void {
    this.#runInTurn(async () =>
      this.#line.sendInTurn(await this.#host.pages.after(room, position)),
    );
  }

  /** Sends what is read, in the order of asking. */
  #answerInTurn(read: () => Promise<ServerFrame>): void {
    this.#runInTurn(async () => this.#client.send(await read()));
  }

  #tellTyping({ name }: Room): void {
    const { rooms, shared } = this.#host;
    rooms.tellTyping(name, this.user);
    shared.typing(name, this.user);
  }

  #runInTurn(work: () => Promise<void>): void {
    void this.#requests.runInTurn(
      async () => {
        if (!this.#line.isClosing) await work();
      },
      // Without the page the client would wait for ever: it comes back and asks again.
      () => this.#client.close(closeCodes.logUnavailable),
    );
  }

  #append({ id, room: name, body, about }: ClientFrameOf<'send'>, room: Room) {
    const { log, rooms, time, stopwatch, newMessageId } = this.#host;
    const order = this.#order;
    if (order && !order.mayGo(name, id, time.now())) return this.#refuseForNow(order, name, id);
    const cameAt = stopwatch();
    const from = this.user;
    const draft: Draft = { room: name, from, id, mid: newMessageId(), body, at: time.now() };
    if (about) draft.about = about;
    this.#unanswered += 1;
    this.#requests.wait(
      log.append(draft),
      (appended) => {
        this.#answered();
        this.#order?.answered(name, id);
        this.#appended(draft, appended, cameAt);
      },
      (why) => {
        this.#answered();
        this.#refuseMessage(draft, why);
      },
    );
    const slowMs = rooms.slowMs(room);
    if (slowMs > 0) this.#client.throttle(slowMs);
  }

  #appended({ from, id, body, room, about }: Draft, appended: Appended, cameAt: number) {
    const { shared, observer, stopwatch, push } = this.#host;
    const { epoch, seq, mid, at, dup } = appended;
    const ack = { t: 'ack', id, room: appended.room, seq, mid, at } as const;
    this.#line.send(encodeAck(dup ? { ...ack, dup } : ack));
    observer.acked(stopwatch() - cameAt, dup);
    // A repeated one may be news all the same, if the log failed after it had stored it: then the
    // heads in the pongs tell the others to ask for it.
    if (dup) return shared.repeated(appended.room, { epoch, seq });
    const message: ServerFrameOf<'msg'> = { t: 'msg', room, epoch, seq, mid, id, from, body, at };
    if (about) message.about = { kind: about.kind, seq: about.seq };
    shared.appended(message);
    push?.told(message);
  }

  /** Tells who waits once the last message has its answer on the line. */
  #answered(): void {
    this.#unanswered -= 1;
    if (this.#unanswered > 0 || !this.#onAnswered) return;
    const waiting = this.#onAnswered;
    this.#onAnswered = undefined;
    for (const resolve of waiting) resolve();
  }

  #refuseMessage({ id, room }: Draft, why: LogUnavailableError | MessageRefusedError): void {
    if (why instanceof MessageRefusedError) {
      this.#order?.answered(room, id);
      this.#client.refuse(why.code, errorCodes[why.code].meaning, { id });
    } else {
      this.#order ??= new WritingOrder();
      this.#order.refused(room, id, this.#host.time.now());
      this.#refuseForNow(this.#order, room, id);
    }
  }

  /** The log is away, or has not stored what was written before. */
  #refuseForNow(order: WritingOrder, room: string, id: string) {
    const { random, time } = this.#host;
    const after = order.afterMs(room, time.now(), later(random).after);
    this.#client.refuse('unavailable', 'the message was not stored yet', { id, after });
  }
}
