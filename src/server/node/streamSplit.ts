/** What `?split` in the address of a stream asks for. */
import { ApiError } from './apiErrors';

/** Quiet for so long, a message is over: in s. */
const split = { least: 1, usual: 5, most: 50 };

/** In ms; undefined for a stream that is one message. Throws an ApiError for what is neither. */
export function splitMsIn(query: URLSearchParams): number | undefined {
  const text = query.get('split');
  if (text === null) return undefined;
  const seconds = text === '' ? split.usual : Number(text);
  if (Number.isInteger(seconds) && seconds >= split.least && seconds <= split.most) {
    return seconds * 1_000;
  }
  const range = `${split.least} to ${split.most}`;
  throw new ApiError('bad_field', `"split" in the address is wrong: it has to be ${range} seconds`);
}
