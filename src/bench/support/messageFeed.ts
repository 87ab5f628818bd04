/**
 * A server that speaks as much `chat.v1` as a reader needs: one room that holds a number of messages, and
 * a flow of new ones, told as ours tells them: what falls into 16 ms in one WebSocket message.
 */
import { createServer } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { decodeClientMessage, encode } from '../../protocol/codec';
import { protocolVersion, subprotocol } from '../../protocol/frames';
import { limits } from '../../protocol/limits';
import type { LoggedMessage } from '../../protocol/message';
import { listen } from './benchServer';

const flushEveryMs = 16;
const epoch = 'e1';

export interface MessageFeed {
  /** A `ws:` address. */
  readonly url: string;
  /** How many messages the room has, and those given out by the latest flow. */
  readonly head: number;
  /** Says `perSecond` messages a second for so long; resolves when the last was sent. */
  flow(perSecond: number, seconds: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * `messages` is how many the room holds. `loads`: all of them are handed out page by page, or only the
 * newest page, as a server does for who has just come.
 */
export async function startFeed(messages: number, loads: 'all' | 'newest'): Promise<MessageFeed> {
  const http = createServer();
  const sockets = new WebSocketServer({ server: http, handleProtocols: () => subprotocol });
  let head = messages;
  sockets.on('connection', (socket) => serve(socket, () => head, loads));
  const { port, close } = await listen(http);

  function tell(count: number) {
    if (count === 0) return;
    const frames = Array.from({ length: count }, (_, index) => {
      return { t: 'msg', room: 'lobby', epoch, ...messageAt(head + 1 + index) } as const;
    });
    head += count;
    for (const socket of sockets.clients) socket.send(encode(frames));
  }

  return {
    url: `ws://localhost:${port}/ws`,
    get head() {
      return head;
    },
    flow: (perSecond, seconds) =>
      new Promise((resolve) => {
        const startedAt = performance.now();
        let told = 0;
        const timer = setInterval(() => {
          const elapsedS = Math.min(seconds, (performance.now() - startedAt) / 1_000);
          const due = Math.floor(elapsedS * perSecond);
          // A message holds at most so many frames: what a late timer owes comes in several.
          while (told < due) {
            const count = Math.min(due - told, limits.framesPerMessage);
            tell(count);
            told += count;
          }
          if (elapsedS < seconds) return;
          clearInterval(timer);
          resolve();
        }, flushEveryMs);
      }),
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      await close();
    },
  };
}

function serve(socket: WebSocket, headOf: () => number, loads: 'all' | 'newest') {
  const say = (...frames: Parameters<typeof encode>[0] & readonly unknown[]) =>
    socket.send(encode(frames));
  const page = (after: number) => {
    const to = Math.min(headOf(), after + limits.pageMessages);
    say({
      t: 'sync',
      room: 'lobby',
      epoch,
      head: headOf(),
      messages: messagesBetween(after, to),
      more: to < headOf(),
    });
  };
  const { frameBytes, bodyLength, nameLength } = limits;
  say({
    t: 'hello',
    v: protocolVersion,
    heartbeat: { intervalMs: 25_000, timeoutMs: 10_000 },
    limits: { frameBytes, bodyLength, nameLength },
  });
  socket.on('message', (data) => {
    for (const decoded of decodeClientMessage(String(data))) {
      if (!('frame' in decoded)) continue;
      const { frame } = decoded;
      if (frame.t === 'auth') {
        say({ t: 'ready', user: { id: 'reader', name: 'Reader' }, token: 'token', rooms: [] });
      } else if (frame.t === 'join') {
        page(loads === 'all' ? 0 : Math.max(0, headOf() - limits.pageMessages));
      } else if (frame.t === 'sync') {
        page(frame.seq);
      } else if (frame.t === 'history') {
        const from = Math.max(0, frame.before - 1 - frame.limit);
        const messages = messagesBetween(from, frame.before - 1);
        say({ t: 'history', room: 'lobby', epoch, messages, more: from > 0 });
      } else if (frame.t === 'ping') {
        say({ t: 'pong', n: frame.n });
      }
    }
  });
}

const names = ['Ann', 'Bob', '小红', 'Dora', '阿明'];
const words =
  'the line was cut and came back with all that was said in the meantime 心跳 消息 重连 之后 一条 不少 ok yes see you tomorrow at nine'.split(
    ' ',
  );
const from = names.map((name, index) => ({ id: `u${index}`, name }));

/** 5 to about 300 characters, the same for the same number. */
function bodyOf(seq: number): string {
  const count = 1 + ((seq * 7_919) % 50);
  return Array.from({ length: count }, (_, n) => words[(seq * 31 + n * 17) % words.length]).join(
    ' ',
  );
}

function messageAt(seq: number): LoggedMessage {
  const author = from[seq % from.length];
  if (!author) throw new Error('no author');
  const at = Date.UTC(2026, 0, 1) + seq * 1_000;
  return { seq, mid: `m${seq}`, id: `c${seq}`, from: author, body: bodyOf(seq), at };
}

/** Those after `after`, up to `to`. */
function messagesBetween(after: number, to: number): LoggedMessage[] {
  return Array.from({ length: Math.max(0, to - after) }, (_, index) =>
    messageAt(after + 1 + index),
  );
}
