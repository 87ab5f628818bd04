/**
 * A WebSocket as a line of the chat's heart. What is sent is written as whole frames straight to the
 * stream below the socket, which the host has from the upgrade: the `ws` library frames each message anew
 * for each socket, which at many sockets costs more than all else. It writes its own frames (close,
 * pongs) whole and at once too, so the two never mix within a frame.
 */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { ClientLink, SharedTexts } from '../chat/ports';
import { textFrames } from './textFrame';

/** At or below this many unread bytes a line counts as flushed: more can be prepared for it. */
const flushedBytes = 256 * 1024;

/** From so much text on, in UTF-16 units, compression is worth its time, where it was asked for. */
const compressedLength = 1_024;

const nothing = Buffer.alloc(0);

/** The frames of what goes to many, for as long as somebody holds the texts. */
const sharedFrames = new WeakMap<SharedTexts, Buffer>();

function framesOf(shared: SharedTexts): Buffer {
  const known = sharedFrames.get(shared);
  if (known) return known;
  const frames = textFrames(shared.texts);
  sharedFrames.set(shared, frames);
  return frames;
}

export class SocketLink implements ClientLink {
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  /** An extension was agreed on, of which there is only compression. */
  readonly #isCompressing: boolean;
  /** Of the latest frame, where they are compressed; undefined elsewhere. */
  #lastSent: Promise<void> | undefined;

  /** `address` is the client's, as limits count it. */
  constructor(
    socket: WebSocket,
    stream: Duplex,
    readonly address: string,
  ) {
    this.#socket = socket;
    this.#stream = stream;
    this.#isCompressing = socket.extensions !== '';
  }

  get #isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  send(text: string): void {
    if (!this.#isOpen) return;
    if (this.#isCompressing) this.#sendInTurn(text);
    else this.#stream.write(textFrames([text]));
  }

  sendShared(shared: SharedTexts): void {
    if (!this.#isOpen) return;
    if (this.#isCompressing) for (const text of shared.texts) this.#sendInTurn(text);
    else this.#stream.write(framesOf(shared));
  }

  /** Compressing takes time: whatever was sent later, long or short, has to wait for it. */
  #sendInTurn(text: string): void {
    this.#lastSent = new Promise((resolve) => {
      this.#socket.send(text, { compress: text.length >= compressedLength }, () => resolve());
    });
  }

  cork(): void {
    this.#stream.cork();
  }

  uncork(): void {
    this.#stream.uncork();
  }

  unreadBytes(): number {
    // What is being compressed is with the socket, and not in the stream yet.
    return this.#isCompressing ? this.#socket.bufferedAmount : this.#stream.writableLength;
  }

  async flushed(): Promise<void> {
    if (!this.#isOpen || this.unreadBytes() <= flushedBytes) return;
    if (this.#lastSent) return this.#lastSent;
    // Nothing is written after all that was written: its end is theirs. The stream itself would tell only
    // once it is empty, which behind a busy room it may never be.
    await new Promise<void>((resolve) => {
      this.#stream.write(nothing, () => resolve());
    });
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }
}
