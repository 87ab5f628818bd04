/** What a page and its service worker say to each other about the page's files. */
import * as v from 'valibot';

export const workerMessageSchema = v.variant('type', [
  /** A worker that waits is to take over, from the one that open pages have. */
  v.object({ type: v.literal('take over') }),
  /** The first worker of a browser is to fetch the files, or those that it could not have before. */
  v.object({ type: v.literal('keep files') }),
  /** Answered on the port that comes with it, with a boolean: whether the file is one of its build. */
  v.object({ type: v.literal('has file'), url: v.string() }),
]);
export type WorkerMessage = v.InferOutput<typeof workerMessageSchema>;
