/**
 * The companion for a host that is loaded piece by piece: its code is fetched once the heart beats, so that
 * nobody waits for it before they can chat.
 */
import type { Companion, CompanionOptions } from './companion';

/** How much later than the host it begins, in ms: what the chat itself needs is fetched by then. */
const laterMs = 1_000;

/** The same as `createCompanion`, a little later. Where its code cannot be had there is none. */
export function createLaterCompanion(options: CompanionOptions): Companion {
  const { time, onError } = options;
  let companion: Companion | undefined;
  let isStopped = false;

  async function begin() {
    const { createCompanion } = await import('./companion');
    if (!isStopped) companion = createCompanion(options);
  }

  const cancel = time.after(laterMs, () => void begin().catch(onError));
  return {
    stop() {
      isStopped = true;
      cancel();
      companion?.stop();
    },
  };
}
