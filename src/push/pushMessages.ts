/** What a page and its service worker say to each other of pushes. */
import * as v from 'valibot';

/** To the worker: to be treated as a push that came. Answered on the port that comes with it. */
export const handedOverSchema = v.object({ type: v.literal('hand over a push'), text: v.string() });
export type HandedOver = v.InferOutput<typeof handedOverSchema>;

/** Its answer. `not allowed`: it was received, and the page may show no notifications. */
export const outcomeSchema = v.picklist(['shown', 'not allowed']);
export type PushOutcome = v.InferOutput<typeof outcomeSchema>;

/** To every window of the page: the push service has brought a push. */
export const pushedSchema = v.object({ type: v.literal('pushed') });
export type Pushed = v.InferOutput<typeof pushedSchema>;
