/**
 * One client's connection, from hello to its end: each of its frames in the order in which they came. Those
 * behind an `auth` wait for it, so a client need not. Who it is, whether its line lives, how much it may do and
 * what it does in rooms are in files of their own, `client*.ts`.
 *
 * A class, where most of this code is closures: there are tens of thousands of these, and a closure for
 * each function of each would cost more memory than the socket.
 */
import type { Cancel } from '../../../connection/ports';
import { type CloseCode, closeCodeName, closeCodes } from '../../../protocol/closeCodes';
import { decodeClientMessage, encode, type FrameError } from '../../../protocol/codec';
import { type ErrorCode, errorCodes } from '../../../protocol/errorCodes';
import {
  type ClientFrame,
  type ClientFrameOf,
  protocolVersion,
  type ServerFrame,
} from '../../../protocol/frames';
import { limits } from '../../../protocol/limits';
import { costOf, costOfLength, plainCost } from '../limits/allowances';
import type { UserConnection } from '../people/users';
import type { ClientHandle, ClientLink } from '../ports';
import { type AllowanceOwner, type Came, ClientAllowance } from './clientAllowance';
import { ClientHeartbeat } from './clientHeartbeat';
import { ClientIdentity } from './clientIdentity';
import { ClientLine, type LineOwner } from './clientLine';
import { headsOf } from './clientReading';
import { ClientRooms } from './clientRooms';
import type { Asking, ConnectionHost, OpenConnection, RefusalFields } from './connectionHost';
import { LogRequests, type RequestOwner } from './logRequests';

/** Frames that cannot be read, after which the connection is closed. */
const maxBadFrames = 20;

/** What a client is sent away with whose `auth` cannot be read, by the field that is wrong. */
const whyNotLetIn: Readonly<Record<string, CloseCode>> = {
  name: closeCodes.badName,
  token: closeCodes.badToken,
};

