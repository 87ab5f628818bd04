/**
 * The chat on a connection: hello, auth and ready, then messages out through the outbox and in through the
 * rooms' readers. One line carries every room. After every loss it is the same way again: resume from where
 * each timeline stands, send again what has no ack. What each frame means is said by the parts; here they
 * are put together.
 */
import type { Connection } from '../connection/contract';
import type { Cancel, Random, SocketData, Time } from '../connection/ports';
import { decodeServerMessage, encode } from '../protocol/codec';
import type { ClientFrame, ServerFrame, ServerFrameOf } from '../protocol/frames';
import { createChanges } from './changes';
import { createChatRoom } from './chatRoom';
import { comeBackFor } from './comeBackFor';
import { createDelivery } from './delivery';
import type { Farewells } from './farewells';
import type { KnownRoomsStorage, News } from './knownRooms';
import { letGoOfShown } from './letGoOfShown';
import { notYet } from './notYet';
import { createOnceAfter } from './onceAfter';
import { createOpenRooms } from './openRooms';
import type { OutboxShare, OutboxStorage } from './outboxEntry';
import { countsOf } from './outboxRules';
import { createPushRooms, type PushPorts } from './pushRooms';
import { createRoomActions } from './roomActions';
import { createRoomNews } from './roomNews';
import { createSignIn, type TokenStorage } from './signIn';
import { tellLine } from './tellLine';
import type { ChatActions, ChatListener, OutboxCounts } from './types';

export interface ChatSessionOptions {
  /** With a manual handshake, which the session does; not open yet. */
  connection: Connection;
  /** The room that is open at first. */
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
  /** The rooms that the user knows, on every page of theirs. */
  knownRooms: KnownRoomsStorage;
  /** Makes ids that sort as text in the order of their making. */
  newId(): string;
  /** Ms since 1970, and the timers that go with it. */
  time: Time;
  random?: Random;
  /** Where the browser can be pushed to. */
  push?: PushPorts | undefined;
  /** Something was said that the user has not read, in whatever room that they know. */
  onNews?: ((news: News) => void) | undefined;
}

export interface ChatSession {
  readonly actions: ChatActions;
  /** Speaks on the connection and tells the listener, until cancelled. */
  start(listener: ChatListener): Cancel;
}

