/** What becomes of a text that is longer than a message may be: this page's own word, before the server's. */
import { limits } from '../protocol/limits';
import type { SendFailure } from './types';

export const tooLong: SendFailure = {
  code: 'too_long',
  message: `a message has at most ${limits.bodyLength} characters`,
};
