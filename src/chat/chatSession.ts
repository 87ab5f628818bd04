/**
 * The chat on a connection: hello, auth and ready, then messages out through the outbox and in through the
 * rooms' readers. One line carries every room. After every loss it is the same way again: resume from where
 * each timeline stands, send again what has no ack. The parts say how; here they are put together.
 */
import type { Connection } from '../connection/contract';
import type { Cancel, Random, Time } from '../connection/ports';
import { encode } from '../protocol/codec';
import type { ClientFrame } from '../protocol/frames';
import { createChanges } from './changes';
import { createChatRoom } from './chatRoom';
import { comeBackFor } from './comeBackFor';
import { createDelivery } from './delivery';
import type { Farewells } from './farewells';
import { createRepairs, inspectionOf } from './inspection';
import { createKeptPages, type PageStorage } from './keptPages';
import type { KnownRoomsStorage, News } from './knownRooms';
import { createLateUploads, type UploadSource } from './lateUploads';
import type { LiveRows, LiveRowsOptions } from './liveRows';
import { createOpenRooms } from './openRooms';
import type { OutboxShare, OutboxStorage } from './outboxEntry';
import { createPublishing } from './publishing';
import type { PushEvents, PushRooms } from './pushRooms';
import { createReceiver } from './receiver';
import { createRoomActions } from './roomActions';
import { createRoomNews } from './roomNews';
import type { RoomSearch, RoomSearchOptions } from './roomSearch';
import { createSignIn, type TokenStorage } from './signIn';
import { lendLine, type StreamLine } from './streamLine';
import { tellLine } from './tellLine';
import type { ChatActions, ChatListener } from './types';

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
  /** Where the ends of rooms are kept, to be read before the server answers. */
  pages?: PageStorage | undefined;
  /** Makes ids that sort as text in the order of their making. */
  newId(): string;
  /** Ms since 1970, and the timers that go with it. */
  time: Time;
  random?: Random;
  /** Makes what pushes to this browser, where it can be pushed to. */
  createPush?: ((events: PushEvents) => PushRooms) | undefined;
  /** Makes what searches a room. */
  createSearch(options: RoomSearchOptions): RoomSearch;
  /** Brings what sends files, where any can be sent. */
  uploads?: UploadSource | undefined;
  /** Makes what reads messages in the making; without it they are seen once they were sent. */
  createLiveRows?: ((options: LiveRowsOptions) => LiveRows) | undefined;
  /** Something was said that the user has not read, in whatever room that they know. */
  onNews?: ((news: News) => void) | undefined;
}

export interface ChatSession {
  readonly actions: ChatActions;
  /** For those who write before everybody's eyes, as `streamWriter.ts` does. */
  readonly streams: StreamLine;
  /** Speaks on the connection and tells the listener, until cancelled. */
  start(listener: ChatListener): Cancel;
}

