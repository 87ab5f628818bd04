/**
 * One of those who soak a server: a line of `chat.v1` in a room, which can be cut off and comes back where it
 * was. It does as the protocol asks: drops what it has, and asks for what is missing.
 */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { decodeServerMessage, encode } from '../../protocol/codec';
import {
  type ClientFrame,
  type ServerFrame,
  type ServerFrameOf,
  subprotocol,
} from '../../protocol/frames';
import type { Position } from '../../protocol/message';

export interface SoakReader {
  /** Connects, as a new guest or as who it was. Resolves once it is where the room is. */
  open(): Promise<void>;
  /** The line breaks without a word. */
  cut(): void;
  /** Says something; resolves with its ack, and rejects if it is refused. Once at a time. */
  say(body: string): Promise<void>;
  /** The last message that it has, 0 before the first. */
  readonly seq: number;
  /** Holes that were not filled, refusals, and lines that the server left. */
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
  let acked = () => {};
  let refused = (_: Error) => {};

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
        takePage(frame);
        return frame.more ? askForMore() : arrived();
      case 'msg':
        return take(frame);
      case 'ack':
        acked();
        return;
      case 'err':
        harm += 1;
        refused(new Error(`${name} was refused: ${frame.message}`));
    }
  }

  function comeIn() {
    if (position)
      send({ t: 'auth', name, ...(token && { token }), resume: [{ room, ...position }] });
    else send({ t: 'auth', name, resume: [] }, { t: 'join', room });
  }

  function takePage({ epoch, messages }: ServerFrameOf<'sync'>) {
    const [first] = messages;
    if (position && first && first.seq > position.seq + 1) harm += 1;
    position ??= { epoch, seq: (first?.seq ?? 1) - 1, mid: '' };
    for (const { seq, mid } of messages) take({ epoch, seq, mid });
  }

  function take({ epoch, seq, mid }: Position) {
    if (!position || seq <= position.seq) return;
    // What leaves a hole comes with the page that fills it.
    if (seq === position.seq + 1) position = { epoch, seq, mid };
    else askForMore();
  }

  function askForMore() {
    if (position) send({ t: 'sync', room, ...position });
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
      opened.on('close', () => {
        if (socket === opened) harm += 1;
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
      const answered = new Promise<void>((resolve, reject) => {
        acked = resolve;
        refused = reject;
      });
      send({ t: 'send', id: `said-${said}`, room, body });
      await answered;
    },
    get seq() {
      return position?.seq ?? 0;
    },
    get harm() {
      return harm;
    },
  };
}
