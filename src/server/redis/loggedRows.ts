/** A message as the log's scripts take it and give it back. */
import * as v from 'valibot';
import type { LoggedMessage } from '../../protocol/message';
import type { Draft } from '../log/log';
import { storedMessageSchema } from '../log/storedMessage';

/** The arguments of `appendScript` for one message. */
export function argsOf({ from, id, mid, body, at, about, file, cut }: Draft): string[] {
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
    file ? JSON.stringify(file) : '',
    cut ? '1' : '',
  ];
}

const loggedTextSchema = v.pipe(v.string(), v.parseJson(), storedMessageSchema);

/** Throws a ValiError on what is no message. */
export const parseLogged = (text: string): LoggedMessage => v.parse(loggedTextSchema, text);
