/**
 * A text that comes bit by bit, as the messages that it becomes: no more goes into one than it may hold, and
 * none is cut within a character, nor within a line where that can be helped. Line breaks at the end of a
 * message are left out, as a shell does with what a command prints.
 */
import { codePointCount, limits } from '../../protocol/limits';

/** More of a message: where it begins in it, in UTF-16 code units. */
export interface TextPiece {
  readonly at: number;
  readonly text: string;
}

const isBlank = (text: string) => /^[\r\n]*$/.test(text);

const withoutLastBreaks = (text: string) => text.replace(/[\r\n]+$/, '');

const withoutFirstBreaks = (text: string) => text.replace(/^[\r\n]+/, '');

export class StreamedText {
  /** What is shown of the message by now. */
  #shown = '';
  #count = 0;
  /** What has come behind it. */
  #waiting = '';

  add(text: string): void {
    this.#waiting += text;
    // A message has at least something to be seen, so that breaks without end need no place.
    if (this.#shown === '') this.#waiting = withoutFirstBreaks(this.#waiting);
  }

  /** What can be shown now, if there is anything. */
  takePiece(): TextPiece | undefined {
    const at = this.#shown.length;
    const text = firstOf(this.#waiting, limits.bodyLength - this.#count);
    if (text === '') return undefined;
    this.#shown += text;
    this.#count += codePointCount(text);
    this.#waiting = this.#waiting.slice(text.length);
    return { at, text };
  }

  /** More has come than the message may hold. */
  get isOverfull(): boolean {
    const isFull = this.#count >= limits.bodyLength;
    return isFull && (!isBlank(this.#waiting) || this.#waiting.length > limits.bodyLength);
  }

  /** How long the message is by now, in UTF-16 code units. */
  get length(): number {
    return this.#shown.length;
  }

  /** What is shown, from its beginning. */
  get shown(): string {
    return this.#shown;
  }

  /** Ends the message with all that it holds: its text, '' if there is none. */
  takeAll(): string {
    return this.#end(this.#shown.length);
  }

  /** Ends it where a line or a word ends, if one does in its second half; the rest begins the next message. */
  takeLines(): string {
    const half = this.#shown.length / 2;
    const places = [this.#shown.lastIndexOf('\n') + 1, this.#shown.lastIndexOf(' ') + 1];
    return this.#end(places.find((place) => place > half) ?? this.#shown.length);
  }

  #end(place: number): string {
    const text = withoutLastBreaks(this.#shown.slice(0, place));
    this.#waiting = withoutFirstBreaks(this.#shown.slice(place) + this.#waiting);
    this.#shown = '';
    this.#count = 0;
    return text;
  }
}

/** The first `most` code points of a text. */
function firstOf(text: string, most: number): string {
  if (text.length <= most) return text;
  let [units, left] = [0, most];
  for (const character of text) {
    if (left === 0) break;
    units += character.length;
    left -= 1;
  }
  return text.slice(0, units);
}
