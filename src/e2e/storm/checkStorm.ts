/**
 * Judges how a storm ended: the log and every client's list against what was written and what was
 * ever shown as sent. Pure. It names the guarantee that each wrong thing breaks.
 */

export interface StormMessage {
  readonly id: string;
  readonly seq: number | undefined;
  readonly author: string;
  readonly body: string;
  readonly state: string;
}

export interface StormRecord {
  readonly name: string;
  /** Every text written, in the order of writing; no two are the same. */
  readonly written: readonly string[];
  /** Ids of this author's messages that were once shown as sent. */
  readonly shownAsSent: ReadonlySet<string>;
  /** Texts that failed and were sent again by hand: they may stand later than they were written. */
  readonly retried: ReadonlySet<string>;
  /** The whole room as this client shows it at the end. */
  readonly messages: readonly StormMessage[];
}

export interface StormOutcome {
  /** The room as the server gives it to who has never been there. */
  readonly log: readonly StormMessage[];
  readonly clients: readonly StormRecord[];
}

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

export function checkStorm({ log, clients }: StormOutcome): StormVerdict {
  const lists: List[] = [
    { owner: 'the log', messages: log },
    ...clients.map(({ name, messages }) => ({ owner: name, messages })),
  ];
  const written = clients.flatMap((client) => client.written);
  const authorOf = new Map(
    clients.flatMap((client) => client.written.map((body) => [body, client.name] as const)),
  );
  const lost = new Set<string>();
  const doubled = new Set<string>();
  const misordered = new Set<string>();
  const faults: string[] = [];

  for (const { owner, messages } of lists) {
    const bodies = messages.map(({ body }) => body);
    const has = new Set(bodies);
    for (const body of written.filter((each) => !has.has(each))) {
      lost.add(body);
      faults.push(`G3, G6: ${owner} lacks ${quote(body)}`);
    }
    for (const body of [...repeated(bodies), ...repeatedIds(messages)]) {
      doubled.add(body);
      faults.push(`G2: ${owner} has ${quote(body)} more than once`);
    }
    for (const { author, body, seq } of messages) {
      if (authorOf.get(body) === author) continue;
      faults.push(`G2: ${owner} has ${quote(body)} by ${author} at ${seq}, whose words it is not`);
    }
    const hole = messages.findIndex(({ seq }, index) => seq !== index + 1);
    if (hole !== -1) {
      faults.push(`G6: ${owner} has ${messages[hole]?.seq} where sequence ${hole + 1} should be`);
    }
    for (const { body, state } of messages.filter((each) => each.state !== 'sent')) {
      faults.push(`G3: ${owner} still has ${quote(body)} as ${state}`);
    }
  }

  for (const { name, messages } of clients) {
    for (const body of outOfOrder(messages.map(keyOf), log.map(keyOf))) {
      const [, , text = ''] = body.split('\0');
      misordered.add(text);
      faults.push(`G2: ${name} has ${quote(text)} in another place than the log`);
    }
  }

  const inLog = new Set(log.map(({ author, id }) => `${author}\0${id}`));
  for (const { name, written: own, retried, shownAsSent } of clients) {
    for (const id of shownAsSent) {
      if (!inLog.has(`${name}\0${id}`)) {
        faults.push(`G1: ${name} was shown ${id} as sent, and the log lacks it`);
      }
    }
    const logged = log.filter(({ author }) => author === name).map(({ body }) => body);
    const inTurn = (bodies: readonly string[]) => bodies.filter((body) => !retried.has(body));
    for (const body of outOfOrder(inTurn(logged), inTurn(own))) {
      misordered.add(body);
      faults.push(`G2: the log has ${quote(body)} in another turn than ${name} wrote it`);
    }
  }

  return {
    written: written.length,
    delivered: written.filter((body) => !lost.has(body)).length,
    lost: lost.size,
    doubled: doubled.size,
    misordered: misordered.size,
    faults,
  };
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

function keyOf({ author, id, body }: StormMessage): string {
  return `${author}\0${id}\0${body}`;
}

function quote(body: string): string {
  return JSON.stringify(body.length > 40 ? `${body.slice(0, 40)}…` : body);
}