export function createChatSession(options: ChatSessionOptions): ChatSession {
  const { connection, room: firstRoom, roomKey: firstKey, time, share } = options;
  let listener: ChatListener | undefined;
  const repairs = createRepairs();

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
      uploads.now()?.becameAnother();
      news.becameAnother();
    },
  });
  const { me } = signIn;
  const keptPages = options.pages && createKeptPages({ storage: options.pages, time, me });
  const delivery = createDelivery({
    connection,
    time,
    storage: options.outboxStorage,
    share,
    send: sendWhenReady,
    enter: (room, roomKey) => rooms.enter(room, roomKey),
    onChange: () => publishing.publish(),
    onStorageFailed: () => listener?.notice({ kind: 'no storage' }),
    // The page that signed out has forgotten the token; there may be another by now, of who came in since.
    onSignedOut() {
      void uploads.clear();
      // What is about to be kept would be there again behind what the other page has cleared.
      void keptPages?.clear();
      leave();
    },
    onUploadWord: (word) => uploads.heard(word),
    onNoUpload: (id) => uploads.now()?.lost(id) ?? false,
  });
  const { outbox } = delivery;
  const unsent = () => uploads.unsent(outbox.entries());
  const push = options.createPush?.({ send, onChange: (state) => listener?.push(state) });
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
        unsent,
        repairs,
        me,
        createSearch: options.createSearch,
        createLiveRows: options.createLiveRows,
        keptPages,
        onRecalled(user) {
          signIn.recall(user);
          listener?.me(me());
        },
        // Before the server knows who asks it answers nothing.
        send: sendWhenReady,
        onUnanswered: connection.notAnswered,
        listener: () => (rooms.current().room === room ? listener : undefined),
        onChange: () => publishing.roomChanged(room),
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
  const publishing = createPublishing({
    page: share.page,
    outbox,
    unsent,
    rooms,
    changes,
    listener: () => listener,
  });
  const inRoom = createRoomActions({
    ...options,
    outbox,
    unsent,
    changes,
    me,
    current: rooms.current,
    send: sendWhenReady,
  });
  const uploads = createLateUploads(options.uploads, {
    ...options,
    outbox,
    isReady: signIn.isReady,
    largestBytes: signIn.largestFileBytes,
    current: rooms.current,
    send: sendWhenReady,
    enter: rooms.enter,
    replyTo: changes.replyTo,
    whenRead: () => outboxRead,
    onChange: publishing.publish,
    onStorageFailed: () => listener?.notice({ kind: 'no storage' }),
  });
  let outboxRead = Promise.resolve();

  const streams = lendLine({
    say: (piece) => rooms.isJoined(piece.room) && sendWhenReady(piece),
    finish(draft) {
      comeBackFor(connection);
      return outbox.add({ ...draft, isRewritten: true });
    },
  });

  const receive = createReceiver({
    connection,
    signIn,
    delivery,
    changes,
    rooms,
    news,
    push,
    uploads,
    send,
    publishing,
    streams,
    listener: () => listener,
  });

  function send(...frames: ClientFrame[]): boolean {
    const [only] = frames;
    return connection.send(encode(frames.length === 1 && only ? only : frames));
  }

  function sendWhenReady(frame: ClientFrame): boolean {
    return signIn.isReady() && send(frame);
  }

  function lineLost() {
    signIn.lineLost();
    rooms.lineLost();
    news.lineLost();
    delivery.lineLost();
    push?.lineLost();
    uploads.now()?.lineLost();
    streams.lost();
  }

  /** The user has signed out, here or on another page. */
  function leave() {
    connection.close(1000, 'signed out');
    listener?.signedOut();
  }

  return {
    streams,
    actions: {
      ...inRoom.actions,
      ...uploads.actions,
      edit: (id, body) => uploads.now()?.rewrite(id, body) || inRoom.actions.edit(id, body),
      erase: (id) => uploads.now()?.remove(id) || inRoom.actions.erase(id),
      openRoom(room, roomKey) {
        if (!rooms.open(room, roomKey)) return;
        inRoom.roomOpened();
        rooms.current().tellAll();
        news.opened();
        push?.open(room, roomKey);
        publishing.publish();
      },
      forgetRoom(room) {
        if (room === rooms.current().room) return;
        news.forget(room);
        push?.forget(room);
        rooms.forget(room);
        keptPages?.forget(room);
      },
      markRead: news.markRead,
      retry(id) {
        comeBackFor(connection);
        if (!uploads.now()?.retry(id)) outbox.retry(id);
      },
      remove(id) {
        if (uploads.now()?.remove(id)) return;
        outbox.remove(id);
        uploads.now()?.settled(id);
      },
      retryAll() {
        comeBackFor(connection);
        outbox.retryAll();
        for (const { id } of unsent()) uploads.now()?.retry(id);
      },
      removeAll() {
        outbox.removeAll();
        for (const { id, state } of unsent()) if (state === 'failed') uploads.now()?.remove(id);
      },
      unsentCount: () => unsent().filter(({ state }) => state !== 'sent').length,
      async signOut() {
        await uploads.clear();
        await outbox.clear();
        await keptPages?.clear();
        await push?.signOut();
        signIn.signOut();
        news.clear();
        leave();
        void options.farewells.deliver();
      },
      setPush: (on) => push?.turn(on),
      inspect: () => inspectionOf(rooms.all(), unsent(), repairs),
      disconnect: () => connection.close(1000),
      reconnect: connection.open,
    },

    start(startedListener) {
      listener = startedListener;
      publishing.begin();
      const { room, roomKey } = rooms.current();
      push?.open(room, roomKey);
      const stopKnowing = news.start();
      const unlisten = connection.listen({
        onSocketOpen: signIn.socketOpened,
        onMessage: receive,
        onClose({ code }) {
          lineLost();
          signIn.closedWith(code);
        },
      });
      const stopTelling = tellLine(connection, startedListener, time);
      // What was held back while the line was checked leaves once it has answered.
      const unsubscribe = connection.subscribe(() => {
        outbox.flush();
        uploads.now()?.flush();
      });
      outboxRead = outbox.load();
      uploads.start();
      return () => {
        lineLost();
        keptPages?.flush();
        outbox.close();
        uploads.stop();
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
