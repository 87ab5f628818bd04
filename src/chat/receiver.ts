/** What each frame of the server is to the parts of a session. */
import type { Connection } from '../connection/contract';
import type { SocketData } from '../connection/ports';
import { decodeServerMessage } from '../protocol/codec';
import type { ClientFrame, ServerFrame, ServerFrameOf } from '../protocol/frames';
import type { Changes } from './changes';
import type { Delivery } from './delivery';
import type { LateUploads } from './lateUploads';
import type { OpenRooms } from './openRooms';
import type { Publishing } from './publishing';
import type { PushRooms } from './pushRooms';
import type { RoomNews } from './roomNews';
import type { SignIn } from './signIn';
import type { StreamListener } from './streamLine';
import type { ChatListener } from './types';

export interface ReceiverOptions {
  connection: Connection;
  signIn: SignIn;
  delivery: Delivery;
  changes: Pick<Changes, 'correctUnread'>;
  rooms: OpenRooms;
  news: RoomNews;
  push: PushRooms | undefined;
  publishing: Publishing;
  uploads: LateUploads;
  streams: StreamListener;
  send(frame: ClientFrame): boolean;
  listener(): ChatListener | undefined;
}

/** A function that takes what comes on the line. */
export function createReceiver(options: ReceiverOptions): (data: SocketData) => void {
  const {
    connection,
    signIn,
    delivery,
    changes,
    rooms,
    news,
    push,
    publishing,
    uploads,
    send,
    listener,
    streams,
  } = options;

  const handlers: { [T in ServerFrame['t']]: (frame: ServerFrameOf<T>) => void } = {
    hello(frame) {
      signIn.hello(frame);
      listener()?.files(frame.limits.fileBytes);
    },
    ready(frame) {
      signIn.ready(frame);
      listener()?.me(signIn.me());
      connection.handshaken(signIn.heartbeat());
      // The first beat at once: who has just connected wants to see how far away the server is.
      void connection.ping();
      rooms.ready();
      news.ready();
      delivery.outbox.lineOpened();
      // Whose the messages are is known only now, and some may have come before, on a line that lost frames.
      publishing.publish();
      push?.ready(frame.push?.key);
      uploads.now()?.ready();
      streams.opened();
    },
    token: signIn.renewed,
    ack(frame) {
      const room = rooms.get(frame.room);
      room?.repair.acked(frame.id, frame.mid);
      if (!room && frame.dup) changes.correctUnread(frame);
      delivery.acked(frame);
      uploads.now()?.settled(frame.id);
      news.acked(frame);
      streams.acked(frame);
    },
    err(frame) {
      const { id, room = '', code, instead } = frame;
      const named = rooms.get(room);
      if (code === 'forbidden') {
        if (room === rooms.current().room) listener()?.notice({ kind: 'forbidden' });
        named?.reader.refused();
      }
      if (code === 'push_refused') push?.refused();
      if (streams.refused(frame)) return;
      if (id !== undefined) return uploads.now()?.refused(id, frame) || delivery.refused(id, frame);
      uploads.now()?.roomRefused(frame);
      if (code === 'unavailable') {
        if (instead === 'sync' || instead === 'history') named?.reader.delayed(instead);
        else if (instead !== 'link') named?.search.refused();
      }
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
    stream: (frame) => rooms.get(frame.room)?.stream(frame),
    uploading: (frame) => uploads.now()?.uploading(frame),
    uploaded: (frame) => uploads.now()?.uploaded(frame),
    link: (frame) => uploads.now()?.link(frame),
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

  function receiveAll(data: string) {
    for (const decoded of decodeServerMessage(data)) {
      if ('frame' in decoded) handle(decoded.frame);
      // A type that is not known comes from a newer server, and is not for this page.
      else if (!signIn.isReady() && decoded.error.code !== 'unknown_type') {
        return connection.notUnderstood();
      }
    }
  }

  return (data) => {
    // However many messages come at once, the list is told once.
    if (typeof data === 'string') publishing.afterAll(() => receiveAll(data));
  };
}
