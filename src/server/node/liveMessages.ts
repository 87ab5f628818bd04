/**
 * One stream of a program: takes what comes, shows it, and keeps it as a message once it is over, or as one
 * after another. What cannot be taken now is waited for, and the program meanwhile not read: it feels that, and
 * nothing is lost. Whoever breaks off leaves what was shown, marked as cut.
 */
import type { Time } from '../../connection/ports';
import type { AboutSent } from '../../protocol/about';
import { limits } from '../../protocol/limits';
import {
  drainingAfterMs,
  type Place,
  type Program,
  type Programs,
  type Refused,
} from '../chat/programs';
import type { Said } from '../chat/room/posting';
import { ApiError, refusalAsError } from './apiErrors';
import type { BodyReader } from './requestBody';
import { StreamedText, type TextPiece } from './streamedText';

export interface LiveMessagesOptions {
  programs: Pick<Programs, 'identify' | 'post' | 'stream'>;
  time: Time;
  body: BodyReader;
  program: Program;
  /** Whether it still holds is looked at while the stream goes on. */
  token: string;
  room: string;
  roomKey: string | undefined;
  /** What the first message answers. */
  about: AboutSent | undefined;
  /** Quiet for so long, in ms, a message is over; undefined if there is but one, until the text ends. */
  splitMs: number | undefined;
  firstId: string;
}

/** How it has ended. */
export interface MessagesEnd {
  /** So many messages were kept. */
  readonly kept: number;
  readonly first: Place | undefined;
  readonly last: Place | undefined;
  /** The last one was there before. */
  readonly isRepeated: boolean;
  /** One of them was there before as broken off: what was said of it beyond that is not kept. */
  readonly isCut: boolean;
  /** Why it went no further, unless the text was over. */
  readonly refused: ApiError | undefined;
}

/** A single message is not waited for any longer, in ms: the room takes its writer for gone soon after. */
export const silenceMs = 55_000;

/** How often a stream without a message under way is looked at, in ms. */
const restMs = 600_000;

/** How often the token is looked at while much comes, in ms. */
const tokenEveryMs = 5_000;

/** How long a message is tried to be kept, in ms. */
const patienceMs = 30_000;

export class LiveMessages {
  readonly #options: LiveMessagesOptions;
  readonly #text = new StreamedText();
  readonly #decoder = new TextDecoder();
  /** Of the message under way. */
  #id: string;
  /** The room knows of the message under way. */
  #isShown = false;
  /** It is not shown, as there is no place for that, or it is there already. */
  #isUnseen = false;
  #kept = 0;
  #first: Place | undefined;
  #last: Place | undefined;
  #isCut = false;
  #tokenSeenAtMs: number;
  /** Why nothing more is taken from its user: the token proves nobody any more. */
  #isOut: ApiError | undefined;
  /** Ends the wait for its readers, or its allowance. */
  #endPause = () => {};

  constructor(options: LiveMessagesOptions) {
    this.#options = options;
    this.#id = options.firstId;
    this.#tokenSeenAtMs = options.time.now();
  }

