/**
 * Somebody who writes without a pause, as a program would: so many messages under way at a time, each
 * numbered, each sent again under its id until it is acked. It remembers every ack, and complains of one
 * that says something else than the first.
 */
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { decodeServerMessage, encode } from '../../protocol/codec';
import type { ClientFrame, ServerFrame } from '../../protocol/frames';

export interface Ack {
  seq: number;
  mid: string;
}

export interface SteadyWriter {
  readonly userId: string;
  /** By the message's id, in the order in which they came. */
  readonly acked: ReadonlyMap<string, Ack>;
  /** How often a message was refused for now. */
  readonly refusals: number;
  /** What should not have been heard. */
  readonly complaints: readonly string[];
  /** Connects, anew if it was connected before, and goes on. Resolves once it is let in. */
  connect(): Promise<void>;
  /** Says nothing new any more; what has no ack goes on being sent. */
  finish(): void;
  /** How many messages have no ack. */
  unacked(): number;
  /** Sends messages again that are acked already: `complaints` tells if their answer differs. */
  repeat(ids: readonly string[]): void;
  /** How many acks said that the message was there already. */
  readonly repeats: number;
}

export interface SteadyWriterOptions {
  url: string;
  name: string;
  room?: string;
  /** Messages under way at a time. */
  window: number;
  /** A message's text; without it, its id. */
  bodyOf?(id: string): string;
}

export function createSteadyWriter(options: SteadyWriterOptions): SteadyWriter {
  const { url, name, room = 'lobby', window, bodyOf = (id) => id } = options;
  const acked = new Map<string, Ack>();
  const underWay = new Set<string>();
  const complaints: string[] = [];
  let made = 0;
  let refusals = 0;
  let repeats = 0;
  let isFinished = false;
  let userId = '';
  let token: string | undefined;
  let socket: WebSocket | undefined;
  onTestFinished(() => socket?.terminate());

  function connect(): Promise<void> {
    socket?.terminate();
    const current = new WebSocket(url, ['chat.v1']);
    socket = current;
    current.on('error', () => {});
    return new Promise((resolve, reject) => {
      current.once('close', () => reject(new Error(`${name} was not let in`)));
      current.on('message', (data) => {
        if (current !== socket) return;
        for (const decoded of decodeServerMessage(String(data))) {
          if ('error' in decoded) complaints.push(decoded.error.message);
          else hear(decoded.frame, resolve);
        }
      });
    });
  }

  function send(...frames: ClientFrame[]) {
    if (frames.length > 0 && socket?.readyState === WebSocket.OPEN) socket.send(encode(frames));
  }

  const sendFrame = (id: string) => ({ t: 'send', id, room, body: bodyOf(id) }) as const;

  function hear(frame: ServerFrame, letIn: () => void) {
    switch (frame.t) {
      case 'hello':
        return send(
          { t: 'auth', name, resume: [], ...(token && { token }) },
          { t: 'join', room },
          ...[...underWay].map(sendFrame),
        );
      case 'ready':
        userId = frame.user.id;
        token = frame.token;
        return;
      case 'sync':
        letIn();
        return sayMore();
      case 'ack':
        hearAck(frame.id, { seq: frame.seq, mid: frame.mid }, frame.dup === true);
        return sayMore();
      case 'err':
        if (frame.code !== 'unavailable' || !frame.id) {
          return void complaints.push(frame.message);
        }
        refusals += 1;
        return sendLater(frame.id, frame.after ?? 0);
      case 'ping':
        return send({ t: 'pong', n: frame.n });
    }
  }

  function hearAck(id: string, ack: Ack, isRepeat: boolean) {
    if (isRepeat) repeats += 1;
    underWay.delete(id);
    const first = acked.get(id) ?? ack;
    acked.set(id, first);
    if (first.seq !== ack.seq || first.mid !== ack.mid) {
      complaints.push(
        `${id} was acked as ${first.seq} ${first.mid}, then as ${ack.seq} ${ack.mid}`,
      );
    }
  }

  function sendLater(id: string, afterMs: number) {
    const line = socket;
    const timer = setTimeout(() => {
      if (line === socket && underWay.has(id)) send(sendFrame(id));
    }, afterMs);
    onceClosed(line, () => clearTimeout(timer));
  }

  function sayMore() {
    const frames = [];
    while (!isFinished && underWay.size < window) {
      made += 1;
      const id = `${name}-${made}`;
      underWay.add(id);
      frames.push(sendFrame(id));
    }
    send(...frames);
  }

  return {
    get userId() {
      return userId;
    },
    acked,
    complaints,
    get refusals() {
      return refusals;
    },
    get repeats() {
      return repeats;
    },
    connect,
    finish() {
      isFinished = true;
    },
    unacked: () => underWay.size,
    repeat: (ids) => send(...ids.map(sendFrame)),
  };
}

function onceClosed(socket: WebSocket | undefined, callback: () => void) {
  socket?.once('close', callback);
}
