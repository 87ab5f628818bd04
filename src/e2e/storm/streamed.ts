/** Writes a text in a storm before everybody's eyes, until it ends or its writer is gone. */
import { setTimeout as delay } from 'node:timers/promises';
import type { StreamWriter } from '../../chat/streamWriter';
import type { Random } from '../../connection/ports';

/** How many pieces a text is written in, at most, and the longest pause before the next, in ms. */
const mostPieces = 30;
const mostPauseMs = 200;

/** Before some pieces somebody thinks for so long, in ms: longer than a line may be silent. */
const thinkingMs = 3_000;

/**
 * Resolves with whether the message was handed over whole. `isGone`: the writer has died, or broken off.
 */
export async function writeStreamed(
  writer: StreamWriter,
  text: string,
  random: Random,
  isGone: () => boolean,
): Promise<boolean> {
  const length = Math.ceil(text.length / Math.ceil(random() * mostPieces));
  for (let at = 0; at < text.length; at += length) {
    writer.write(text.slice(at, at + length));
    await delay(random() < 0.05 ? thinkingMs : random() * mostPauseMs);
    if (isGone()) return false;
  }
  let isHandedOver = true;
  // It rejects at once where it was not taken; what becomes of it later is seen in the list.
  const ended = writer.end().catch(() => {
    isHandedOver = false;
  });
  await Promise.race([ended, delay(0)]);
  return isHandedOver;
}
