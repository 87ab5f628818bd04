/** Why a piece of what is written before all eyes is not taken. */
import { type ErrorCode, refusalWords } from '../../../protocol/errorCodes';
import { limits } from '../../../protocol/limits';

/** `bad_frame`: the text gets too long, or is written in another room. */
export type StreamRefusal = Extract<
  ErrorCode,
  'bad_frame' | 'stream_gap' | 'stream_ended' | 'too_many_streams'
>;

/** In words, for who wrote. */
export const whyNotWritten = (refusal: StreamRefusal): string =>
  refusal === 'bad_frame'
    ? `text: a message has at most ${limits.bodyLength} characters, and is in one room`
    : refusalWords[refusal];
