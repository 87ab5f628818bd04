/**
 * One client's connection, from hello to its end: who it is, which rooms it is in, and what each of
 * its frames brings about. Frames are handled strictly in the order in which they came; those behind
 * an `auth` wait for it, so a client need not.
 */
import { type Heartbeat, type HeartbeatTiming, startHeartbeat } from '../../connection/heartbeat';
import type { Cancel, Random, Time } from '../../connection/ports';
import { type CloseCode, closeCodes } from '../../protocol/closeCodes';
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
import { catchUp, readHistory } from './catchUp';
import { createLogRequests } from './logRequests';
import type { ClientHandle, ClientLink, Grant, TokenAuthority } from './ports';
import type { Member, Rooms } from './rooms';

export interface ClientConnectionOptions {
  link: ClientLink;
  log: MessageLog;
  rooms: Rooms;
  tokens: TokenAuthority;
  time: Time;
  random: Random;
  newId(): string;
  heartbeat: HeartbeatTiming;
  /** What a client may take to send `auth`, in ms. */
  authTimeoutMs: number;
  /** The log took a message, or it could not. */
  onAppend(couldTake: boolean): void;
  /** Something failed that should not; this client is sent away, the others go on. */
  onError(error: unknown): void;
  /** The line has ended. */
  onClosed(): void;
}

export interface ClientConnection extends ClientHandle {
  send(frame: ServerFrame): void;
  /** Closes, and ends the line if that hangs. */
  close(code: CloseCode): void;
  /** Resolves when every message that came so far has been answered. */
  settled(): Promise<void>;
}

/** Frames that cannot be read, after which the connection is closed. */
const maxBadFrames = 20;

/** What closing may take before the line is ended, in ms: on a dead one it would hang for 30 s. */
const closeTimeoutMs = 1_000;

/** How much later than a client that sets the pace this side pings: later than its jitter. */
const behindClient = 1.15;

/** Asked to wait at least this long, in ms, when the log is away; up to three times as long. */
const unavailableAfterMs = 1_000;

