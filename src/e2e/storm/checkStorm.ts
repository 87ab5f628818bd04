/**
 * Judges how a storm ended: the log and every client's list against what was written and what was
 * ever shown as sent. Pure. It names the guarantee that each wrong thing breaks.
 */
import { checkFiles, textsThatCame } from './checkFiles';
import { checkStreams, isLeftBy, isRemains, streamsOf } from './checkStreams';
import { quote, type StormMessage, type StormOutcome, type StormRecord } from './stormOutcome';

export interface StormVerdict {
  readonly written: number;
  /** Written messages that everybody has. */
  readonly delivered: number;
  /** Written messages that the log or somebody lacks. */
  readonly lost: number;
  /** Messages that the log or somebody has more than once. */
  readonly doubled: number;
  /** Messages that stand elsewhere than they should, in the log or with somebody. */
  readonly misordered: number;
  /** What is wrong, in words; empty when all is well. */
  readonly faults: readonly string[];
}

interface List {
  readonly owner: string;
  readonly messages: readonly StormMessage[];
}

export function checkStorm(outcome: StormOutcome): StormVerdict {
  const { changes } = outcome;
  const log = outcome.log.filter(isInRoom);
  const clients = outcome.clients.map((client) => withWhatCame(client, log));
  const lists: List[] = [
    { owner: 'the log', messages: log },
    ...clients.map(({ name, messages }) => ({ owner: name, messages: messages.filter(isInRoom) })),
  ];
  const written = clients.flatMap((client) => client.written);
  const authorOf = new Map(
    clients.flatMap((client) => client.written.map((body) => [body, client.name] as const)),
  );
  const streams = streamsOf(clients);
  const places = placesWithout(changes, log.length);
  const lost = new Set<string>();
  const doubled = new Set<string>();
  const misordered = new Set<string>();
  const faults: string[] = [];

  for (const { owner, messages } of lists) {
    // What is left of one that broke off may read like another message, which it is not: ids tell them apart.
    const bodies = messages
      .filter((message) => !isRemains(streams, message))
      .map(({ body }) => body);
    const has = new Set(bodies);
    for (const body of written.filter((each) => !has.has(each))) {
      lost.add(body);
      faults.push(`G3, G6: ${owner} lacks ${quote(body)}`);
    }
    for (const body of [...repeated(bodies), ...repeatedIds(messages)]) {
      doubled.add(body);
      faults.push(`G2: ${owner} has ${quote(body)} more than once`);
    }
    for (const message of messages) {
      const { author, body, seq } = message;
      if (authorOf.get(body) === author || isLeftBy(streams, message)) continue;
      faults.push(`G2: ${owner} has ${quote(body)} by ${author} at ${seq}, whose words it is not`);
    }
    const hole = messages.findIndex(({ seq }, index) => seq !== places[index]);
    if (hole !== -1) {
      faults.push(
        `G6: ${owner} has ${messages[hole]?.seq} where sequence ${places[hole]} should be`,
      );
    }
    for (const { body, state } of messages.filter((each) => each.state !== 'sent')) {
      faults.push(`G3: ${owner} still has ${quote(body)} as ${state}`);
    }
  }

  for (const { name, messages } of clients) {
    for (const body of outOfOrder(messages.filter(isInRoom).map(keyOf), log.map(keyOf))) {
      const [, , text = ''] = body.split('\0');
      misordered.add(text);
      faults.push(`G2: ${name} has ${quote(text)} in another place than the log`);
    }
  }

  const inLog = new Set(log.map(({ author, id }) => `${author}\0${id}`));
  for (const { name, written: own, files, retried, shownAsSent } of clients) {
    for (const id of shownAsSent) {
      if (!inLog.has(`${name}\0${id}`)) {
        faults.push(`G1: ${name} was shown ${id} as sent, and the log lacks it`);
      }
    }
    const logged = log.filter(({ author }) => author === name).map(({ body }) => body);
    // What was streamed was begun before other messages that were written before its end.
    const streamed = new Set([...streams.values()].map(({ text }) => text));
    // Files go one after the other, while other messages leave.
    const attached = files.map(({ text }) => text);
    const isAttached = new Set(attached);
    const inTurn = (bodies: readonly string[]) => bodies.filter((body) => !retried.has(body));
    const others = (bodies: readonly string[]) =>
      inTurn(bodies).filter((body) => !streamed.has(body) && !isAttached.has(body));
    const misplaced = [
      ...outOfOrder(others(logged), others(own)),
      ...outOfOrder(inTurn(logged), inTurn(attached)),
    ];
    for (const body of misplaced) {
      misordered.add(body);
      faults.push(`G2: the log has ${quote(body)} in another turn than ${name} wrote it`);
    }
  }

  faults.push(...checkStreams({ log, clients, streams }));
  faults.push(...checkFiles({ lists, log, clients, left: outcome.files }));

  return {
    written: written.length,
    delivered: written.filter((body) => !lost.has(body)).length,
    lost: lost.size,
    doubled: doubled.size,
    misordered: misordered.size,
    faults,
  };
}

/** What came is held to be written, though nobody knew. */
function withWhatCame(client: StormRecord, log: readonly StormMessage[]): StormRecord {
  return { ...client, written: [...client.written, ...textsThatCame(client, log)] };
}

/** Those of `list` that stand elsewhere than in `model`, leaving out what only one of them has. */
function outOfOrder(list: readonly string[], model: readonly string[]): string[] {
  const inModel = new Set(model);
  const inList = new Set(list);
  const expected = [...new Set(model)].filter((each) => inList.has(each));
  const found = [...new Set(list)].filter((each) => inModel.has(each));
  return found.filter((each, index) => each !== expected[index]);
}

function repeated(values: readonly string[]): string[] {
  const seen = new Set<string>();
  return values.filter((value) => seen.has(value) || !seen.add(value));
}

/** Texts of messages whose author and id another message before them has. */
function repeatedIds(messages: readonly StormMessage[]): string[] {
  const seen = new Set<string>();
  return messages
    .filter(({ author, id }) => {
      const key = `${author}\0${id}`;
      return seen.has(key) || !seen.add(key);
    })
    .map(({ body }) => body);
}

function isInRoom({ live }: StormMessage): boolean {
  return live === undefined;
}

/** The first places that no change has. */
function placesWithout(changes: readonly number[], count: number): number[] {
  const taken = new Set(changes);
  const all = Array.from({ length: count + taken.size }, (_, index) => index + 1);
  return all.filter((place) => !taken.has(place));
}

function keyOf({ author, id, body }: StormMessage): string {
  return `${author}\0${id}\0${body}`;
}
