/** A guest without a page, who hears each frame once: what was waited for before is not waited for again. */
import { once } from 'node:events';
import type { ClientFrame, ServerFrame, ServerFrameOf } from '../../protocol/frames';
import { openChatClient } from './chatClient';

export interface Guest {
  /** To come back with. */
  readonly token: string;
  /** What the server pushes with, if it does. */
  readonly key: string | undefined;
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

/** Comes in under a name, or again by a token, and joins the room. */
export async function comeIn(
  webSocketUrl: string,
  room: string,
  { name, token }: { name: string; token?: string },
): Promise<Guest> {
  const { socket, received, send, until } = await openChatClient(webSocketUrl);
  const heard = new WeakSet<ServerFrame>();
  let sends = 0;

  async function next<T extends ServerFrame['t']>(type: T): Promise<ServerFrameOf<T>> {
    const frame = await until(type, (each) => !heard.has(each));
    for (const each of received.slice(0, received.indexOf(frame) + 1)) heard.add(each);
    return frame;
  }

  send({ t: 'auth', name, ...(token && { token }), resume: [] }, { t: 'join', room });
  const ready = await next('ready');
  await next('sync');
  return {
    token: ready.token,
    key: ready.push?.key,
    send,
    next,
    async say(inRoom, body) {
      sends += 1;
      send({ t: 'send', id: `${name}-${Date.now()}-${sends}`, room: inRoom, body });
      await next('ack');
    },
    async untilLeft() {
      while (!(await next('presence')).left);
    },
    async leave() {
      socket.close(1000);
      await once(socket, 'close');
    },
    breakOff: () => socket.terminate(),
  };
}