export function acceptClient(options: ClientConnectionOptions): ClientConnection {
  const { link, log, rooms, tokens, time, random } = options;
  let member: Member | undefined;
  let heartbeat: Heartbeat | undefined;
  let isEnding = false;
  let badFrames = 0;
  /** Until when the client's token holds, in ms since 1970. */
  let expiresAt = Number.POSITIVE_INFINITY;
  /** A ping of a client that sets the pace has been answered. */
  let hasPonged = false;
  /** Frames that came while `auth` is being looked into; undefined while none is. */
  let waiting: ClientFrame[] | undefined;
  const joined = new Set<string>();
  /** Messages without an answer. */
  const appends = new Set<Promise<void>>();
  const requests = createLogRequests({ link, onFailure: fail });
  const timers = new Set<Cancel>();

  timers.add(time.after(options.authTimeoutMs, () => close(closeCodes.authTimeout)));
  send({
    t: 'hello',
    v: protocolVersion,
    heartbeat: options.heartbeat,
    limits: {
      frameBytes: limits.frameBytes,
      bodyLength: limits.bodyLength,
      nameLength: limits.nameLength,
    },
  });

  function send(frame: ServerFrame) {
    if (!isEnding) link.send(encode(frame));
  }

  function refuse(code: ErrorCode, message: string, fields: { id?: string; after?: number } = {}) {
    send({ t: 'err', code, retry: errorCodes[code].retry, message, ...fields });
  }

  function close({ code, reason }: CloseCode) {
    if (isEnding) return;
    end();
    link.close(code, reason);
    timers.add(time.after(closeTimeoutMs, link.terminate));
  }

  /** This should not happen; the others go on. */
  function fail(error: unknown) {
    options.onError(error);
    close(closeCodes.internalError);
  }

  /** Nothing more is sent or heeded. */
  function end() {
    isEnding = true;
    heartbeat?.stop();
    for (const cancel of timers) cancel();
    timers.clear();
  }

  /** Sends what is read, in the order of asking. */
  function answerInTurn(read: () => Promise<ServerFrame>) {
    void requests.runInTurn(
      async () => {
        if (!isEnding) send(await read());
      },
      // Without the page the client would wait for ever: it comes back and asks again.
      () => close(closeCodes.logUnavailable),
    );
  }

  function enter(room: string, current: Member, position: Position | undefined) {
    joined.add(room);
    const members = rooms.join(room, current);
    sendPage(room, position);
    send({ t: 'presence', room, members });
  }

  /** Reads a page for this client, who is in the room already: nothing falls between. */
  function sendPage(room: string, position: Position | undefined) {
    answerInTurn(async () => {
      const page = await catchUp(log, room, position);
      rooms.setHead(room, { epoch: page.epoch, seq: page.head });
      return page;
    });
  }

  async function identify({ token, name }: ClientFrameOf<'auth'>): Promise<User | undefined> {
    return token === undefined ? { id: options.newId(), name } : tokens.verify(token);
  }

  async function authenticate(frame: ClientFrameOf<'auth'>) {
    const user = await identify(frame);
    if (!user) return close(closeCodes.badToken);
    const grant = await tokens.issue(user);
    const heads = await Promise.all(
      frame.resume.map(async ({ room }) => {
        const { epoch, seq } = await log.head(room);
        return { room, epoch, seq };
      }),
    );
    if (isEnding) return;

    const current: Member = { user, send: (text) => !isEnding && link.send(text) };
    member = current;
    for (const cancel of timers) cancel();
    timers.clear();
    heartbeat = startHeartbeat({
      ...options.heartbeat,
      time,
      random,
      sendPing: (n) => !endIfExpired() && send({ t: 'ping', n }),
      onDead: () => close(closeCodes.heartbeatTimeout),
    });
    send({ t: 'ready', user, ...take(grant), rooms: heads });
    for (const { room, ...position } of frame.resume) enter(room, current, position);
  }

  /** Notes how long the client may stay by this token, and says it as the client is told. */
  function take({ token, expiresAt: until }: Grant) {
    expiresAt = until;
    return { token, expiresIn: Math.max(0, until - time.now()) };
  }

  /** Looked at whenever something happens: a timer could not be armed for so long. */
  function endIfExpired(): boolean {
    if (time.now() < expiresAt) return false;
    close(closeCodes.tokenExpired);
    return true;
  }

  function refresh({ user }: Member) {
    void requests.runInTurn(
      async () => {
        const grant = await tokens.issue(user);
        if (!isEnding) send({ t: 'token', ...take(grant) });
      },
      () => close(closeCodes.internalError),
    );
  }

  function handle(frame: ClientFrame) {
    if (isEnding || endIfExpired()) return;
    if (waiting) {
      waiting.push(frame);
      return requests.held();
    }
    if (frame.t === 'ping') return answerPing(frame);
    if (frame.t === 'pong') return heartbeat?.pong(frame.n);
    if (frame.t === 'auth') return beginAuth(frame);
    if (!member) {
      const id = 'id' in frame ? { id: frame.id } : {};
      return refuse('unauthenticated', `the frame "${frame.t}" came before "auth"`, id);
    }
    if (frame.t === 'refresh') return refresh(member);
    handleMember(frame, member);
  }

  function beginAuth(frame: ClientFrameOf<'auth'>) {
    if (member) return refuse('already_authenticated', 'this connection is authenticated already');
    waiting = [];
    void requests
      .run(
        () => authenticate(frame),
        () => close(closeCodes.logUnavailable),
      )
      .then(() => {
        const held = waiting ?? [];
        waiting = undefined;
        for (const each of held) {
          requests.taken();
          handle(each);
        }
      })
      .catch(fail);
  }

  function answerPing({ n, every }: ClientFrameOf<'ping'>) {
    if (every !== undefined) keepPaceWith(every);
    send(pongTo(n));
  }

  /**
   * A client that finds out how long this network lets a line be silent should be the one to break the
   * silence. It pings again only once it was answered, so each of its pings answers the pong before.
   */
  function keepPaceWith(everyMs: number) {
    const { intervalMs } = options.heartbeat;
    const slowestMs = Math.max(intervalMs, limits.heartbeatIntervalMs);
    const paceMs = Math.min(Math.max(intervalMs, everyMs), slowestMs);
    heartbeat?.beatEvery(paceMs * behindClient);
    if (hasPonged) heartbeat?.answered();
    hasPonged = true;
  }

  function pongTo(n: number): ServerFrame {
    const heads = [...joined].flatMap((room) => {
      const head = rooms.head(room);
      return head ? [{ room, ...head }] : [];
    });
    return { t: 'pong', n, ...(heads.length > 0 && { heads }) };
  }

  function handleMember(
    frame: Exclude<ClientFrame, { t: 'ping' | 'pong' | 'auth' | 'refresh' }>,
    current: Member,
  ) {
    const { room } = frame;
    if (frame.t === 'join') {
      if (!joined.has(room) && joined.size >= limits.roomsPerConnection) {
        return refuse(
          'too_many_rooms',
          `a connection is in at most ${limits.roomsPerConnection} rooms`,
        );
      }
      return enter(room, current, undefined);
    }
    if (!joined.has(room)) {
      const id = frame.t === 'send' ? { id: frame.id } : {};
      return refuse('not_in_room', `this connection has not joined "${room}"`, id);
    }
    switch (frame.t) {
      case 'leave':
        joined.delete(room);
        return rooms.leave(room, current, 'at once');
      case 'sync':
        return sendPage(room, { epoch: frame.epoch, seq: frame.seq, mid: frame.mid });
      case 'history':
        return answerInTurn(() => readHistory(log, room, frame.before, frame.limit));
      case 'send':
        return append(frame, current);
    }
  }

  function append({ id, room, body }: ClientFrameOf<'send'>, { user: from }: Member) {
    const draft = { room, from, id, mid: options.newId(), body, at: time.now() };
    const answered = requests
      .run(
        async () => {
          const appended = await log.append(draft);
          options.onAppend(true);
          const { epoch, seq, mid, at, dup } = appended;
          send({ t: 'ack', id, room: appended.room, seq, mid, at, ...(dup && { dup }) });
          // A repeated one may be news all the same, if the log failed after it had stored it: then the
          // heads in the pongs tell the others to ask for it.
          rooms.setHead(appended.room, { epoch, seq });
          if (dup) return;
          // Written once, for everybody.
          rooms.deliver(room, encode({ t: 'msg', room, epoch, seq, mid, id, from, body, at }));
        },
        () => {
          options.onAppend(false);
          const after = Math.round(unavailableAfterMs * (1 + 2 * random()));
          refuse('unavailable', 'the message log is away, the message was not stored', {
            id,
            after,
          });
        },
      )
      .finally(() => appends.delete(answered));
    appends.add(answered);
  }

  function countBadFrame({ code, message, id }: FrameError) {
    refuse(code, message, id === undefined ? {} : { id });
    badFrames += 1;
    if (badFrames >= maxBadFrames) close(closeCodes.badFrames);
  }

  return {
    send,
    close,
    receive(text) {
      try {
        for (const decoded of decodeClientMessage(text)) {
          if ('frame' in decoded) handle(decoded.frame);
          else countBadFrame(decoded.error);
        }
      } catch (error) {
        fail(error);
      }
    },
    receiveBinary: () =>
      countBadFrame({ code: 'bad_frame', message: 'a frame is text, not binary' }),
    closed(code) {
      end();
      const how = code === closeCodes.left.code ? 'at once' : 'after a grace';
      for (const room of joined) if (member) rooms.leave(room, member, how);
      joined.clear();
      options.onClosed();
    },
    async settled() {
      await Promise.all(appends);
    },
  };
}
