/**
 * One client's connection, from hello to its end: who it is, which rooms it is in, and what each of
 * its frames brings about. Frames are handled strictly in the order in which they came; those behind
 * an `auth` wait for it, so a client need not.
 *
 * A class, where most of this code is closures: there are tens of thousands of these, and a closure for
 * each function of each would cost more memory than the socket.
 */
import {
  type Heartbeat,
  type HeartbeatOptions,
  type HeartbeatTiming,
  startHeartbeat,
} from '../../connection/heartbeat';
import type { Cancel, Random, Time } from '../../connection/ports';
import { type CloseCode, closeCodeName, closeCodes } from '../../protocol/closeCodes';
import { decodeClientMessage, encode, type FrameError } from '../../protocol/codec';
import { type ErrorCode, errorCodes } from '../../protocol/errorCodes';
import {
  type ClientFrame,
  type ClientFrameOf,
  type Position,
  protocolVersion,
  type ServerFrame,
  type User,
} from '../../protocol/frames';
import { limits } from '../../protocol/limits';
import type { MessageLog } from '../log/log';
import {
  type Allowances,
  costOf,
  costOfLength,
  type KeyedBuckets,
  maxDebtMs,
  plainCost,
} from './allowances';
import { catchUp, readHistory } from './catchUp';
import { ClientLine, type LineHost, type LineOwner } from './clientLine';
import { LogRequests, type RequestOwner } from './logRequests';
import type { ChatObserver } from './observer';
import type { ClientHandle, ClientLink, Grant, SharedTexts, TokenAuthority } from './ports';
import type { Push } from './push';
import type { Member, Room } from './room';
import type { Rooms } from './rooms';
import { TokenBucket } from './tokenBucket';
import type { UserConnection, Users } from './users';

/** What all connections of a server share. */
export interface ConnectionHost extends LineHost {
  readonly log: MessageLog;
  readonly rooms: Rooms;
  readonly users: Users;
  /** Tells who is away, if anyone does. */
  readonly push: Push | undefined;
  readonly tokens: TokenAuthority;
  readonly random: Random;
  readonly observer: ChatObserver;
  readonly heartbeat: HeartbeatTiming;
  readonly allowances: Allowances;
  /** What users and addresses may spend, by their ids. */
  readonly userBuckets: KeyedBuckets;
  readonly addressBuckets: KeyedBuckets;
  /** What a client may take to send `auth`, in ms. */
  readonly authTimeoutMs: number;
  newId(): string;
  newMessageId(): string;
  /** A clock for what is short, in ms. */
  stopwatch(): number;
  /** Something failed that should not; this client is sent away, the others go on. */
  failed(error: unknown): void;
  /** The line has ended. */
  ended(connection: ClientConnection): void;
}

/** Frames that cannot be read, after which the connection is closed. */
const maxBadFrames = 20;

/** How much later than a client that sets the pace this side pings: later than its jitter. */
const behindClient = 1.15;

/** Asked to wait at least this long, in ms, when the log is away; up to three times as long. */
const unavailableAfterMs = 1_000;

