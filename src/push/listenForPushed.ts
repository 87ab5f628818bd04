/** Tells a page of the pushes that the browser's push service brings to its service worker. */
import * as v from 'valibot';
import { pushedSchema } from './pushMessages';

/** Calls back for each, on every page of the worker. Returns its end. Without a `container` none comes. */
export function listenForPushed(
  container: Pick<ServiceWorkerContainer, 'addEventListener' | 'removeEventListener'> | undefined,
  onPush: () => void,
): () => void {
  const hear = ({ data }: MessageEvent<unknown>) => {
    if (v.is(pushedSchema, data)) onPush();
  };
  container?.addEventListener('message', hear);
  return () => container?.removeEventListener('message', hear);
}
