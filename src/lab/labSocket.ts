/**
 * A socket with the lab's hand in it: it looks like the one that it wraps, is recorded, and has whatever is
 * wrong with the line at the moment. What is frozen is not told to anybody. Like bytes that a real network
 * swallows and the machine sends again, it arrives after all if the line thaws while both ends still wait.
 */
import type { SocketClose } from '../connection/contract';
import type { Random, SendData, Socket, SocketData, Time } from '../connection/ports';
import type { Happening } from './eventRing';
import { createLane } from './lane';
import type { Faults, FrameFate } from './types';

export interface LabSocketOptions {
  url: string;
  /** Makes the real one. It throws on an address that no socket could have. */
  open(): Socket;
  faults(): Faults;
  time: Time;
  random: Random;
  record(happening: Happening): void;
  /** Nothing is left that the lab could do to it. */
  onGone(): void;
}

export interface LabSocket extends Socket {
  /** The line ends by itself, or by the server's will. */
  end(close: SocketClose): void;
  faultsChanged(): void;
}

/** RFC 6455 section 7.1.5: what is told of a line that ended without a closing handshake. */
export const brokenLine: SocketClose = { code: 1006, reason: '', wasClean: false };

/** A line that holds more than this each way is no line: who sends so much gives up. In bytes. */
const mostHeldBytes = 16_777_216;

const connecting = 0;
const open = 1;
const closing = 2;
const closed = 3;

export function createLabSocket(options: LabSocketOptions): LabSocket {
  const { url, faults, time, random, record, onGone } = options;
  let inner: Socket | undefined;
  let readyState: number = connecting;
  let binaryType: BinaryType = 'blob';

  const laneOf = (direction: 'in' | 'out') =>
    createLane({
      time,
      isFrozen() {
        const { frozen } = faults();
        // To open takes both ways.
        return frozen === direction || frozen === 'both' || (frozen !== 'no' && !readyState);
      },
      delayMs: () => faults().delayMs,
    });
  const incoming = laneOf('in');
  const outgoing = laneOf('out');

  /** How often a message arrives. */
  function copies(): number {
    const { lostPercent, duplicatedPercent } = faults();
    if (lostPercent > 0 && random() * 100 < lostPercent) return 0;
    return duplicatedPercent > 0 && random() * 100 < duplicatedPercent ? 2 : 1;
  }

  /** Puts a message on its way, and records what becomes of it: what comes, when the page is handed it. */
  function travel(direction: 'in' | 'out', data: SendData, arrive: () => void) {
    const lane = direction === 'in' ? incoming : outgoing;
    const bytes = byteLengthOf(data);
    const text = typeof data === 'string' ? data : undefined;
    const recordFrame = (fate: FrameFate | undefined) =>
      record({ kind: 'frame', direction, text, bytes, fate });
    const count = copies();
    if (count === 0) return recordFrame('lost');
    const isFrozen = lane.isFrozen();
    const isHeld = lane.isHolding();
    if (isFrozen) recordFrame('lost');
    for (let copy = 0; copy < count; copy += 1) {
      const fate = copy > 0 ? 'duplicated' : isHeld ? 'delayed' : undefined;
      const isToldLater = direction === 'in' || isFrozen;
      if (!isToldLater) recordFrame(fate);
      const pass = () => {
        if (direction === 'in' && readyState !== open) return;
        if (isToldLater) recordFrame(fate);
        arrive();
      };
      lane.put(pass, bytes);
    }
    if (lane.bytes() > mostHeldBytes) breakLine();
  }

  /** The real line ends; whoever is frozen is not told of it yet. */
  function breakLine() {
    letGo();
    incoming.put(() => end(brokenLine));
  }

  /** Lets go of the real socket, and of all that is under way. */
  function letGo() {
    incoming.clear();
    outgoing.clear();
    if (!inner) return;
    inner.onopen = inner.onmessage = inner.onerror = inner.onclose = null;
    inner.close();
    inner = undefined;
  }

  function failed(event: Event = new Event('error')) {
    if (readyState >= closing) return;
    record({ kind: 'socket', what: 'error', url });
    socket.onerror?.(event);
  }

  function end(close: SocketClose) {
    if (!close.wasClean) failed();
    ended(close);
  }

  function ended(close: SocketClose) {
    if (readyState === closed) return;
    const isLeft = readyState === closing;
    readyState = closed;
    letGo();
    onGone();
    if (!isLeft) record({ kind: 'socket', what: 'closed', url, ...close });
    socket.onclose?.(new LineClosed(close));
  }

  function start() {
    if (readyState !== connecting) return;
    const opening = options.open();
    inner = opening;
    opening.binaryType = binaryType;
    opening.onopen = (event) =>
      incoming.put(() => {
        if (readyState !== connecting) return;
        readyState = open;
        record({ kind: 'socket', what: 'open', url });
        incoming.changed();
        outgoing.changed();
        socket.onopen?.(event);
      });
    opening.onmessage = (event) => travel('in', event.data, () => socket.onmessage?.(event));
    opening.onerror = (event) => incoming.put(() => failed(event));
    opening.onclose = ({ code, reason, wasClean }) =>
      incoming.put(() => ended({ code, reason, wasClean }));
  }

  /** Who is to be connected later cannot be told of a bad address by an exception. */
  function startLate() {
    try {
      start();
    } catch {
      end(brokenLine);
    }
  }

  const socket: LabSocket = {
    onopen: null,
    onmessage: null,
    onerror: null,
    onclose: null,
    get readyState() {
      return readyState;
    },
    get bufferedAmount() {
      return (inner?.bufferedAmount ?? 0) + outgoing.bytes();
    },
    get binaryType() {
      return binaryType;
    },
    set binaryType(type) {
      binaryType = type;
      if (inner) inner.binaryType = type;
    },
    send(data) {
      if (readyState === connecting)
        throw new DOMException('the socket is still connecting', 'InvalidStateError');
      if (readyState === open) travel('out', data, () => inner?.send(data));
    },
    close(code, reason) {
      if (readyState >= closing) return;
      readyState = closing;
      const isOnPurpose = code !== undefined;
      const how = isOnPurpose ? { code, reason: reason ?? '', wasClean: true } : {};
      record({ kind: 'socket', what: isOnPurpose ? 'closed' : 'abandoned', url, ...how });
      // What was sent before it goes first, as on a real line.
      if (inner)
        outgoing.put(() => {
          inner?.close(code, reason);
          onGone();
        });
      else time.after(0, () => end(brokenLine));
    },
    end,
    faultsChanged() {
      incoming.changed();
      outgoing.changed();
    },
  };

  record({ kind: 'socket', what: 'opening', url });
  const { isRefusing, isOffline } = faults();
  if (isRefusing || isOffline) time.after(0, () => end(brokenLine));
  else if (outgoing.isHolding()) outgoing.put(startLate);
  else start();
  return socket;
}

function byteLengthOf(data: SendData | SocketData): number {
  if (typeof data === 'string') return utf8.encode(data).length;
  return data instanceof Blob ? data.size : data.byteLength;
}

const utf8 = new TextEncoder();

/** A close event: not everywhere can one be made. */
class LineClosed extends Event implements CloseEvent {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;

  constructor({ code, reason, wasClean }: SocketClose) {
    super('close');
    this.code = code;
    this.reason = reason;
    this.wasClean = wasClean;
  }
}
