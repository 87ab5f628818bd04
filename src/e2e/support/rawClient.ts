/** A client without a page: speaks the protocol, and waits for frames by their type. */
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { decodeServerMessage, encode } from '../../protocol/codec';
import type { ClientFrame, ServerFrame, ServerFrameOf } from '../../protocol/frames';

export interface RawClient {
  send(...frames: ClientFrame[]): void;
  /** The next frame of this type, after those that were waited for before. */
  next<T extends ServerFrame['t']>(type: T): Promise<ServerFrameOf<T>>;
  /** Says a message, and waits for its ack. */
  say(room: string, body: string): Promise<void>;
  /** Waits until somebody has left. */
  untilLeft(): Promise<void>;
  /** Leaves on purpose. */
  leave(): Promise<void>;
  /** Breaks the line off. */
  breakOff(): void;
}

const waitMs = 15_000;

/** Comes in under a name, or again by a token, and joins the room. */
export async function enterRaw(
  webSocketUrl: string,
  room: string,
  { name, token }: { name: string; token?: string },
): Promise<RawClient & { token: string; key: string | undefined }> {
  const socket = new WebSocket(webSocketUrl, ['chat.v1']);
  socket.on('error', () => {});
  onTestFinished(() => socket.terminate());
  const received: ServerFrame[] = [];
  let look: () => void = () => {};
  socket.on('message', (data) => {
    for (const decoded of decodeServerMessage(String(data))) {
      if (!('frame' in decoded)) continue;
      const { frame } = decoded;
      if (frame.t === 'ping') socket.send(encode({ t: 'pong', n: frame.n }));
      else received.push(frame);
    }
    look();
  });
  let sends = 0;

  const client: RawClient = {
    send: (...frames) => socket.send(encode(frames)),
    next(type) {
      type Wanted = ServerFrameOf<typeof type>;
      const isWanted = (frame: ServerFrame): frame is Wanted => frame.t === type;
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          const types = received.map(({ t }) => t).join(', ');
          reject(new Error(`waited for "${type}", and got: ${types}`));
        }, waitMs);
        look = () => {
          const frame = received.find(isWanted);
          if (!frame) return;
          received.splice(0, received.indexOf(frame) + 1);
          clearTimeout(timer);
          look = () => {};
          resolve(frame);
        };
        look();
      });
    },
    async say(inRoom, body) {
      sends += 1;
      client.send({ t: 'send', id: `${name}-${Date.now()}-${sends}`, room: inRoom, body });
      await client.next('ack');
    },
    async untilLeft() {
      const { left } = await client.next('presence');
      if (!left) await client.untilLeft();
    },
    async leave() {
      socket.close(1000);
      await once(socket, 'close');
    },
    breakOff: () => socket.terminate(),
  };
  await once(socket, 'open');
  client.send({ t: 'auth', name, ...(token && { token }), resume: [] }, { t: 'join', room });
  const ready = await client.next('ready');
  await client.next('sync');
  return { ...client, token: ready.token, key: ready.push?.key };
}