export class ClientConnection
  implements ClientHandle, Member, LineOwner, RequestOwner, UserConnection, HeartbeatOptions
{
  readonly #host: ConnectionHost;
  readonly #line: ClientLine;
  readonly #requests: LogRequests;
  readonly #bucket: TokenBucket;
  #user: User | undefined;
  #heartbeat: Heartbeat | undefined;
  #cancelAuthTimeout: Cancel | undefined;
  #badFrames = 0;
  /** Until when the client's token holds, in ms since 1970. */
  #expiresAt = Number.POSITIVE_INFINITY;
  /** A ping of a client that sets the pace has been answered. */
  #hasPonged = false;
  /** Frames that came while `auth` is being looked into; undefined while none is. */
  #held: ClientFrame[] | undefined;
  /** The rooms it is in: a few, so a list. */
  #joined: readonly Room[] = [];
  /** Messages without an answer, and who waits until there is none. */
  #unanswered = 0;
  #onAnswered: (() => void)[] | undefined;
  /** Not read for a while, as it spent more than it may. */
  #cancelThrottle: Cancel | undefined;

  constructor(host: ConnectionHost, link: ClientLink) {
    this.#host = host;
    this.#line = new ClientLine(host, link, this);
    this.#requests = new LogRequests(this.#line, this);
    this.#bucket = new TokenBucket(host.allowances.connection, host.time.now());
    this.#cancelAuthTimeout = host.time.after(host.authTimeoutMs, () =>
      this.close(closeCodes.authTimeout),
    );
    this.#send({
      t: 'hello',
      v: protocolVersion,
      heartbeat: host.heartbeat,
      limits: {
        frameBytes: limits.frameBytes,
        bodyLength: limits.bodyLength,
        nameLength: limits.nameLength,
      },
    });
  }

  // What its host calls.

  receive(text: string): void {
    try {
      let cost = costOfLength(text.length);
      for (const decoded of decodeClientMessage(text)) {
        if ('frame' in decoded) {
          cost += costOf(decoded.frame);
          this.#handle(decoded.frame);
        } else {
          cost += plainCost;
          this.#countBadFrame(decoded.error);
        }
      }
      this.#spend(cost);
    } catch (error) {
      this.failed(error);
    }
  }

  receiveBinary(): void {
    this.#countBadFrame({ code: 'bad_frame', message: 'a frame is text, not binary' });
  }

  closed(code: number): void {
    this.#line.ended();
    this.#stop();
    const how = code === closeCodes.left.code ? 'at once' : 'after a grace';
    for (const room of this.#joined) this.#host.rooms.leave(room, this, how);
    this.#joined = [];
    if (this.#user) {
      this.#host.users.remove(this.#user.id, this);
      this.#host.push?.left(this.#user.id, code);
    }
    this.#host.observer.closed(code);
    this.#host.ended(this);
  }

  // What the server and its rooms call.

  get user(): User {
    if (!this.#user) throw new Error('nobody has said yet who this is');
    return this.#user;
  }

  send(frame: ServerFrame): void {
    this.#send(frame);
  }

  deliver(shared: SharedTexts): void {
    this.#line.sendShared(shared);
  }

  isBehind(): boolean {
    return this.#line.isBehind();
  }

  unreadBytes(): number {
    return this.#line.unreadBytes();
  }

  cork(): void {
    this.#line.cork();
  }

  uncork(): void {
    this.#line.uncork();
  }

  /** Closes, and ends the line if that hangs. */
  close(code: CloseCode): void {
    this.#line.close(code);
  }

  /** This should not happen; the others go on. */
  failed(error: unknown): void {
    this.#host.failed(error);
    this.close(closeCodes.internalError);
  }

  closing({ code }: CloseCode): void {
    this.#stop();
    const name = closeCodeName(code);
    if (name) this.#host.observer.sentAway(name);
  }

  /** Resolves when every message that came so far has been answered. */
  async settled(): Promise<void> {
    if (this.#unanswered === 0) return;
    await new Promise<void>((resolve) => {
      this.#onAnswered ??= [];
      this.#onAnswered.push(resolve);
    });
  }

  // What its heartbeat takes.

  get intervalMs(): number {
    return this.#host.heartbeat.intervalMs;
  }

  get timeoutMs(): number {
    return this.#host.heartbeat.timeoutMs;
  }

  get time(): Time {
    return this.#host.time;
  }

  get random(): Random {
    return this.#host.random;
  }

  sendPing(n: number): void {
    if (!this.#endIfExpired()) this.#send({ t: 'ping', n });
  }

  onDead(): void {
    this.close(closeCodes.heartbeatTimeout);
  }

  // Speaking.

  #send(frame: ServerFrame): void {
    this.#line.send(encode(frame));
  }

  #refuse(code: ErrorCode, message: string, fields: { id?: string; after?: number } = {}): void {
    this.#host.observer.refused(code);
    this.#send({ t: 'err', code, retry: errorCodes[code].retry, message, ...fields });
  }

  /** Nothing more is heeded, and no timer is left. */
  #stop(): void {
    this.#heartbeat?.stop();
    this.#cancelAuthTimeout?.();
    this.#cancelThrottle?.();
  }

  // How much it may do.

  #spend(cost: number) {
    if (this.#line.isClosing) return;
    const { time, userBuckets, addressBuckets } = this.#host;
    const debtMs = Math.max(
      this.#bucket.take(cost, time.now()),
      this.#user ? userBuckets.take(this.#user.id, cost) : 0,
      addressBuckets.take(this.#line.address, cost),
    );
    if (debtMs > maxDebtMs) return this.close(closeCodes.rateLimited);
    if (debtMs > 0) this.#throttle(debtMs);
  }

  #throttle(forMs: number): void {
    if (this.#cancelThrottle) return;
    this.#host.observer.dropped('throttled');
    this.#line.pause();
    this.#cancelThrottle = this.#host.time.after(forMs, () => {
      this.#cancelThrottle = undefined;
      this.#line.resume();
    });
  }

  #countBadFrame({ code, message, id }: FrameError): void {
    this.#refuse(code, message, id === undefined ? {} : { id });
    this.#badFrames += 1;
    if (this.#badFrames >= maxBadFrames) this.close(closeCodes.badFrames);
  }

  // What each frame brings about.

  #handle(frame: ClientFrame) {
    if (this.#line.isClosing || this.#endIfExpired()) return;
    if (this.#held) {
      this.#held.push(frame);
      return this.#requests.held();
    }
    switch (frame.t) {
      case 'ping':
        return this.#answerPing(frame);
      case 'pong':
        return this.#heartbeat?.pong(frame.n);
      case 'auth':
        return this.#beginAuth(frame);
      default:
        return this.#handleOfUser(frame);
    }
  }

  #handleOfUser(frame: Exclude<ClientFrame, { t: 'ping' | 'pong' | 'auth' }>) {
    const user = this.#user;
    if (!user) {
      const id = 'id' in frame ? { id: frame.id } : {};
      return this.#refuse('unauthenticated', `the frame "${frame.t}" came before "auth"`, id);
    }
    if (frame.t === 'refresh') return this.#refresh(user);
    if (frame.t === 'unpush') return this.#answerPush(frame, user);
    const room = this.#joined.find(({ name }) => name === frame.room);
    if (frame.t === 'join') return this.#join(frame.room, room);
    if (!room) {
      const id = frame.t === 'send' ? { id: frame.id } : {};
      const message = `this connection has not joined "${frame.room}"`;
      return this.#refuse('not_in_room', message, id);
    }
    switch (frame.t) {
      case 'leave':
        this.#joined = this.#joined.filter((each) => each !== room);
        this.#host.push?.forget(user.id, room.name);
        return this.#host.rooms.leave(room, this, 'at once');
      case 'sync':
        return this.#sendPage(room, { epoch: frame.epoch, seq: frame.seq, mid: frame.mid });
      case 'history':
        return this.#answerInTurn(() =>
          readHistory(this.#host.log, room.name, frame.before, frame.limit),
        );
      case 'typing':
        return this.#host.rooms.tellTyping(room, user);
      case 'push':
        return this.#answerPush(frame, user);
      case 'send':
        return this.#append(frame, room, user);
    }
  }

  #beginAuth(frame: ClientFrameOf<'auth'>) {
    if (this.#user) {
      return this.#refuse('already_authenticated', 'this connection is authenticated already');
    }
    this.#held = [];
    void this.#requests
      .run(
        () => this.#authenticate(frame),
        () => this.close(closeCodes.logUnavailable),
      )
      .then(() => {
        const held = this.#held ?? [];
        this.#held = undefined;
        for (const each of held) {
          this.#requests.taken();
          this.#handle(each);
        }
      })
      .catch((error) => this.failed(error));
  }

  async #authenticate(frame: ClientFrameOf<'auth'>): Promise<void> {
    const { log, tokens, users, push, allowances } = this.#host;
    const user = await this.#identify(frame);
    if (!user) return this.close(closeCodes.badToken);
    if (users.connectionsOf(user.id).length >= allowances.connectionsPerUser) {
      return this.close(closeCodes.tooManyConnections);
    }
    const grant = await tokens.issue(user);
    const heads = await Promise.all(
      frame.resume.map(async ({ room }) => {
        const { epoch, seq } = await log.head(room);
        return { room, epoch, seq };
      }),
    );
    if (this.#line.isClosing) return;

    this.#user = user;
    users.add(user.id, this);
    push?.came(user.id);
    this.#cancelAuthTimeout?.();
    this.#cancelAuthTimeout = undefined;
    this.#heartbeat = startHeartbeat(this);
    const offer = push && { push: { key: push.key } };
    this.#send({ t: 'ready', user, ...this.#take(grant), rooms: heads, ...offer });
    for (const { room, ...position } of frame.resume) this.#enter(room, position);
  }

  async #identify({ token, name }: ClientFrameOf<'auth'>): Promise<User | undefined> {
    const { tokens, newId } = this.#host;
    return token === undefined ? { id: newId(), name } : tokens.verify(token);
  }

  /** Notes how long the client may stay by this token, and says it as the client is told. */
  #take({ token, expiresAt }: Grant) {
    this.#expiresAt = expiresAt;
    return { token, expiresIn: Math.max(0, expiresAt - this.#host.time.now()) };
  }

  /** Looked at whenever something happens: a timer could not be armed for so long. */
  #endIfExpired(): boolean {
    if (this.#host.time.now() < this.#expiresAt) return false;
    this.close(closeCodes.tokenExpired);
    return true;
  }

  #refresh(user: User): void {
    void this.#requests.runInTurn(
      async () => {
        const grant = await this.#host.tokens.issue(user);
        this.#send({ t: 'token', ...this.#take(grant) });
      },
      () => this.close(closeCodes.internalError),
    );
  }

  #answerPush(frame: ClientFrameOf<'push' | 'unpush'>, user: User) {
    const { push } = this.#host;
    if (!push) return this.#refuse('push_refused', 'this server does not push');
    void this.#requests.runInTurn(
      async () => {
        const answer = await push.answer(frame, user);
        if ('refused' in answer) this.#refuse('push_refused', answer.refused);
        else this.#send(answer);
      },
      () => {},
    );
  }

  #answerPing({ n, every }: ClientFrameOf<'ping'>): void {
    if (every !== undefined) this.#keepPaceWith(every);
    const heads = this.#joined.flatMap(({ name, head }) => (head ? [{ room: name, ...head }] : []));
    this.#send({ t: 'pong', n, ...(heads.length > 0 && { heads }) });
  }

  /**
   * A client that finds out how long this network lets a line be silent should be the one to break the
   * silence. It pings again only once it was answered, so each of its pings answers the pong before.
   */
  #keepPaceWith(everyMs: number): void {
    const { intervalMs } = this.#host.heartbeat;
    const slowestMs = Math.max(intervalMs, limits.heartbeatIntervalMs);
    const paceMs = Math.min(Math.max(intervalMs, everyMs), slowestMs);
    this.#heartbeat?.beatEvery(paceMs * behindClient);
    if (this.#hasPonged) this.#heartbeat?.answered();
    this.#hasPonged = true;
  }

  #join(name: string, joined: Room | undefined) {
    const most = limits.roomsPerConnection;
    if (!joined && this.#joined.length >= most) {
      return this.#refuse('too_many_rooms', `a connection is in at most ${most} rooms`);
    }
    this.#enter(name, undefined);
  }

  #enter(name: string, position: Position | undefined): void {
    let room = this.#joined.find((each) => each.name === name);
    if (!room) {
      room = this.#host.rooms.join(name, this);
      // Not pushed: an array that grows takes room for many, and most are in one.
      this.#joined = [...this.#joined, room];
    }
    this.#sendPage(room, position);
    this.#send(room.snapshot());
  }

  /** Reads a page for this client, who is in the room already: nothing falls between. */
  #sendPage(room: Room, position: Position | undefined): void {
    this.#answerInTurn(async () => {
      const page = await catchUp(this.#host.log, room.name, position);
      room.setHead({ epoch: page.epoch, seq: page.head });
      return page;
    });
  }

  /** Sends what is read, in the order of asking. */
  #answerInTurn(read: () => Promise<ServerFrame>): void {
    void this.#requests.runInTurn(
      async () => {
        if (!this.#line.isClosing) this.#send(await read());
      },
      // Without the page the client would wait for ever: it comes back and asks again.
      () => this.close(closeCodes.logUnavailable),
    );
  }

  #append(frame: ClientFrameOf<'send'>, room: Room, from: User): void {
    this.#unanswered += 1;
    void this.#requests
      .run(
        () => this.#appendNow(frame, from),
        () => this.#refuseForNow(frame.id),
      )
      .finally(() => {
        this.#unanswered -= 1;
        if (this.#unanswered > 0) return;
        for (const resolve of this.#onAnswered?.splice(0) ?? []) resolve();
      });
    const slowMs = this.#host.rooms.slowMs(room);
    if (slowMs > 0) this.#throttle(slowMs);
  }

  async #appendNow({ id, room, body }: ClientFrameOf<'send'>, from: User): Promise<void> {
    const { log, rooms, observer, time, stopwatch, newMessageId } = this.#host;
    const cameAt = stopwatch();
    const draft = { room, from, id, mid: newMessageId(), body, at: time.now() };
    const { epoch, seq, mid, at, dup, ...appended } = await log.append(draft);
    this.#send({ t: 'ack', id, room: appended.room, seq, mid, at, ...(dup && { dup }) });
    observer.acked(stopwatch() - cameAt, dup);
    // A repeated one may be news all the same, if the log failed after it had stored it: then the
    // heads in the pongs tell the others to ask for it.
    rooms.setHead(appended.room, { epoch, seq });
    if (dup) return;
    const message = { t: 'msg', room, epoch, seq, mid, id, from, body, at } as const;
    rooms.tell(message);
    this.#host.push?.told(message);
  }

  #refuseForNow(id: string): void {
    const after = Math.round(unavailableAfterMs * (1 + 2 * this.#host.random()));
    const message = 'the message log is away, the message was not stored';
    this.#refuse('unavailable', message, { id, after });
  }
}