export function createChatSession(options: ChatSessionOptions): ChatSession {
  const { connection, room: firstRoom, roomKey: firstKey, time, share } = options;
  let listener: ChatListener | undefined;
  /** What was last told of the outbox. */
  let told: OutboxCounts | undefined;

  const signIn = createSignIn({
    ...options,
    random: options.random ?? Math.random,
    greet(auth) {
      const { resume, joins } = rooms.enterAll();
      // A room is joined without awaiting `ready`: the server answers in order.
      send({ ...auth, resume }, ...joins);
    },
    askForRefresh: () => void send({ t: 'refresh' }),
    onNoHello: connection.notUnderstood,
    onBecameAnother() {
      for (const { repair } of rooms.all()) repair.forget();
      outbox.disown();
      news.becameAnother();
    },
  });
  const { me } = signIn;
  const delivery = createDelivery({
    connection,
    time,
    storage: options.outboxStorage,
    share,
    send: sendWhenReady,
    enter: (room, roomKey) => rooms.enter(room, roomKey),
    onChange: () => publishing.request(),
    onStorageFailed: () => listener?.notice({ kind: 'no storage' }),
    // The page that signed out has forgotten the token; there may be another by now, of who came in since.
    onSignedOut: leave,
  });
  const { outbox } = delivery;
  const push =
    options.push &&
    createPushRooms({ ...options.push, send, onChange: (state) => listener?.push(state) });
  const rooms = createOpenRooms({
    room: firstRoom,
    roomKey: firstKey,
    send: sendWhenReady,
    create: (room, roomKey) =>
      createChatRoom({
        room,
        roomKey,
        time,
        outbox,
        me,
        // Before the server knows who asks it answers nothing.
        send: sendWhenReady,
        listener: () => (rooms.current().room === room ? listener : undefined),
        onChange: () => (rooms.current().room === room ? publishing.request() : letGo()),
        onLogChanged: () => news.logChanged(room),
      }),
    onDrop: ({ room }) => news.willLeave(room),
  });
  const news = createRoomNews({
    storage: options.knownRooms,
    time,
    rooms,
    me,
    send: sendWhenReady,
    listener: () => listener,
    onNews: (each) => options.onNews?.(each),
  });
  const changes = createChanges({
    outbox,
    newId: options.newId,
    now: time.now,
    current: rooms.current,
  });
  const inRoom = createRoomActions({
    ...options,
    outbox,
    changes,
    me,
    current: rooms.current,
    send: sendWhenReady,
  });

  const letGo = () => letGoOfShown({ outbox, rooms, changes, page: share.page });

  /** However many frames come at once, what they change is told once. */
  const publishing = createOnceAfter(() => {
    letGo();
    const entries = outbox.entries();
    rooms.leaveIdle(entries);
    tellCounts(countsOf(entries));
    rooms.current().publish();
  });

  function tellCounts(counts: OutboxCounts) {
    if (counts.waiting === told?.waiting && counts.failed === told.failed) return;
    told = counts;
    listener?.outbox(counts);
  }

  function send(...frames: ClientFrame[]): boolean {
    const [only] = frames;
    return connection.send(encode(frames.length === 1 && only ? only : frames));
  }

  function sendWhenReady(frame: ClientFrame): boolean {
    return signIn.isReady() && send(frame);
  }

  const handlers: { [T in ServerFrame['t']]: (frame: ServerFrameOf<T>) => void } = {
    hello: signIn.hello,
    ready(frame) {
      signIn.ready(frame);
      listener?.me(me());
      connection.handshaken(signIn.heartbeat());
      // The first beat at once: who has just connected wants to see how far away the server is.
      void connection.ping();
      rooms.ready();
      news.ready();
      outbox.lineOpened();
      push?.ready(frame.push?.key);
    },
    token: signIn.renewed,
    ack(frame) {
      rooms.get(frame.room)?.repair.acked(frame.id, frame.mid);
      delivery.acked(frame);
      news.acked(frame);
    },
    err(frame) {
      const { id, room, code } = frame;
      const isOpen = room === rooms.current().room;
      if (code === 'forbidden' && isOpen) listener?.notice({ kind: 'forbidden' });
      if (code === 'push_refused') push?.refused();
      if (id !== undefined) delivery.refused(id, frame);
    },
    msg(frame) {
      const room = rooms.get(frame.room);
      room?.people.said(frame.from.id);
      room?.reader.message(frame);
    },
    sync(frame) {
      const room = rooms.get(frame.room);
      room?.reader.page(frame);
      room?.entered();
      if (!frame.more) room?.repair.readUpTo(frame.head);
    },
    history: (frame) => rooms.get(frame.room)?.reader.older(frame),
    presence: (frame) => rooms.get(frame.room)?.people.presence(frame),
    typing: (frame) => rooms.get(frame.room)?.people.typing(frame),
    found: (frame) => rooms.get(frame.room)?.search.found(frame),
    reads: (frame) => rooms.get(frame.room)?.reads(frame),
    summary: (frame) => news.summary(frame),
    pushed: (frame) => push?.pushed(frame),
    ping: ({ n }) => void send({ t: 'pong', n }),
    pong({ n, heads = [] }) {
      connection.ponged(n);
      for (const { room, epoch, seq } of heads) rooms.get(room)?.reader.head(epoch, seq);
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
      else if (!signIn.isReady() && decoded.error.code !== 'unknown_type') {
        return connection.notUnderstood();
      }
    }
  }

  function lineLost() {
    signIn.lineLost();
    rooms.lineLost();
    news.lineLost();
    delivery.lineLost();
    push?.lineLost();
  }

  /** The user has signed out, here or on another page. */
  function leave() {
    connection.close(1000, 'signed out');
    listener?.signedOut();
  }

  return {
    actions: {
      ...notYet,
      ...inRoom.actions,
      openRoom(room, roomKey) {
        if (!rooms.open(room, roomKey)) return;
        inRoom.roomOpened();
        rooms.current().tellAll();
        news.opened();
        push?.open(room, roomKey);
        publishing.request();
      },
      forgetRoom(room) {
        if (room === rooms.current().room) return;
        news.forget(room);
        push?.forget(room);
        rooms.forget(room);
      },
      markRead: news.markRead,
      retry(id) {
        comeBackFor(connection);
        outbox.retry(id);
      },
      remove: outbox.remove,
      retryAll() {
        comeBackFor(connection);
        outbox.retryAll();
      },
      removeAll: outbox.removeAll,
      unsentCount: () => outbox.entries().filter(({ state }) => state !== 'sent').length,
      async signOut() {
        await outbox.clear();
        await push?.signOut();
        signIn.signOut();
        news.clear();
        leave();
        void options.farewells.deliver();
      },
      setPush: (on) => push?.turn(on),
      disconnect: () => connection.close(1000),
      reconnect: connection.open,
    },

    start(startedListener) {
      listener = startedListener;
      told = undefined;
      push?.open(rooms.current().room, rooms.current().roomKey);
      const { room, roomKey } = rooms.current();
      push?.open(room, roomKey);
      const stopKnowing = news.start();
      const unlisten = connection.listen({
        onSocketOpen: signIn.socketOpened,
        onMessage: (data) => publishing.run(() => receive(data)),
        onClose({ code }) {
          lineLost();
          signIn.closedWith(code);
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
        stopKnowing();
        unsubscribe();
        stopTelling();
        unlisten();
        listener = undefined;
      };
    },
  };
}
