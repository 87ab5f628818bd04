/**
 * What travels between the log and the thread that has its store: requests one way, replies the other,
 * each known by its number. Both ends are of one build; that they agree is checked all the same, for
 * what goes wrong here would be written to disk.
 */
import * as v from 'valibot';

const user = v.object({ id: v.string(), name: v.string(), tag: v.optional(v.string()) });
const draft = v.object({
  room: v.string(),
  from: user,
  id: v.string(),
  mid: v.string(),
  body: v.string(),
  at: v.number(),
});
const limit = v.object({ messages: v.number(), length: v.number() });
const reading = { n: v.number(), room: v.string(), seq: v.number() };

export const storeRequest = v.variant('call', [
  v.object({ call: v.literal('appendAll'), n: v.number(), drafts: v.array(draft) }),
  v.object({ call: v.literal('head'), n: v.number(), room: v.string() }),
  v.object({ call: v.literal('after'), ...reading, limit }),
  v.object({ call: v.literal('before'), ...reading, limit }),
  v.object({ call: v.literal('midAt'), ...reading }),
  v.object({ call: v.literal('close'), n: v.number() }),
]);
export type StoreRequest = v.InferOutput<typeof storeRequest>;
export type AppendRequest = Extract<StoreRequest, { call: 'appendAll' }>;

/** Either the result, which is the caller's to check, or why there is none. */
export const storeReply = v.union([
  v.object({ n: v.number(), error: v.string() }),
  v.object({ n: v.number(), result: v.unknown() }),
]);
export type StoreReply = v.InferOutput<typeof storeReply>;

const appended = v.object({
  epoch: v.string(),
  room: v.string(),
  seq: v.number(),
  mid: v.string(),
  at: v.number(),
  dup: v.boolean(),
});
const message = v.object({
  seq: v.number(),
  mid: v.string(),
  id: v.string(),
  from: user,
  body: v.string(),
  at: v.number(),
});
const page = v.object({
  epoch: v.string(),
  head: v.number(),
  messages: v.array(message),
  more: v.boolean(),
});

/** What each call's result is. */
export const storeResults = {
  appendAll: v.array(appended),
  head: v.object({ epoch: v.string(), seq: v.number(), mid: v.string() }),
  page,
  midAt: v.optional(v.string()),
  close: v.unknown(),
} as const;
