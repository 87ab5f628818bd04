/**
 * A client of `chat.v1` with nothing around it: it says what a test tells it to, answers heartbeats, and
 * remembers everything that it hears. Every wait is for something to come, and says for what.
 */
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import { decodeServerMessage, encode } from '../../protocol/codec';
import type { ClientFrame, ServerFrame, ServerFrameOf } from '../../protocol/frames';
import { patienceMs } from './patience';

export interface ChatClient {
  readonly socket: WebSocket;
  /** Everything that has come, oldest first. */
  readonly received: ServerFrame[];
  /** The close code, once the line has ended. */
  readonly closed: Promise<number>;
  send(...frames: ClientFrame[]): void;
  sendRaw(data: string | Uint8Array): void;
  /** The first frame of this type that has come or comes, and that `matches`. */
  until<T extends ServerFrame['t']>(
    type: T,
    matches?: (frame: ServerFrameOf<T>) => boolean,
  ): Promise<ServerFrameOf<T>>;
}

/** Connects. Rejects if the upgrade is refused. Gone when the test is over. */
export async function openChatClient(
  webSocketUrl: string,
  options: ClientOptions = {},
): Promise<ChatClient> {
  const socket = new WebSocket(webSocketUrl, ['chat.v1'], options);
  onTestFinished(() => socket.terminate());
  const received: ServerFrame[] = [];
  const listeners = new Set<() => void>();
  const send = (...frames: ClientFrame[]) => socket.send(encode(frames));
  socket.on('message', (data) => {
    for (const decoded of decodeServerMessage(String(data))) {
      if ('error' in decoded) throw new Error(`the server sent ${String(data)}`);
      received.push(decoded.frame);
      if (decoded.frame.t === 'ping') send({ t: 'pong', n: decoded.frame.n });
    }
    for (const listener of listeners) listener();
  });
  const opened = once(socket, 'open');
  // How a line ended is told by its close code.
  socket.on('error', () => {});
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await opened;

  return {
    socket,
    received,
    closed,
    send,
    sendRaw: (data) => socket.send(data),
    until(type, matches = () => true) {
      const isSought = (frame: ServerFrame): frame is ServerFrameOf<typeof type> =>
        frame.t === type && matches(frame as ServerFrameOf<typeof type>);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          const types = received.slice(-20).map(({ t }) => t);
          reject(new Error(`waited for "${type}", the last that came: ${types.join(', ')}`));
        }, patienceMs);
        const look = () => {
          const frame = received.find(isSought);
          if (!frame) return;
          clearTimeout(timer);
          listeners.delete(look);
          resolve(frame);
        };
        listeners.add(look);
        look();
      });
    },
  };
}

/** Connects as a guest of this name, and joins the room. */
export async function enterChat(
  webSocketUrl: string,
  name: string,
  room = 'lobby',
  options: ClientOptions = {},
) {
  const client = await openChatClient(webSocketUrl, options);
  client.send({ t: 'auth', name, resume: [] }, { t: 'join', room });
  await client.until('sync', (frame) => frame.room === room);
  return client;
}

let ids = 0;

/** Says something in the lobby, and tells how that was answered. */
export async function say(client: ChatClient, body: string): Promise<string> {
  ids += 1;
  const id = `id${ids}`;
  client.send({ t: 'send', id, room: 'lobby', body });
  return Promise.race([
    client.until('ack', (ack) => ack.id === id).then(() => 'acked'),
    client.until('err', (err) => err.id === id).then(({ code, retry }) => `${code} ${retry}`),
  ]);
}
