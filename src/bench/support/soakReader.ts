/**
 * One of those who soak a server: a line of `chat.v1` in a room, which can be cut off and comes back where it
 * was. It keeps of the messages only where it is, and counts what comes twice or leaves a hole.
 */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { decodeServerMessage, encode } from '../../protocol/codec';
import { type ClientFrame, type ServerFrame, subprotocol } from '../../protocol/frames';
import type { Position } from '../../protocol/message';

export interface SoakReader {
  /** Connects, as a new guest or as who it was. Resolves once it is where the room is. */
  open(): Promise<void>;
  /** The line breaks without a word. */
  cut(): void;
  /** Says something; resolves with its ack. */
  say(body: string): Promise<void>;
  /** The last message that it has, 0 before the first. */
  readonly seq: number;
  /** Messages that came again, or behind a hole. */
  readonly harm: number;
}

/** `address`: from where it connects, such as 127.0.0.2. */
export function createSoakReader(
  webSocketUrl: string,
  room: string,
  name: string,
  address: string,
): SoakReader {
  let socket: WebSocket | undefined;
  let token: string | undefined;
  let position: Position | undefined;
  let harm = 0;
  let said = 0;
  let arrived = () => {};
  const waiting = new Map<string, () => void>();

  const send = (...frames: ClientFrame[]) => socket?.send(encode(frames));

  function handle(frame: ServerFrame) {
    switch (frame.t) {
      case 'hello':
        return comeIn();
      case 'ready':
        token = frame.token;
        return;
      case 'ping':
        return send({ t: 'pong', n: frame.n });
      case 'sync':
        for (const { seq, mid } of frame.messages) take({ epoch: frame.epoch, seq, mid });
        position ??= { epoch: frame.epoch, seq: 0, mid: '' };
        return frame.more ? send({ t: 'sync', room, ...position }) : arrived();
      case 'msg':
        return take(frame);
      case 'ack':
        waiting.get(frame.id)?.();
        waiting.delete(frame.id);
        return;
      case 'err':
        throw new Error(`${name} was refused: ${frame.message}`);
    }
  }

  function comeIn() {
    if (position)
      send({ t: 'auth', name, ...(token && { token }), resume: [{ room, ...position }] });
    else send({ t: 'auth', name, resume: [] }, { t: 'join', room });
  }

  function take({ epoch, seq, mid }: Position) {
    if (position && seq !== position.seq + 1) harm += 1;
    position = { epoch, seq, mid };
  }

  return {
    async open() {
      const opened = new WebSocket(webSocketUrl, subprotocol, { localAddress: address });
      socket = opened;
      const isBack = new Promise<void>((resolve) => {
        arrived = resolve;
      });
      opened.on('message', (data) => {
        // What was cut off may still have something to say.
        if (socket !== opened) return;
        for (const decoded of decodeServerMessage(String(data))) {
          if (!('frame' in decoded)) throw new Error(`a frame cannot be read: ${data}`);
          handle(decoded.frame);
        }
      });
      await once(opened, 'open');
      await isBack;
    },
    cut() {
      const ended = socket;
      socket = undefined;
      ended?.terminate();
    },
    async say(body) {
      said += 1;
      const id = `${name}-${said}`;
      const acked = new Promise<void>((resolve) => void waiting.set(id, resolve));
      send({ t: 'send', id, room, body });
      await acked;
    },
    get seq() {
      return position?.seq ?? 0;
    },
    get harm() {
      return harm;
    },
  };
}
