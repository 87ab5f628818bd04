/**
 * What goes wrong in a storm: who, when, what and for how long, all of it from one seed. Pure; `runStorm.ts`
 * carries it out.
 */
import type { Random } from '../../connection/ports';
import { closeCodes } from '../../protocol/closeCodes';
import { createSeededRandom } from '../../testing/seededRandom';
import type { Fault } from '../support/fault';

/** `headless`: the engine and the session in this process. `page`: the whole page in Chromium. */
export type StormClientKind = 'headless' | 'page';

interface Lasting {
  /** Ms after the storm began. */
  readonly atMs: number;
  readonly forMs: number;
}

export type StormStep =
  /** The client's network fails so, and then works again. */
  | (Lasting & { readonly what: 'network'; readonly client: number; readonly fault: Fault })
  /** `crash`: the page goes without a word to anybody. Both come back with what was stored. */
  | (Lasting & { readonly what: 'reload' | 'crash'; readonly client: number })
  /** The person presses Disconnect, and later Reconnect. */
  | (Lasting & { readonly what: 'disconnect'; readonly client: number })
  /** `kill server`: as `kill -9`, and started again. `part server`: it does not reach Redis, nor Redis it. */
  | (Lasting & {
      readonly what: 'kill server' | 'freeze server' | 'part server';
      /** Which of several. */
      readonly server: number;
    })
  | (Lasting & { readonly what: 'kill redis' | 'freeze redis' })
  /** The freezes stop every process. */
  | (Lasting & { readonly what: 'freeze browser' });

type Range = readonly [min: number, max: number];

/** When things of one sort happen: never two of them at once. */
interface Rhythm {
  /** Ms of calm before each. */
  calmMs: Range;
  forMs: Range;
}

const networkRhythm: Rhythm = { calmMs: [300, 5_000], forMs: [200, 6_000] };
const personRhythm: Rhythm = { calmMs: [4_000, 16_000], forMs: [100, 4_000] };
const serverRhythm: Rhythm = { calmMs: [4_000, 12_000], forMs: [200, 5_000] };
const redisRhythm: Rhythm = { calmMs: [6_000, 15_000], forMs: [200, 5_000] };
const browserRhythm: Rhythm = { calmMs: [7_000, 18_000], forMs: [500, 6_000] };

/** Close codes after which a client comes back, the server's own and some that proxies use. */
const reconnectCodes = [
  ...Object.values(closeCodes)
    .map(({ code }) => code)
    .filter((code) => code >= 4000 && code < 4500),
  1001,
  1011,
  1012,
  1013,
];

/** One of each kind of fault, with its measure left to chance. */
const faultsOf: readonly ((random: Random) => Fault)[] = [
  () => ({ kind: 'black hole' }),
  () => ({ kind: 'silent up' }),
  () => ({ kind: 'silent down' }),
  () => ({ kind: 'reset' }),
  () => ({ kind: 'refuse' }),
  () => ({ kind: 'stall' }),
  (random) => ({ kind: 'delay', delayMs: between(random, [50, 2_500]) }),
  (random) => ({ kind: 'jitter', upToMs: between(random, [50, 1_500]) }),
  (random) => ({ kind: 'slow drip', bytesPerSecond: between(random, [100, 5_000]) }),
  () => ({ kind: 'cut mid-frame' }),
  () => ({ kind: 'corrupt' }),
  () => ({ kind: 'duplicate' }),
  (random) => ({ kind: 'close', code: pick(random, reconnectCodes), reason: 'storm' }),
];

/**
 * Every step of a storm that lasts `seconds`, in the order of time; all are over when it is. With `gateways`
 * there are so many servers on one Redis, which fails as well; else there is one server by itself.
 */
