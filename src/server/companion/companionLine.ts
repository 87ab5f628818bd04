/**
 * The companion's own line: a client of the heart like any other, but without a network between. It comes
 * in by a token, joins its room, answers heartbeats, and knows of each thing that it says whether and where
 * that is kept.
 */

import type { AboutSent } from '../../protocol/about';
import { decodeServerMessage, encode } from '../../protocol/codec';
import type { ErrorCode } from '../../protocol/errorCodes';
import type { ClientFrame, ServerFrame, ServerFrameOf } from '../../protocol/frames';
import type { User } from '../../protocol/user';
import type { ChatServer } from '../chat/chatServer';
import type { ClientHandle, ClientLink } from '../chat/ports';

/** Where something that was said is kept. */
export type Said = Pick<ServerFrameOf<'ack'>, 'seq' | 'mid'>;

/** A message that everybody sees grow. */
export interface Writing {
  /** Puts this to its text. */
  write(more: string): void;
  /** Says what was written: resolves as `say` does. */
  say(): Promise<Said | undefined>;
  /** Leaves it as it is. */
  breakOff(): void;
}

export interface CompanionLine {
  /** Resolves once it is kept, or with undefined if it is not: it was refused, or the line has ended. */
  say(body: string, about?: AboutSent): Promise<Said | undefined>;
  begin(): Writing;
  /** Lets the others know that something is being written. */
  typing(): void;
  /** Leaves for good. Nothing is called afterwards. */
  leave(): void;
}

export interface CompanionLineOptions {
  chat: Pick<ChatServer, 'accept'>;
  token: string;
  user: User;
  room: string;
  /** Makes ids that no other call makes. */
  newId(): string;
  onHello(hello: ServerFrameOf<'hello'>): void;
  onReady(ready: ServerFrameOf<'ready'>): void;
  /** What was said last in its room. Comes once, and perhaps after who is there. */
  onHistory(page: ServerFrameOf<'sync'>): void;
  onPresence(presence: ServerFrameOf<'presence'>): void;
  /** Something was said, by anyone, the companion too. */
  onMessage(message: ServerFrameOf<'msg'>): void;
  /** The heart said something that cannot be read. */
  onError(error: Error): void;
  /** The line has ended, with this close code. Called once. */
  onEnded(code: number): void;
}

/** RFC 6455 section 7.1.5: no close frame was received. */
const abnormal = 1006;

/** RFC 6455 section 7.4.1: gone on purpose. */
const normal = 1000;

export function openCompanionLine(options: CompanionLineOptions): CompanionLine {
  const { chat, token, user, room, newId } = options;
  const awaited = new Map<string, (said: Said | undefined) => void>();
  /** What came and was not read yet; what is to leave while the heart does not read. */
  let incoming: string[] = [];
  const outgoing: ClientFrame[] = [];
  let isPaused = false;
  let hasEnded = false;
  let hasLeft = false;

  /** What the heart sends is read in a turn of its own: it may be in the middle of something. */
  function take(texts: readonly string[]) {
    if (hasEnded || texts.length === 0) return;
    if (incoming.length === 0) queueMicrotask(read);
    incoming.push(...texts);
  }

  function read() {
    const texts = incoming;
    incoming = [];
    for (const decoded of texts.flatMap(decodeServerMessage)) {
      if (hasEnded) return;
      if ('error' in decoded) options.onError(new Error(decoded.error.message));
      else heed(decoded.frame);
    }
  }

  function heed(frame: ServerFrame) {
    switch (frame.t) {
      case 'hello':
        options.onHello(frame);
        send({ t: 'auth', token, name: user.name, resume: [] });
        return send({ t: 'join', room });
      case 'ready':
        return options.onReady(frame);
      case 'ping':
        return send({ t: 'pong', n: frame.n });
      case 'sync':
        return options.onHistory(frame);
      case 'presence':
        return options.onPresence(frame);
      case 'msg':
        return options.onMessage(frame);
      case 'ack':
        return answered(frame.id, { seq: frame.seq, mid: frame.mid });
      case 'err':
        // A piece that is not shown: it is said at the end all the same.
        if (frame.id === undefined || isOfPiece(frame.code)) return;
        return answered(frame.id, undefined);
    }
  }

  function answered(id: string, said: Said | undefined) {
    awaited.get(id)?.(said);
    awaited.delete(id);
  }

  function send(frame: ClientFrame) {
    if (hasEnded) return;
    if (isPaused) outgoing.push(frame);
    else handle.receive(encode(frame));
  }

  function resume() {
    isPaused = false;
    while (outgoing.length > 0 && !isPaused && !hasEnded) {
      const frame = outgoing.shift();
      if (frame) send(frame);
    }
  }

  function end(code: number) {
    if (hasEnded) return;
    hasEnded = true;
    outgoing.length = 0;
    handle.closed(code);
    for (const resolve of awaited.values()) resolve(undefined);
    awaited.clear();
    if (!hasLeft) options.onEnded(code);
  }

  const link: ClientLink = {
    address: 'companion',
    isTrusted: true,
    send: (text) => take([text]),
    sendShared: ({ texts }) => take(texts),
    cork() {},
    uncork() {},
    unreadBytes: () => 0,
    flushed: async () => {},
    // The heart goes on with what it was doing before it hears of the end.
    close: (code) => queueMicrotask(() => end(code)),
    terminate: () => queueMicrotask(() => end(abnormal)),
    pause() {
      isPaused = true;
    },
    resume,
  };
  const handle: ClientHandle = chat.accept(link);

  function sendAs(id: string, body: string, about?: AboutSent): Promise<Said | undefined> {
    if (hasEnded) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      awaited.set(id, resolve);
      send({ t: 'send', id, room, body, ...(about && { about }) });
    });
  }

  return {
    say: (body, about) => sendAs(newId(), body, about),
    begin() {
      const id = newId();
      let text = '';
      return {
        write(more) {
          send({ t: 'stream', id, room, at: text.length, text: more });
          text += more;
        },
        say: () => sendAs(id, text),
        breakOff: () => send({ t: 'stream', id, room, at: text.length, text: '', cut: true }),
      };
    },
    typing: () => send({ t: 'typing', room }),
    leave() {
      hasLeft = true;
      end(normal);
    },
  };
}

const pieceErrors: readonly string[] = [
  'stream_gap',
  'stream_ended',
  'too_many_streams',
] satisfies ErrorCode[];

const isOfPiece = (code: string): boolean => pieceErrors.includes(code);
