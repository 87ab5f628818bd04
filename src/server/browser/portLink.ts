/**
 * A message port as a line of the chat's heart. What a WebSocket does below its frames is done here: the
 * subprotocol is agreed on, a message that is too large ends the line, what the page has not taken yet is
 * counted, and a page that ends without a word is noticed by its lock.
 */
import type { Cancel } from '../../connection/ports';
import { closeCodes } from '../../protocol/closeCodes';
import { subprotocol } from '../../protocol/frames';
import { limits } from '../../protocol/limits';
import type { ClientHandle, ClientLink, SharedTexts } from '../chat/ports';
import { type Locks, whenLockIsFree } from './lockWatch';
import { type HeartMessage, type PageMessage, type Port, readPageMessage } from './portMessages';

export interface PortLinkOptions {
  /** Names the page to what limits by address. */
  address: string;
  /** The heart's own lock, which tells the page that it lives. */
  heartLock: string | undefined;
  locks: Locks | undefined;
  accept(link: ClientLink): ClientHandle;
  /** The line has ended. */
  onEnd(): void;
}

/** A line as its host sees it. */
export interface PortLine {
  /** Says something beside the conversation. */
  tell(message: HeartMessage): void;
}

/** At or below so much untaken text, in UTF-16 units, a line counts as flushed. */
const flushedLength = 256 * 1024;

/** What a line that is not read may gather, in UTF-16 units; then it is ended. */
const maxHeldLength = 4 * 1024 * 1024;

/** What a line is told that ended without a word. RFC 6455 section 7.1.5. */
const withoutWord = 1006;

/** Opens the line that a page's `open` asks for, on the port that it came on. */
export function openPortLink(
  port: Port,
  { protocols, lock }: Extract<PageMessage, { t: 'open' }>,
  options: PortLinkOptions,
): PortLine | undefined {
  const { address, heartLock, locks, accept, onEnd } = options;
  /** What was posted and not taken, in UTF-16 units: half of the bytes that it takes, or less. */
  let untaken = 0;
  let onTaken: (() => void)[] = [];
  /** What came while the line was not read. */
  let held: PageMessage[] | undefined;
  let heldLength = 0;
  let hasEnded = false;
  let unwatch: Cancel = () => {};
  /** What the line ends with once the page has let go of it: its lock may be heard of before its answer. */
  let endsWith = withoutWord;

  const post = (message: HeartMessage) => {
    if (!hasEnded) port.postMessage(message);
  };

  if (!protocols.includes(subprotocol)) {
    post({ t: 'refused' });
    port.close();
    onEnd();
    return undefined;
  }

  function send(text: string) {
    untaken += text.length;
    post(text);
  }

  function end(code: number) {
    if (hasEnded) return;
    hasEnded = true;
    unwatch();
    port.onmessage = null;
    port.close();
    for (const resolve of onTaken) resolve();
    handle.closed(code);
    onEnd();
  }

  /** Ends the line with a word to the page. */
  function close(code: number, reason: string) {
    endsWith = code;
    post({ t: 'close', code, reason });
  }

  function receive(message: PageMessage) {
    if (held) return hold(message, held);
    if (typeof message === 'string') {
      if (isTooBig(message)) return failWith(closeCodes.frameTooBig.code);
      handle.receive(message);
      post({ t: 'taken', length: message.length });
    } else if (message.t === 'binary') {
      const { byteLength: length } = message.bytes;
      if (length > limits.frameBytes) return failWith(closeCodes.frameTooBig.code);
      handle.receiveBinary(new Uint8Array(message.bytes));
      post({ t: 'taken', length });
    }
  }

  function hold(message: PageMessage, waiting: PageMessage[]) {
    waiting.push(message);
    heldLength += lengthOf(message);
    if (heldLength > maxHeldLength) failWith(closeCodes.tooSlow.code);
  }

  function failWith(code: number) {
    close(code, '');
    end(code);
  }

  function takeHeld() {
    const waiting = held ?? [];
    held = undefined;
    heldLength = 0;
    for (const [index, message] of waiting.entries()) {
      // Reading one of them may have stopped the line again.
      if (held) for (const later of waiting.slice(index)) hold(later, held);
      if (held || hasEnded) return;
      receive(message);
    }
  }

  const link: ClientLink = {
    address,
    send,
    sendShared: ({ texts }: SharedTexts) => {
      for (const text of texts) send(text);
    },
    cork() {},
    uncork() {},
    unreadBytes: () => untaken,
    flushed: () =>
      untaken <= flushedLength || hasEnded
        ? Promise.resolve()
        : new Promise((resolve) => onTaken.push(resolve)),
    close,
    terminate: () => end(withoutWord),
    pause() {
      held ??= [];
    },
    resume: takeHeld,
  };

  port.onmessage = ({ data }) => {
    const message = readPageMessage(data);
    if (message === undefined || hasEnded) return;
    if (typeof message === 'string' || message.t === 'binary') return receive(message);
    if (message.t === 'taken') {
      untaken -= message.length;
      if (untaken > flushedLength) return;
      for (const resolve of onTaken) resolve();
      onTaken = [];
    } else if (message.t === 'close') {
      post(message);
      end(message.code);
    }
  };
  post({ t: 'open', ...(heartLock !== undefined && { lock: heartLock }) });
  const handle = accept(link);
  if (lock !== undefined) unwatch = whenLockIsFree(locks, lock, () => end(endsWith));
  return { tell: post };
}

function lengthOf(message: PageMessage): number {
  if (typeof message === 'string') return message.length;
  return message.t === 'binary' ? message.bytes.byteLength : 1;
}

/** A WebSocket of a server in Node takes no more either. */
function isTooBig(text: string): boolean {
  if (text.length * 3 <= limits.frameBytes) return false;
  return new TextEncoder().encode(text).length > limits.frameBytes;
}
