/**
 * Judges what became of messages that were written before everybody's eyes: what somebody was shown of one is a
 * beginning of what was written, its end is there once, and where its writer died what is left says so. Pure.
 */
import { quote, type StormMessage, type StormRecord, type StormStream } from './stormOutcome';

type Streams = ReadonlyMap<string, StormStream>;

const keyOf = ({ author, id }: { author: string; id: string }) => `${author}\0${id}`;

/** Every stream, by its author and id. */
export function streamsOf(clients: readonly Pick<StormRecord, 'name' | 'streams'>[]): Streams {
  return new Map(
    clients.flatMap(({ name, streams }) =>
      streams.map((stream) => [keyOf({ author: name, id: stream.id }), stream] as const),
    ),
  );
}

/** It is what a writer left that broke off, or died. */
export function isLeftBy(streams: Streams, message: StormMessage): boolean {
  const stream = streams.get(keyOf(message));
  return message.isCut === true && stream !== undefined && stream.text.startsWith(message.body);
}

/** The same, of one whose writer never ended it. */
export const isRemains = (streams: Streams, message: StormMessage): boolean =>
  isLeftBy(streams, message) && streams.get(keyOf(message))?.isEnded === false;

export interface StreamOutcome {
  readonly log: readonly StormMessage[];
  readonly clients: readonly StormRecord[];
  readonly streams: Streams;
}

/** What is wrong, in words. */
export function checkStreams({ log, clients, streams }: StreamOutcome): string[] {
  const faults: string[] = [];
  const inLog = new Set(log.map(keyOf));

  for (const message of log.filter(({ isCut }) => isCut)) {
    if (streams.get(keyOf(message))?.isEnded) {
      faults.push(`G3: the log has ${quote(message.body)} as broken off, though it was sent whole`);
    }
  }
  for (const { name, messages, seenStreams } of clients) {
    for (const seen of seenStreams) {
      if (streams.get(keyOf(seen))?.text.startsWith(seen.text)) continue;
      faults.push(
        `G2: ${name} was shown ${quote(seen.text)} by ${seen.author}, which does not begin what was written`,
      );
    }
    for (const message of messages.filter(({ live }) => live !== undefined)) {
      const { body, live } = message;
      if (live === 'writing') faults.push(`G6: ${name} still has ${quote(body)} as being written`);
      else if (inLog.has(keyOf(message))) {
        faults.push(
          `G2: ${name} still has ${quote(body)} as broken off, and the log has its message`,
        );
      } else if (streams.get(keyOf(message))?.isEnded) {
        faults.push(`G3, G6: ${name} has ${quote(body)} as broken off, though it was sent whole`);
      }
    }
  }
  return faults;
}