export class ClientConnection
  implements ClientHandle, OpenConnection, LineOwner, RequestOwner, AllowanceOwner, UserConnection
{
  readonly #host: ConnectionHost;
  readonly #line: ClientLine;
  readonly #requests: LogRequests;
  readonly #asking: Asking;
  readonly #identity: ClientIdentity;
  readonly #allowance: ClientAllowance;
  readonly #heartbeat: ClientHeartbeat;
  /** What the user does in rooms, once the client is let in. */
  #rooms: ClientRooms | undefined;
  #cancelAuthTimeout: Cancel | undefined;
  #badFrames = 0;
  /** Frames that came while `auth` is being looked into; undefined while none is. */
  #held: ClientFrame[] | undefined;
  /** Called once those are handled. */
  #onHeldHandled: (() => void) | undefined;

  constructor(host: ConnectionHost, link: ClientLink) {
    this.#host = host;
    this.#line = new ClientLine(host, link, this);
    this.#requests = new LogRequests(this.#line, this);
    this.#asking = { host, client: this, line: this.#line, requests: this.#requests };
    this.#identity = new ClientIdentity(this.#asking, this);
    this.#allowance = new ClientAllowance(host, this.#line, this);
    this.#heartbeat = new ClientHeartbeat(this.#asking, this.#identity);
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
        ...(host.files && { fileBytes: host.files.fileBytes }),
      },
    });
  }

  // What its host calls.

  receive(text: string): void {
    this.#allowance.take(text);
  }

  receiveBinary(bytes: Uint8Array<ArrayBuffer>): void {
    this.#allowance.take(bytes);
  }

  /** A control frame has come, which the host has answered: it costs, too. */
  receiveControl(): void {
    this.#allowance.spend(plainCost);
  }

  #readText(text: string): void {
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
      this.#allowance.spend(cost);
    } catch (error) {
      this.failed(error);
    }
  }

  #readBinary(bytes: Uint8Array<ArrayBuffer>) {
    if (this.#line.isClosing || this.#identity.endIfExpired()) return;
    // A piece has credits of its own: texts do not wait for it.
    if (this.#host.files && this.#rooms) return this.#rooms.takePiece(bytes);
    this.#allowance.spend(plainCost + costOfLength(bytes.length));
    if (!this.#host.files) return this.refuseBinary('a frame is text, not binary');
    this.refuse('unauthenticated', 'a piece of a file came before "ready"');
  }

  closed(code: number): void {
    this.#line.ended();
    this.#stop();
    this.#rooms?.ended();
    this.#rooms?.leaveAll(code === closeCodes.left.code ? 'at once' : 'after a grace');
    this.#identity.closed(code);
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

  refuseBinary(message: string): void {
    this.#countBadFrame({ code: 'bad_frame', message });
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
    this.#heartbeat.stop();
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

  /** Nothing more is heeded, and no timer is left. */
  #stop(): void {
    this.#heartbeat.stop();
    this.#cancelAuthTimeout?.();
    this.#allowance.stop();
  }

  // What its allowance takes.

  get userId(): string | undefined {
    return this.#identity.user?.id;
  }

  read(came: Came): void {
    if (typeof came === 'string') this.#readText(came);
    else this.#readBinary(came);
  }

  throttle(forMs: number): void {
    this.#allowance.throttle(forMs);
  }

  #countBadFrame({ code, message, id, authField }: FrameError): void {
    if (this.#line.isClosing) return;
    this.refuse(code, message, id === undefined ? {} : { id });
    // Whoever asks for that again would be refused again, for ever.
    if (authField !== undefined && !this.#identity.user && !this.#held) {
      this.close(whyNotLetIn[authField] ?? closeCodes.badFrames);
    }
    this.#badFrames += 1;
    if (this.#badFrames >= maxBadFrames) this.close(closeCodes.badFrames);
  }

  // What each frame brings about.

  #handle(frame: ClientFrame) {
    if (this.#line.isClosing || this.#identity.endIfExpired()) return;
    if (this.#held) {
      this.#held.push(frame);
      return this.#requests.held();
    }
    const { user } = this.#identity;
    switch (frame.t) {
      case 'ping':
        return this.#answerPing(frame);
      case 'pong':
        return this.#heartbeat.pong(frame.n);
      case 'auth':
        return this.#beginAuth(frame);
      case 'refresh':
        return user ? this.#identity.refresh(user) : this.#refuseStranger(frame);
      case 'signout':
        return user ? this.#identity.signOut(user) : this.#refuseStranger(frame);
      default:
        return this.#rooms ? this.#rooms.handle(frame) : this.#refuseStranger(frame);
    }
  }

  #refuseStranger(frame: ClientFrame): void {
    const id = 'id' in frame ? { id: frame.id } : {};
    this.refuse('unauthenticated', `the frame "${frame.t}" came before "auth"`, id);
  }

  #beginAuth(frame: ClientFrameOf<'auth'>) {
    if (this.#identity.user) {
      return this.refuse('already_authenticated', 'this connection is authenticated already');
    }
    this.#held = [];
    void this.#requests
      .run(
        () => this.#letIn(frame),
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

  async #letIn(frame: ClientFrameOf<'auth'>): Promise<void> {
    const { push } = this.#host;
    const grant = await this.#identity.prove(frame);
    const { user } = this.#identity;
    if (!grant || !user) return;
    const rooms = await headsOf(this.#host, frame.resume);
    if (this.#line.isClosing) return;

    this.#cancelAuthTimeout?.();
    this.#cancelAuthTimeout = undefined;
    this.#heartbeat.start();
    const offer = push && { push: { key: push.key } };
    this.send({ t: 'ready', user, ...this.#identity.take(grant), rooms, ...offer });
    this.#rooms = new ClientRooms(this.#asking, user);
    this.#rooms.resume(frame.resume);
  }

  #answerPing({ n, every }: ClientFrameOf<'ping'>): void {
    if (every !== undefined) this.#heartbeat.keepPaceWith(every);
    const heads = this.#rooms?.heads() ?? [];
    this.send({ t: 'pong', n, ...(heads.length > 0 && { heads }) });
  }
}
