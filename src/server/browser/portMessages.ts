/**
 * What passes between a page's socket and the server in the browser, over a message port: a WebSocket's
 * texts as they are, what is binary, and around them what a WebSocket does out of sight. Both ends are of one build.
 */
import * as v from 'valibot';

/**
 * How well the server keeps what is said. `blocked`: a page with an older version holds the storage, and is
 * waited for. `full`: nothing new can be kept until there is room. `newer`: what is kept was written by a
 * later version, so all is in memory for now. `none`: the browser keeps nothing here, likewise.
 */
export const storageStates = ['kept', 'blocked', 'full', 'newer', 'none'] as const;
export type StorageState = (typeof storageStates)[number];

/** So much of what was sent was taken by the other end: it is no longer on its way. */
const taken = v.object({ t: v.literal('taken'), length: v.number() });
const close = v.object({ t: v.literal('close'), code: v.number(), reason: v.string() });

/** Of whichever realm: what was posted is made anew. */
const arrayBuffer = v.custom<ArrayBuffer>(
  (value) => Object.prototype.toString.call(value) === '[object ArrayBuffer]',
  'bytes are an ArrayBuffer',
);

const pageMessage = v.union([
  v.string(),
  v.variant('t', [
    /** Always first. `lock` is held by the page for as long as the line lasts, if it can hold any. */
    v.object({
      t: v.literal('open'),
      protocols: v.array(v.string()),
      lock: v.optional(v.string()),
    }),
    v.object({ t: v.literal('binary'), bytes: arrayBuffer }),
    taken,
    close,
  ]),
]);
export type PageMessage = v.InferOutput<typeof pageMessage>;

const heartMessage = v.union([
  v.string(),
  v.variant('t', [
    /** The line is open. `lock` is held by the server for as long as it lives, if it can hold any. */
    v.object({ t: v.literal('open'), lock: v.optional(v.string()) }),
    /** The line does not come about. */
    v.object({ t: v.literal('refused') }),
    v.object({ t: v.literal('storage'), state: v.picklist(storageStates) }),
    taken,
    close,
  ]),
]);
export type HeartMessage = v.InferOutput<typeof heartMessage>;

/** Undefined for what the other end would never say. */
export function readPageMessage(data: unknown): PageMessage | undefined {
  const parsed = v.safeParse(pageMessage, data);
  return parsed.success ? parsed.output : undefined;
}

/** Undefined for what the other end would never say. */
export function readHeartMessage(data: unknown): HeartMessage | undefined {
  const parsed = v.safeParse(heartMessage, data);
  return parsed.success ? parsed.output : undefined;
}

/** The part of a MessagePort that is used here. */
export interface Port {
  onmessage: ((event: MessageEvent<unknown>) => void) | null;
  postMessage(message: PageMessage | HeartMessage): void;
  close(): void;
}
