/**
 * One client's connection, from hello to its end: who it is, whether its line lives, how much it may do,
 * and each of its frames in the order in which they came. Those behind an `auth` wait for it, so a client
 * need not. What it does in rooms is in `clientRooms.ts`.
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
  protocolVersion,
  type ServerFrame,
  type User,
} from '../../protocol/frames';
import { limits } from '../../protocol/limits';
import { mayEnter } from '../../protocol/privateRoom';
import { costOf, costOfLength, isShared, maxDebtMs, plainCost } from './allowances';
import { ClientLine, type LineOwner } from './clientLine';
import { ClientRooms } from './clientRooms';
import { type Client, type ConnectionHost, later, type RefusalFields } from './connectionHost';
import { LogRequests, type RequestOwner } from './logRequests';
import type { ClientHandle, ClientLink, Grant } from './ports';
import { TokenBucket } from './tokenBucket';
import type { UserConnection } from './users';

/** Frames that cannot be read, after which the connection is closed. */
const maxBadFrames = 20;

/** How much later than a client that sets the pace this side pings: later than its jitter. */
const behindClient = 1.15;

export class ClientConnection
  implements ClientHandle, Client, LineOwner, RequestOwner, UserConnection, HeartbeatOptions
{
  readonly #host: ConnectionHost;
  readonly #line: ClientLine;
  readonly #requests: LogRequests;
  readonly #bucket: TokenBucket;
  #user: User | undefined;
  /** What the user does in rooms, once the client is let in. */
  #rooms: ClientRooms | undefined;
  #heartbeat: Heartbeat | undefined;
  /** How it beats for a client that sets the pace. */
  #pace: HeartbeatTiming | undefined;
  #cancelAuthTimeout: Cancel | undefined;
  #badFrames = 0;
  /** Until when the client's token holds, in ms since 1970. */
  #expiresAt = Number.POSITIVE_INFINITY;
  /** A ping of a client that sets the pace has been answered. */
  #hasPonged = false;
  /** Frames that came while `auth` is being looked into; undefined while none is. */
  #held: ClientFrame[] | undefined;
  /** Called once those are handled. */
  #onHeldHandled: (() => void) | undefined;
  /** Not read for a while, as it spent more than it may; what the host had read by then waits. */
  #cancelThrottle: Cancel | undefined;
  #backlog: string[] | undefined;

  constructor(host: ConnectionHost, link: ClientLink) {
    this.#host = host;
    this.#line = new ClientLine(host, link, this);
    this.#requests = new LogRequests(this.#line, this);
    this.#bucket = new TokenBucket(host.allowances.connection, host.time.now());
    this.#cancelAuthTimeout = host.time.after(host.authTimeoutMs, () =>
      this.close(closeCodes.authTimeout),
    );
    this.send({
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
    // At most what one read of the stream held: nothing more comes while the line is paused.
    if (!this.#cancelThrottle) this.#read(text);
    else if (this.#backlog) this.#backlog.push(text);
    else this.#backlog = [text];
  }

  /** A control frame has come, which the host has answered: it costs, too. */
  receiveControl(): void {
    this.#spend(plainCost);
  }

  #read(text: string): void {
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
    this.#rooms?.leaveAll(code === closeCodes.left.code ? 'at once' : 'after a grace');
    if (this.#user) {
      this.#host.users.remove(this.#user.id, this);
      this.#host.push?.left(this.#user.id, code);
      this.#host.gateway?.lines.left(this.#user.id, code);
      this.#host.sharedAllowances?.closed(this.#user.id);
    }
    this.#host.observer.closed(code);
    this.#host.ended(this);
  }

  // What the server and the other parts of it call.

  send(frame: ServerFrame): void {
    this.#line.send(encode(frame));
  }

  refuse(code: ErrorCode, message: string, fields: RefusalFields = {}): void {
    this.#host.observer.refused(code);
    this.send({ t: 'err', code, retry: errorCodes[code].retry, message, ...fields });
  }

  unreadBytes(): number {
    return this.#line.unreadBytes();
  }

  /** Closes, and ends the line if that hangs. */
  close(code: CloseCode): void {
    this.#line.close(code);
  }

  /** The line is as good as dead, and nobody says so: whoever is at its other end has to find out. */
  fallSilent(): void {
    this.#heartbeat?.stop();
    this.#line.fallSilent();
  }

  /** This should not happen; the others go on. */
  failed(error: unknown): void {
    this.#host.failed(error);
    this.close(closeCodes.internalError);
  }

  /** Reads nothing more; resolves when every message that came so far has been answered. */
  async settled(): Promise<void> {
    this.#line.pause();
    if (this.#held) {
      await new Promise<void>((resolve) => {
        this.#onHeldHandled = resolve;
      });
    }
    await this.#rooms?.settled();
  }

  closing({ code }: CloseCode): void {
    this.#stop();
    // Who has signed out is not coming back: nobody waits for the line to end.
    if (code === closeCodes.signedOut.code) this.#rooms?.leaveAll('at once');
    const name = closeCodeName(code);
    if (name) this.#host.observer.sentAway(name);
  }

  // What its heartbeat takes.

  timing(): HeartbeatTiming {
    return this.#pace ?? this.#host.heartbeat;
  }

  get time(): Time {
    return this.#host.time;
  }

  get random(): Random {
    return this.#host.random;
  }

  sendPing(n: number): void {
    if (!this.#endIfExpired()) this.send({ t: 'ping', n });
  }

  onDead(): void {
    this.close(closeCodes.heartbeatTimeout);
  }

  /** Nothing more is heeded, and no timer is left. */
  #stop(): void {
    this.#heartbeat?.stop();
    this.#cancelAuthTimeout?.();
    this.#cancelThrottle?.();
  }

  // How much it may do.

  #spend(cost: number) {
    if (this.#line.isClosing || this.#line.isTrusted) return;
    const { time, userBuckets, addressBuckets } = this.#host;
    const ownDebtMs = this.#bucket.take(cost, time.now());
    if (ownDebtMs > maxDebtMs) return this.close(closeCodes.rateLimited);
    const sharedDebtMs = isShared(cost)
      ? Math.max(
          this.#user ? userBuckets.take(this.#user.id, cost) : 0,
          addressBuckets.take(this.#line.address, cost),
        )
      : 0;
    const debtMs = Math.max(ownDebtMs, sharedDebtMs);
    if (debtMs > 0) this.throttle(debtMs);
  }

  throttle(forMs: number): void {
    if (this.#cancelThrottle) return;
    this.#host.observer.dropped('throttled');
    this.#line.pause();
    this.#cancelThrottle = this.#host.time.after(forMs, () => {
      this.#cancelThrottle = undefined;
      this.#readBacklog();
      this.#line.resume();
    });
  }

  /** Reads what had come before the line stopped, until it is too much again. */
  #readBacklog(): void {
    const backlog = this.#backlog ?? [];
    this.#backlog = undefined;
    for (const [index, text] of backlog.entries()) {
      if (this.#cancelThrottle) {
        this.#backlog = backlog.slice(index);
        return;
      }
      this.#read(text);
    }
  }

  #countBadFrame({ code, message, id }: FrameError): void {
    this.refuse(code, message, id === undefined ? {} : { id });
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
      case 'refresh':
        return this.#user ? this.#refresh(this.#user) : this.#refuseStranger(frame);
      case 'signout':
        return this.#user ? this.#signOut(this.#user) : this.#refuseStranger(frame);
      default:
        return this.#rooms ? this.#rooms.handle(frame) : this.#refuseStranger(frame);
    }
  }

  #refuseStranger(frame: ClientFrame): void {
    const id = 'id' in frame ? { id: frame.id } : {};
    this.refuse('unauthenticated', `the frame "${frame.t}" came before "auth"`, id);
  }

  #beginAuth(frame: ClientFrameOf<'auth'>) {
    if (this.#user) {
      return this.refuse('already_authenticated', 'this connection is authenticated already');
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
      .catch((error) => this.failed(error))
      .then(() => this.#onHeldHandled?.());
  }

  async #authenticate(frame: ClientFrameOf<'auth'>): Promise<void> {
    const { log, rooms, admission, users, gateway, push, allowances, sharedAllowances } =
      this.#host;
    const user = await admission.identify(frame);
    if (!user) return this.close(closeCodes.badToken);
    if (this.#line.isClosing) return;
    if (users.connectionsOf(user.id).length >= allowances.connectionsPerUser) {
      return this.close(closeCodes.tooManyConnections);
    }
    // Known to a sign-out from here on, and asked about after that: none can slip through.
    this.#user = user;
    users.add(user.id, this);
    push?.came(user.id);
    gateway?.lines.came(user.id);
    if ((await sharedAllowances?.opened(user.id)) === false) {
      return this.close(closeCodes.tooManyConnections);
    }
    const grant = await admission.grant(user);
    if (!grant) return this.close(closeCodes.badToken);
    const resumed = frame.resume.filter(({ room, key }) => mayEnter(room, key));
    const heads = await Promise.all(
      resumed.map(async ({ room }) => {
        const { epoch, seq } = rooms.head(room) ?? (await log.head(room));
        return { room, epoch, seq };
      }),
    );
    if (this.#line.isClosing) return;

    this.#cancelAuthTimeout?.();
    this.#cancelAuthTimeout = undefined;
    this.#heartbeat = startHeartbeat(this);
    const offer = push && { push: { key: push.key } };
    this.send({ t: 'ready', user, ...this.#take(grant), rooms: heads, ...offer });
    this.#rooms = new ClientRooms(this.#host, this, user, this.#line, this.#requests);
    this.#rooms.resume(frame.resume);
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
        const grant = await this.#host.admission.renew(user);
        if (grant) this.send({ t: 'token', ...this.#take(grant) });
        else this.close(closeCodes.badToken);
      },
      () => this.close(closeCodes.internalError),
    );
  }

  /** Ends this line and all others of the user; that is the answer. */
  #signOut(user: User): void {
    const { admission, users, push, gateway, failed } = this.#host;
    void this.#requests.run(
      async () => {
        try {
          await admission.signOut(user);
        } catch (error) {
          failed(error);
          return this.refuse(
            'sign_out_failed',
            'the sign-out could not be kept',
            later(this.#host.random),
          );
        }
        push?.forget(user.id);
        gateway?.signedOut(user.id);
        for (const each of users.connectionsOf(user.id)) each.close(closeCodes.signedOut);
      },
      () => {},
    );
  }

  #answerPing({ n, every }: ClientFrameOf<'ping'>): void {
    if (every !== undefined) this.#keepPaceWith(every);
    const heads = this.#rooms?.heads() ?? [];
    this.send({ t: 'pong', n, ...(heads.length > 0 && { heads }) });
  }

  /**
   * A client that finds out how long this network lets a line be silent should be the one to break the
   * silence. It pings again only once it was answered, so each of its pings answers the pong before.
   */
  #keepPaceWith(everyMs: number): void {
    const { intervalMs } = this.#host.heartbeat;
    const slowestMs = Math.max(intervalMs, limits.heartbeatIntervalMs);
    const paceMs = Math.min(Math.max(intervalMs, everyMs), slowestMs);
    this.#pace = { ...this.#host.heartbeat, intervalMs: paceMs * behindClient };
    if (this.#hasPonged) this.#heartbeat?.answered();
    this.#hasPonged = true;
  }
}
