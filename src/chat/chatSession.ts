/**
 * The chat on a connection: hello, auth and ready, then messages out through the outbox and in
 * through the room's reader. After every loss it is the same way again: resume from where the
 * timeline stands, send again what has no ack.
 */
import type { Connection } from '../connection/contract';
import type { Cancel, Random, SocketData, Time } from '../connection/ports';
import { closeCodes } from '../protocol/closeCodes';
import { decodeServerMessage, encode } from '../protocol/codec';
import type { ClientFrame, ServerFrame, ServerFrameOf, User } from '../protocol/frames';
import { codePointCount, limits } from '../protocol/limits';
import { comeBackFor } from './comeBackFor';
import type { Farewells } from './farewells';
import { createMessageView } from './messageView';
import { notYet } from './notYet';
import { createOutbox } from './outbox';
import type { OutboxEntry, OutboxShare, OutboxStorage } from './outboxEntry';
import { createPushSwitch, type PushBrowser, type PushMemory } from './pushSwitch';
import { createRepair } from './repair';
import { createRoomPeople } from './roomPeople';
import { createRoomReader } from './roomReader';
import { tellLine } from './tellLine';
import { hasOlder } from './timeline';
import { createTokenRefresh } from './tokenRefresh';
import type { ChatActions, ChatListener, RoomExport } from './types';

/** Where the proof of who one is is kept, for one server and name. */
export interface TokenStorage {
  get(): string | undefined;
  set(token: string): void;
  clear(): void;
}

export interface ChatSessionOptions {
  /** With a manual handshake, which the session does; not open yet. */
  connection: Connection;
  room: string;
  /** What opens the room, if it is a private one. */
  roomKey?: string | undefined;
  name: string;
  tokens: TokenStorage;
  /** Sign-outs of which the server has to hear. */
  farewells: Farewells;
  outboxStorage: OutboxStorage;
  /** The other pages of the same user. */
  share: OutboxShare;
  /** Makes ids that sort as text in the order of their making. */
  newId(): string;
  /** Ms since 1970, and the timers that go with it. */
  time: Time;
  random?: Random;
  /** Where the browser can be pushed to. */
  push?: { browser: PushBrowser; memory: PushMemory } | undefined;
}

export interface ChatSession {
  readonly actions: ChatActions;
  /** Speaks on the connection and tells the listener, until cancelled. */
  start(listener: ChatListener): Cancel;
}

