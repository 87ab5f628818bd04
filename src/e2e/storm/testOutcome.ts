/** Ends of a storm to be judged in tests: two people, and three messages that both have. */
import type { StormMessage, StormOutcome, StormRecord } from './stormOutcome';

/** A message whose id and author can be told from its text: "ann 1" is ann's, with the id "id-ann-1". */
export function message(body: string, seq: number | undefined, state = 'sent'): StormMessage {
  const [author = '', number = ''] = body.split(' ');
  return { id: `id-${author}-${number}`, seq, author, body, state };
}

export const inOrder = (...bodies: string[]) =>
  bodies.map((body, index) => message(body, index + 1));

export const room = inOrder('ann 1', 'bob 1', 'ann 2');

export function client(name: string, change: Partial<StormRecord> = {}): StormRecord {
  return {
    name,
    written: name === 'ann' ? ['ann 1', 'ann 2'] : ['bob 1'],
    shownAsSent: new Set(name === 'ann' ? ['id-ann-1', 'id-ann-2'] : ['id-bob-1']),
    retried: new Set(),
    streams: [],
    seenStreams: [],
    files: [],
    messages: room,
    ...change,
  };
}

export const outcome = (change: Partial<StormOutcome> = {}): StormOutcome => ({
  log: room,
  changes: [],
  clients: [client('ann'), client('bob')],
  ...change,
});
