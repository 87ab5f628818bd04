/**
 * Hands a push to the page's service worker as the browser's push service would: for where there is none,
 * or nobody else who could write. From there on it is treated like any other.
 */
import * as v from 'valibot';
import { runningWorker } from './pageWorker';
import { type HandedOver, outcomeSchema, type PushOutcome } from './pushMessages';

export interface HandOverOptions {
  /** The page's worker, running, if that is not to be the browser's own. Rejects where there can be none. */
  worker?(): Promise<Pick<ServiceWorker, 'postMessage'>>;
  /** Ms that its answer may take. */
  timeoutMs?: number;
}

/** A worker may have to be started first. */
const defaultTimeoutMs = 10_000;

/** `text` is the payload. Rejects with an error if the worker does not answer in its time. */
export async function handOverPush(
  text: string,
  { worker = runningWorker, timeoutMs = defaultTimeoutMs }: HandOverOptions = {},
): Promise<PushOutcome> {
  const active = await worker();
  const { port1, port2 } = new MessageChannel();
  try {
    return await new Promise<PushOutcome>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`the service worker said nothing in ${timeoutMs} ms`)),
        timeoutMs,
      );
      port1.onmessage = ({ data }: MessageEvent<unknown>) => {
        clearTimeout(timer);
        const outcome = v.safeParse(outcomeSchema, data);
        if (outcome.success) resolve(outcome.output);
        else reject(new Error('the service worker answered what is no outcome of a push'));
      };
      const message: HandedOver = { type: 'hand over a push', text };
      active.postMessage(message, [port2]);
    });
  } finally {
    port1.close();
  }
}