export function createChatSession(options: ChatSessionOptions): ChatSession {
  const { connection, room, roomKey, name, tokens, farewells, time, newId } = options;
  let listener: ChatListener | undefined;
  let me: User = { id: '', name };
  let hello: ServerFrameOf<'hello'> | undefined;
  /** The token of this line: what was shown to the server, or given by it since. */
  let shownToken: string | undefined;
  let isReady = false;
  /** Counts lines: what waits for something that began on an earlier one is over. */
  let line = 0;
  /** The server asked to wait before it is sent more. */
  let isPaused = false;
  let cancelPause: Cancel = () => {};
  let cancelSignIn: Cancel = () => {};
  let cancelHelloTimer: Cancel = () => {};
  /** Joined on this line. */
  const joined = new Set<string>();
  const people = createRoomPeople({
    time,
    onMembers: (members, count) => listener?.members(members, count),
    onWriting: (users) => listener?.writing(users.filter(({ id }) => id !== me.id)),
  });
  /** When the others were last told that the user is writing. */
  let toldTypingAt = Number.NEGATIVE_INFINITY;
  const view = createMessageView(room);
  /** The listener was told of messages. */
  let hasShown = false;

  const reader = createRoomReader({
    room,
    // Before the server knows who asks it answers nothing.
    send: (frame) => isReady && send(frame),
    onChange: publish,
    onLogChanged() {
      listener?.notice({ kind: 'log changed' });
      repair.replaced();
    },
  });
  const outbox = createOutbox({
    storage: options.outboxStorage,
    share: options.share,
    now: time.now,
    transmit,
    onChange: publish,
    onStorageFailed: () => listener?.notice({ kind: 'no storage' }),
    // The page that signed out has forgotten the token; there may be another by now, of who came in since.
    onSignedOut: leave,
  });
  const refresh = createTokenRefresh({
    time,
    random: options.random ?? Math.random,
    ask: () => void send({ t: 'refresh' }),
  });
  const push =
    options.push &&
    createPushSwitch({
      ...options.push,
      room,
      send,
      onChange: (state) => listener?.push(state),
    });
  const repair = createRepair({
    room,
    outbox,
    timeline: reader.timeline,
    authorId: () => me.id,
  });

  function publish() {
    const { epoch, messages } = reader.timeline();
    // What belongs to another room is never shown, so it is done with its ack.
    outbox.discard((entry) => entry.room !== room || repair.isInTimeline(entry));
    const shown = view.compose(messages, outbox.entries(), me);
    // An empty list says that the room is empty, which nobody knows before its first page.
    if (epoch !== undefined || shown.length > 0 || hasShown) listener?.messages(shown);
    hasShown = shown.length > 0;
    if (epoch !== undefined) listener?.loaded();
    listener?.hasOlder(hasOlder(reader.timeline()));
  }

  function send(...frames: ClientFrame[]): boolean {
    const [only] = frames;
    return connection.send(encode(frames.length === 1 && only ? only : frames));
  }

  const joinOf = (joinedRoom: string, key: string | undefined) =>
    ({ t: 'join', room: joinedRoom, ...(key !== undefined && { key }) }) as const;

  function transmit({ id, room: entryRoom, roomKey: key, body }: OutboxEntry): boolean {
    // What is handed to a line that may be dead would have to wait for its ack to be overdue.
    const isChecking = connection.getState().isChecking;
    if (!isReady || isChecking || isPaused) return false;
    if (!joined.has(entryRoom) && !send(joinOf(entryRoom, key))) return false;
    joined.add(entryRoom);
    if (!send({ t: 'send', id, room: entryRoom, body })) return false;
    // Three bytes of UTF-8 for a UTF-16 unit, at most.
    connection.expectAck(id, 3 * body.length);
    return true;
  }

  /** Where the browser keeps no token, the page itself remembers it as long as it is there. */
  function heldToken(): string | undefined {
    return tokens.get() ?? shownToken;
  }

  /** Says who one is, and where to go on reading. */
  function greet() {
    const position = reader.position();
    const token = heldToken();
    shownToken = token;
    const resume = position
      ? [{ room, ...position, ...(roomKey !== undefined && { key: roomKey }) }]
      : [];
    const auth = { t: 'auth', name, resume, ...(token && { token }) } as const;
    joined.add(room);
    reader.pageAsked();
    // A room is joined without awaiting `ready`: the server answers in order.
    if (position) send(auth);
    else send(auth, joinOf(room, roomKey));
  }

  /** As a new guest. Who has signed out before goes first, or they would still have their name. */
  async function signIn() {
    const current = line;
    if (farewells.areDue()) await farewells.deliver();
    if (current !== line) return;
    // Two pages that come in as new guests at once would be two guests.
    cancelSignIn();
    cancelSignIn = options.share.claim('sign-in', greet);
  }

  const handlers: { [T in ServerFrame['t']]: (frame: ServerFrameOf<T>) => void } = {
    hello(frame) {
      cancelHelloTimer();
      hello = frame;
      if (heldToken() === undefined) return void signIn();
      if (farewells.areDue()) void farewells.deliver();
      greet();
    },
    ready(frame) {
      if (me.id !== '' && me.id !== frame.user.id) becomeAnother();
      me = frame.user;
      shownToken = frame.token;
      tokens.set(frame.token);
      refresh.granted(frame.expiresIn);
      cancelSignIn();
      isReady = true;
      listener?.me(me);
      connection.handshaken(hello?.heartbeat);
      // The first beat at once: who has just connected wants to see how far away the server is.
      void connection.ping();
      outbox.lineOpened();
      push?.ready(frame.push?.key);
    },
    token(frame) {
      shownToken = frame.token;
      tokens.set(frame.token);
      refresh.granted(frame.expiresIn);
    },
    ack({ id, seq }) {
      connection.acked(id);
      repair.acked(id);
      outbox.acked(id, seq);
    },
    err({ id, room: refused, code, retry, after = retryAfterMs, message }) {
      if (code === 'forbidden' && refused === room) listener?.notice({ kind: 'forbidden' });
      if (code === 'push_refused') push?.refused();
      if (id === undefined) return;
      connection.acked(id);
      if (!retry) return outbox.refused(id, { code, message });
      isPaused = true;
      cancelPause();
      cancelPause = time.after(after, () => {
        isPaused = false;
        outbox.flush();
      });
      outbox.postponed(id);
    },
    msg(frame) {
      if (frame.room !== room) return;
      people.said(frame.from.id);
      reader.message(frame);
    },
    sync(frame) {
      if (frame.room !== room) return;
      reader.page(frame);
      if (!frame.more) repair.readUpTo(frame.head);
    },
    history(frame) {
      if (frame.room === room) reader.older(frame);
    },
    presence(frame) {
      if (frame.room === room) people.presence(frame);
    },
    typing(frame) {
      if (frame.room === room) people.typing(frame);
    },
    reads: () => {},
    summary: () => {},
    found: () => {},
    pushed: (frame) => push?.pushed(frame),
    ping: ({ n }) => void send({ t: 'pong', n }),
    pong({ n, heads = [] }) {
      connection.ponged(n);
      for (const head of heads) {
        if (head.room === room) reader.head(head.epoch, head.seq);
      }
    },
    bye: ({ after }) => connection.returnWithin(after),
  };

  function handle<T extends ServerFrame['t']>(frame: ServerFrameOf<T> & { t: T }) {
    handlers[frame.t](frame);
  }

  function receive(data: SocketData) {
    if (typeof data !== 'string') return;
    for (const decoded of decodeServerMessage(data)) {
      if ('frame' in decoded) handle(decoded.frame);
      // A type that is not known comes from a newer server, and is not for this page.
      else if (!isReady && decoded.error.code !== 'unknown_type') return connection.notUnderstood();
    }
  }

  function lineLost() {
    line += 1;
    isReady = false;
    isPaused = false;
    cancelPause();
    cancelSignIn();
    cancelHelloTimer();
    refresh.stop();
    joined.clear();
    people.lineLost();
    reader.lineLost();
    outbox.lineLost();
    push?.lineLost();
  }

  /** The server knows the user no more, or as somebody else. */
  function becomeAnother() {
    repair.forget();
    outbox.disown();
  }

  /** The user has signed out, here or on another page. */
  function leave() {
    connection.close(1000, 'signed out');
    listener?.signedOut();
  }

  async function exportRoom(): Promise<RoomExport> {
    const logged = await reader.readAll();
    const messages = view.compose(logged, outbox.entries(), me);
    return {
      room,
      messages: messages.map(
        ({ id, seq = null, author: { name: author, tag }, body, at, state }) => ({
          id,
          seq,
          author,
          ...(tag !== undefined && { tag }),
          body,
          at,
          state,
        }),
      ),
    };
  }

  return {
    actions: {
      ...notYet,
      send(body) {
        if (body === '') return true;
        // What is written after it is news again.
        toldTypingAt = Number.NEGATIVE_INFINITY;
        comeBackFor(connection);
        const entry = { id: newId(), room, roomKey, body, at: time.now() };
        if (codePointCount(body) <= limits.bodyLength) return outbox.add(entry);
        const message = `a message has at most ${limits.bodyLength} characters`;
        outbox.reject(entry, { code: 'too_long', message });
        return true;
      },
      typing() {
        const isDue = time.now() - toldTypingAt >= typingEveryMs;
        if (isReady && isDue && send({ t: 'typing', room })) toldTypingAt = time.now();
      },
      retry(id) {
        comeBackFor(connection);
        outbox.retry(id);
      },
      remove: outbox.remove,
      unsentCount: () => outbox.entries().filter(({ state }) => state !== 'sent').length,
      async signOut() {
        const token = heldToken();
        await outbox.clear();
        await push?.signOut();
        if (token !== undefined) farewells.note(token);
        tokens.clear();
        leave();
        void farewells.deliver();
      },
      setPush: (on) => push?.turn(on),
      disconnect: () => connection.close(1000),
      reconnect: connection.open,
      loadOlder: reader.loadOlder,
      exportRoom,
    },

    start(startedListener) {
      listener = startedListener;
      const unlisten = connection.listen({
        onSocketOpen() {
          cancelHelloTimer = time.after(helloTimeoutMs, connection.notUnderstood);
        },
        onMessage: receive,
        onClose(close) {
          // Kept, it would be refused for ever; without it, Reconnect makes a new guest.
          // Another tab may have come in anew meanwhile.
          const isRefused = endsToken.includes(close.code);
          if (isRefused && tokens.get() === shownToken) tokens.clear();
          if (isRefused) shownToken = undefined;
          lineLost();
          if (isRefused) becomeAnother();
        },
      });
      const stopTelling = tellLine(connection, startedListener, time);
      // What was held back while the line was checked leaves once it has answered.
      const unsubscribe = connection.subscribe(outbox.flush);
      void outbox.load();
      return () => {
        lineLost();
        outbox.close();
        push?.stop();
        unsubscribe();
        stopTelling();
        unlisten();
        listener = undefined;
      };
    },
  };
}

/** What says that a token holds no longer: it was refused, or signed out on another device. */
const endsToken: readonly number[] = [closeCodes.badToken.code, closeCodes.signedOut.code];

/** A server says hello in the breath in which it takes a socket: if not by then, in ms, then never. */
const helloTimeoutMs = 2_000;

/** How often the others are told that the user goes on writing, in ms: before they take it to have ended. */
const typingEveryMs = limits.typingMs / 2;

/** How long to hold back when the server does not say, in ms. */
const retryAfterMs = 1_000;
