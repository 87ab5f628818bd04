/**
 * One message that is being written before all eyes: its text so far, and how much of that has been told. Where
 * a piece begins in the text makes it safe to say it again: what is known is not put to it twice.
 */
import type { AboutSent } from '../../../protocol/about';
import type { ServerFrameOf } from '../../../protocol/frames';
import { codePointCount, limits } from '../../../protocol/limits';
import type { User } from '../../../protocol/user';

/** A piece of the text, from an offset in UTF-16 code units on. */
export interface Piece {
  readonly at: number;
  readonly text: string;
}

/** A piece of a message that is being written: as `stream` in the protocol has it. */
export interface StreamNews {
  readonly user: User;
  readonly id: string;
  readonly at: number;
  readonly text: string;
  readonly about?: AboutSent | undefined;
  /** It has ended, and no message takes its place. */
  readonly cut?: true | undefined;
}

/** What a piece was to the text: its next part, nothing new, beyond what is known, or more than a message holds. */
export type Merged = 'grown' | 'known' | 'gap' | 'too long';

export class LiveStream {
  /** How many UTF-16 units the members of its room were told here; undefined until they were told of it. */
  told: number | undefined;
  /** The same for the other gateways. */
  toldOthers: number | undefined;
  #text = '';
  #codePoints = 0;

  constructor(
    readonly room: string,
    readonly user: User,
    readonly id: string,
    readonly about: AboutSent | undefined,
  ) {}

  get text(): string {
    return this.#text;
  }

  /** Changes nothing where the piece is refused. */
  merge({ at, text }: Piece): Merged {
    const known = this.#text.length - at;
    if (known < 0) return 'gap';
    if (known >= text.length) return 'known';
    // Cut by an offset between two surrogates, it would have half a character.
    const more = text.slice(known).toWellFormed();
    const codePoints = this.#codePoints + codePointCount(more);
    if (codePoints > limits.bodyLength) return 'too long';
    this.#text += more;
    this.#codePoints = codePoints;
    return 'grown';
  }

  /** What was not told yet to who was told `told`; an empty piece if that is all. */
  since(told: number | undefined): Piece {
    const at = Math.min(told ?? 0, this.#text.length);
    return { at, text: this.#text.slice(at) };
  }

  /** A piece of it as members are told. */
  frameOf(piece: Piece): ServerFrameOf<'stream'> {
    const { room, id, user: from, about } = this;
    const frame: ServerFrameOf<'stream'> = { t: 'stream', room, id, from, ...piece };
    if (about) frame.about = { kind: about.kind, seq: about.seq };
    return frame;
  }

  /** The same as other gateways are told. */
  newsOf(piece: Pick<StreamNews, 'at' | 'text' | 'cut'>): StreamNews {
    const { user, id, about } = this;
    return { user, id, ...piece, ...(about && { about }) };
  }
}