export function stormPlan(
  seed: number,
  seconds: number,
  clients: readonly StormClientKind[],
  gateways = 0,
): readonly StormStep[] {
  const random = createSeededRandom(seed);
  const endMs = seconds * 1_000;
  const drawFault = shuffledDeck(random, faultsOf);
  const chain = (rhythm: Rhythm, make: (when: Lasting) => StormStep) =>
    moments(random, rhythm, endMs).map(make);

  const steps = clients.flatMap((kind, client) => [
    ...chain(networkRhythm, (when) => ({
      ...when,
      what: 'network',
      client,
      fault: faultFor(kind, drawFault, random),
    })),
    ...chain(personRhythm, (when) => {
      const acts = kind === 'page' ? pageActs : headlessActs;
      return { ...when, what: pick(random, acts), client };
    }),
  ]);
  for (let server = 0; server < Math.max(1, gateways); server += 1) {
    const acts = gateways > 0 ? gatewayActs : serverActs;
    steps.push(...chain(serverRhythm, (when) => ({ ...when, what: pick(random, acts), server })));
  }
  steps.push(
    ...(gateways > 0
      ? chain(redisRhythm, (when) => ({ ...when, what: pick(random, redisActs) }))
      : []),
    ...(clients.includes('page')
      ? chain(browserRhythm, (when) => ({ ...when, what: 'freeze browser' as const }))
      : []),
  );
  return steps.sort((one, other) => one.atMs - other.atMs);
}

const headlessActs = ['reload', 'crash', 'disconnect'] as const;
/** Chromium always says goodbye to the sockets of a page that goes. */
const pageActs = ['reload', 'disconnect'] as const;
const serverActs = ['kill server', 'freeze server'] as const;
const gatewayActs = [...serverActs, 'part server'] as const;
const redisActs = ['kill redis', 'freeze redis'] as const;

/** What a step is counted as. */
export function kindOf(step: StormStep): string {
  return step.what === 'network' ? step.fault.kind : step.what;
}

/** The plan for people: one line for each client and each server, one for what is everybody's. */
export function formatPlan(plan: readonly StormStep[], names: readonly string[]): string {
  const rows = new Map<string, string[]>();
  for (const step of plan) {
    const who = whoOf(step, names);
    const row = rows.get(who) ?? [];
    row.push(`${inSeconds(step.atMs)} ${kindOf(step)} ${inSeconds(step.forMs)}`);
    rows.set(who, row);
  }
  return [...rows].map(([who, row]) => `  ${who}: ${row.join(', ')}`).join('\n');
}

function whoOf(step: StormStep, names: readonly string[]): string {
  if ('client' in step) return names[step.client] ?? `client ${step.client}`;
  return 'server' in step ? `server ${step.server + 1}` : 'everybody';
}

/**
 * Nothing in a plain WebSocket tells that bytes were changed on the way: that is TLS's part. A page
 * could keep a token that was changed for ever; a headless client is read anew afterwards.
 */
function faultFor(kind: StormClientKind, draw: () => (random: Random) => Fault, random: Random) {
  let fault = draw()(random);
  while (kind === 'page' && fault.kind === 'corrupt') fault = draw()(random);
  return fault;
}

function moments(random: Random, { calmMs, forMs }: Rhythm, endMs: number): Lasting[] {
  const found: Lasting[] = [];
  let atMs = between(random, calmMs);
  while (atMs < endMs) {
    const lastsMs = Math.min(between(random, forMs), endMs - atMs);
    found.push({ atMs, forMs: lastsMs });
    atMs += lastsMs + between(random, calmMs);
  }
  return found;
}

/** Hands out everything once before anything twice. */
function shuffledDeck<Card>(random: Random, cards: readonly Card[]): () => Card {
  let deck: Card[] = [];
  return function draw() {
    if (deck.length === 0) deck = [...cards];
    const [card] = deck.splice(Math.floor(random() * deck.length), 1);
    if (card === undefined) throw new Error('a deck needs cards');
    return card;
  };
}

function pick<Item>(random: Random, items: readonly Item[]): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('there is nothing to pick from');
  return item;
}

function between(random: Random, [min, max]: Range): number {
  return Math.round(min + random() * (max - min));
}

function inSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)}s`;
}
