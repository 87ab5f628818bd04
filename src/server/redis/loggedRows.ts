/** A message as the log's scripts take it and give it back. */
import * as v from 'valibot';
import { aboutKindSchema, type LoggedMessage } from '../../protocol/frames';
import type { Draft } from '../log/log';

/** The arguments of `appendScript` for one message. */
export function argsOf({ from, id, mid, body, at, about }: Draft): string[] {
  // The scripts find the mid at the beginning.
  const fields = {
    mid,
    id,
    from,
    at,
    ...(about && { about: { kind: about.kind, seq: about.seq } }),
  };
  return [
    from.id,
    mid,
    String(at),
    JSON.stringify(fields).slice(1, -1),
    JSON.stringify(body),
    String(body.length),
    about?.kind ?? '',
    about ? String(about.seq) : '',
    about?.mid ?? '',
  ];
}

/** What is stored was checked when it came; another version may have had other bounds. */
export const loggedSchema = v.object({
  seq: v.number(),
  mid: v.string(),
  id: v.string(),
  from: v.object({ id: v.string(), name: v.string(), tag: v.optional(v.string()) }),
  body: v.string(),
  at: v.number(),
  about: v.optional(v.object({ kind: aboutKindSchema, seq: v.number() })),
  edited: v.optional(v.number()),
  deleted: v.optional(v.number()),
});
const loggedTextSchema = v.pipe(v.string(), v.parseJson(), loggedSchema);

/** Throws a ValiError on what is no message. */
export const parseLogged = (text: string): LoggedMessage => v.parse(loggedTextSchema, text);
