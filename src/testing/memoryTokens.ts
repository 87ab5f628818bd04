/** For tests: the token of one user, as the pages of a browser keep it. */
import type { TokenStorage } from '../chat/signIn';

export function createMemoryTokens(token?: string): TokenStorage {
  let kept = token;
  return {
    get: () => kept,
    set(next) {
      kept = next;
    },
    clear() {
      kept = undefined;
    },
  };
}
