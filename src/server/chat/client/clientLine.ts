/**
 * A client's line as its connection uses it: what is sent in one turn leaves together, reading stops for
 * as long as anybody has a reason, and a close that hangs is ended.
 */
import type { Cancel, Time } from '../../../connection/ports';
import { type CloseCode, closeCodes } from '../../../protocol/closeCodes';
import type { ClientLink, SharedTexts } from '../ports';
import { packFrames } from '../room/packFrames';

/** Whoever speaks on the line. */
export interface LineOwner {
  /** The line is being closed, by the owner or because the client reads too slowly. Called once. */
  closing(why: CloseCode): void;
}

/** What all lines of a server share. */
export interface LineHost {
  readonly time: Time;
  /** Calls `line.flush` once all that has come is taken. */
  flushSoon(line: ClientLine): void;
}

/** What a client may leave unread before it is sent away, in bytes: it resumes where it stood. */
export const maxUnreadBytes = 4 * 1024 * 1024;

/** From so many unread bytes on, what only counts while it is fresh is left out. */
export const behindBytes = 64 * 1024;

/** From so much text on, in UTF-16 units, a frame leaves without waiting for others. */
const longText = 16 * 1024;

/** What closing may take before the line is ended, in ms: on a dead one it would hang for 30 s. */
const closeTimeoutMs = 1_000;

/** How long a line that fell silent may stay, in ms: longer than any client takes to notice. */
export const maxSilenceMs = 600_000;

/** The same where the word of it stands behind all that is unread. */
const slowCloseTimeoutMs = 3_000;

export class ClientLine {
  readonly #host: LineHost;
  readonly #link: ClientLink;
  readonly #owner: LineOwner;
  /** Frames that leave at the end of this turn; undefined while there are none. */
  #waiting: string[] | undefined;
  #pauses = 0;
  #isClosing = false;
  #isSilent = false;
  #cancelClose: Cancel | undefined;

  constructor(host: LineHost, link: ClientLink, owner: LineOwner) {
    this.#host = host;
    this.#link = link;
    this.#owner = owner;
  }

  get address(): string {
    return this.#link.address;
  }

  get isTrusted(): boolean {
    return this.#link.isTrusted === true;
  }

  /** Nothing is sent any more. */
  get isClosing(): boolean {
    return this.#isClosing;
  }

  /** Sends an encoded frame, at the end of this turn with its neighbours. */
  send(frame: string): void {
    if (this.#isClosing || this.#isSilent) return;
    if (this.#waiting) {
      this.#waiting.push(frame);
    } else {
      this.#waiting = [frame];
      this.#host.flushSoon(this);
    }
    if (frame.length >= longText) this.flush();
  }

  sendShared(shared: SharedTexts): void {
    if (this.#isClosing || this.#isSilent || shared.texts.length === 0) return;
    this.#link.sendShared(shared);
    this.#endIfTooSlow();
  }

  /** The same, behind what was sent before. */
  sendInTurn(shared: SharedTexts): void {
    this.cork();
    this.flush();
    this.sendShared(shared);
    this.uncork();
  }

  /** Hands over what was sent so far. */
  flush(): void {
    if (!this.#waiting) return;
    const frames = this.#waiting;
    this.#waiting = undefined;
    for (const text of packFrames(frames)) this.#link.send(text);
    this.#endIfTooSlow();
  }

  isBehind(): boolean {
    return this.#link.unreadBytes() > behindBytes;
  }

  unreadBytes(): number {
    return this.#link.unreadBytes();
  }

  cork(): void {
    this.#link.cork();
  }

  uncork(): void {
    this.#link.uncork();
  }

  async flushed(): Promise<void> {
    this.flush();
    await this.#link.flushed();
  }

  /** Stops reading until `resume`; several reasons may hold at once. */
  pause(): void {
    this.#pauses += 1;
    if (this.#pauses === 1) this.#link.pause();
  }

  resume(): void {
    this.#pauses -= 1;
    if (this.#pauses === 0) this.#link.resume();
  }

  /** From now on what is sent is lost. The line is ended once nobody can be waiting for it any more. */
  fallSilent(): void {
    if (this.#isClosing || this.#isSilent) return;
    this.flush();
    if (this.#isClosing) return;
    this.#isSilent = true;
    this.#cancelClose = this.#host.time.after(maxSilenceMs, () => this.#link.terminate());
  }

  /** Sends what waits, then closes; ends the line if that hangs. */
  close(why: CloseCode): void {
    if (this.#isClosing) return;
    this.flush();
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#owner.closing(why);
    // Its answer to the close could not be read otherwise.
    if (this.#pauses > 0) this.#link.resume();
    this.#link.close(why.code, why.reason);
    const timeoutMs = why === closeCodes.tooSlow ? slowCloseTimeoutMs : closeTimeoutMs;
    this.#cancelClose?.();
    this.#cancelClose = this.#host.time.after(timeoutMs, () => this.#link.terminate());
  }

  /** The line has ended. */
  ended(): void {
    this.#isClosing = true;
    this.#waiting = undefined;
    this.#cancelClose?.();
  }

  #endIfTooSlow(): void {
    if (this.#link.unreadBytes() > maxUnreadBytes) this.close(closeCodes.tooSlow);
  }
}