  /** Resolves when the stream is over, however it ends. */
  async run(): Promise<MessagesEnd> {
    let refused: ApiError | undefined;
    try {
      await this.#takeAll();
    } catch (error) {
      refused = await this.#endRefused(error);
    }
    const isRepeated = this.#last?.dup === true;
    const [kept, first, last] = [this.#kept, this.#first, this.#last];
    return { kept, first, last, isRepeated, isCut: this.#isCut, refused };
  }

  /** The user has signed out: it ends at once, and what came before is kept. */
  signOut(): void {
    this.#isOut ??= new ApiError('bad_token', 'the user has signed out; what had come was kept');
    this.#options.body.stop('signed out');
    this.#endPause();
  }

  /** Says why it ends, once what is to be kept is. */
  async #endRefused(error: unknown): Promise<ApiError> {
    let refused = error;
    if (error === this.#isOut) {
      const isCut = this.#options.splitMs === undefined;
      await this.#keep(this.#text.takeAll(), { isCut }).catch((unkept: unknown) => {
        refused = unkept;
      });
    }
    this.#breakOff();
    if (refused instanceof ApiError) return refused;
    throw refused;
  }

  async #takeAll(): Promise<void> {
    const { body, splitMs } = this.#options;
    for (;;) {
      const heard = await body.next(this.#patienceMs());
      switch (heard) {
        case 'end':
          await this.#take(this.#decoder.decode());
          return this.#keep(this.#text.takeAll());
        case 'quiet':
          if (splitMs === undefined) return this.#endSilent();
          await this.#keep(this.#text.takeAll());
          await this.#lookAtToken();
          break;
        case 'signed out':
          return this.#lookAtToken();
        case 'stopped': {
          // What has no end of its own may end here as well as anywhere.
          await this.#keep(this.#text.takeAll(), { isCut: splitMs === undefined });
          const message = 'the server is restarting; what had come was kept';
          throw new ApiError('draining', message, { afterMs: drainingAfterMs });
        }
        case 'broken':
          throw new ApiError('too_slow', 'the text broke off');
        default:
          await this.#take(this.#decoder.decode(heard, { stream: true }));
      }
    }
  }

  #patienceMs(): number {
    const { splitMs } = this.#options;
    if (splitMs === undefined) return silenceMs;
    return this.#text.length > 0 ? splitMs : restMs;
  }

  async #take(more: string): Promise<void> {
    const { splitMs, time } = this.#options;
    this.#text.add(more);
    for (;;) {
      const piece = this.#text.takePiece();
      if (piece) await this.#show(piece);
      if (!this.#text.isOverfull) break;
      if (splitMs === undefined) return this.#endOverfull();
      await this.#keep(this.#text.takeLines());
    }
    if (time.now() - this.#tokenSeenAtMs >= tokenEveryMs) await this.#lookAtToken();
  }

  async #endSilent(): Promise<never> {
    await this.#keep(this.#text.takeAll(), { isCut: true });
    const message = `nothing came for ${silenceMs / 1_000} s: what had come was kept, as broken off; with ?split a stream may be quiet`;
    throw new ApiError('too_slow', message);
  }

  async #endOverfull(): Promise<never> {
    await this.#keep(this.#text.takeAll(), { isCut: true });
    const most = limits.bodyLength.toLocaleString('en');
    const message = `a message has at most ${most} characters: so many were kept, and the rest was not read; with ?split it goes on in another message`;
    throw new ApiError('too_long', message);
  }

  async #show({ at, text }: TextPiece): Promise<void> {
    if (this.#isUnseen) return;
    let answer = this.#write({ at, text });
    if ('refused' in answer && answer.refused.code === 'stream_gap') {
      answer = this.#write({ at: 0, text: this.#text.shown });
    }
    if ('refused' in answer) {
      const isFirst = this.#kept === 0 && at === 0;
      if (isFirst && answer.refused.code === 'too_many_streams')
        throw refusalAsError(answer.refused);
      // It is kept all the same, and what is wrong with it is said then.
      this.#isUnseen = true;
      return;
    }
    this.#isShown = true;
    if (answer.waitMs > 0) await this.#pause(answer.waitMs);
  }

  #write(piece: TextPiece & { cut?: true }): { waitMs: number } | Refused {
    const { programs, program, room, roomKey } = this.#options;
    const about = this.#about();
    const named = { ...piece, id: this.#id, room, ...(about && { about }) };
    return programs.stream(program, named, roomKey);
  }

  /** Only the first message answers another one. */
  #about(): AboutSent | undefined {
    return this.#kept === 0 ? this.#options.about : undefined;
  }

  /**
   * Keeps the message under way, and begins the next. An empty one is none. Whose token proves nobody any more is
   * told so, once what had come is kept.
   */
  async #keep(body: string, { isCut = false } = {}): Promise<void> {
    if (body === '') return;
    const { room, firstId, splitMs } = this.#options;
    const about = this.#about();
    const isOut = await this.#whyOut();
    const isBrokenOff = isCut || (isOut && splitMs === undefined);
    const said: Said = { id: this.#id, room, body, about, ...(isBrokenOff && { cut: true }) };
    const place = await this.#post(said);
    this.#kept += 1;
    this.#first ??= place;
    this.#last = place;
    this.#isCut ||= place.cut === true;
    this.#id = `${firstId}-${this.#kept + 1}`;
    this.#isShown = false;
    this.#isUnseen = false;
    if (isOut) throw isOut;
  }

  async #post(said: Said): Promise<Place> {
    const { programs, program, roomKey } = this.#options;
    for (let waitedMs = 0; ; ) {
      const answer = await programs.post(program, said, roomKey);
      if (!('refused' in answer)) return answer;
      const { code, afterMs } = answer.refused;
      const isFinal = afterMs === undefined || code === 'draining';
      if (isFinal || waitedMs + afterMs > patienceMs) {
        throw refusalAsError(answer.refused, { id: said.id });
      }
      waitedMs += afterMs;
      await this.#wait(afterMs);
    }
  }

  /** Throws an ApiError once the token proves nobody any more. */
  async #lookAtToken(): Promise<void> {
    const isOut = await this.#whyOut();
    if (isOut) throw isOut;
  }

  async #whyOut(): Promise<ApiError | undefined> {
    const { programs, token, program, time } = this.#options;
    if (this.#isOut) return this.#isOut;
    const user = await programs.identify(token, program.address);
    if ('refused' in user && user.refused.code === 'bad_token') {
      this.#isOut ??= refusalAsError(user.refused);
    }
    this.#tokenSeenAtMs = time.now();
    return this.#isOut;
  }

  #breakOff(): void {
    if (this.#isShown) this.#write({ at: this.#text.length, text: '', cut: true });
  }

  /** Waits, unless nothing more is taken anyway. */
  async #pause(forMs: number): Promise<void> {
    if (this.#isOut) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#options.time.after(forMs, resolve);
      this.#endPause = () => {
        cancel();
        resolve();
      };
    });
  }

  #wait(forMs: number): Promise<void> {
    return new Promise((resolve) => void this.#options.time.after(forMs, resolve));
  }
}
