/**
 * A storm: everything that can fail fails at random, while everybody writes. One seed repeats the plan
 * of it; `STORM_SECONDS`, `STORM_SEED` and `STORM_CLIENTS` (those without a page) change it. It is weathered
 * by one server, and by three gateways on one Redis, which fails as well.
 */
import { expect, it } from 'vitest';
import { checkStorm } from './storm/checkStorm';
import { formatReport } from './storm/formatReport';
import { runStorm } from './storm/runStorm';
import { formatPlan, type StormClientKind, stormPlan } from './storm/stormPlan';

const seconds = numberFrom('STORM_SECONDS', 60);
const seed = numberFrom('STORM_SEED', Math.floor(Math.random() * 1_000_000));
const headlessCount = numberFrom('STORM_CLIENTS', 6);
const pageCount = 2;

/** What starting, calming down and reading everything may take beyond the storm, in ms: a long one leaves much. */
const aroundMs = 300_000 + seconds * 500;

const kinds = (kind: StormClientKind, count: number) => Array.from({ length: count }, () => kind);
const clients = [...kinds('headless', headlessCount), ...kinds('page', pageCount)];
const names = clients.map((kind, index) =>
  kind === 'page' ? `Page ${index - headlessCount + 1}` : `Head ${index + 1}`,
);

it.each([
  { of: 'one server', gateways: 0 },
  { of: 'three gateways', gateways: 3 },
])(
  'a storm of $of loses nothing, doubles nothing and mixes nothing up',
  {
    timeout: seconds * 1_000 + aroundMs,
  },
  async ({ gateways }) => {
    const plan = stormPlan(seed, seconds, clients, gateways);
    say(`STORM_SEED=${seed} STORM_SECONDS=${seconds} STORM_CLIENTS=${headlessCount}`);
    say(formatPlan(plan, names));

    const end = await runStorm({ seed, seconds, clients, names, plan, gateways, say });
    const verdict = checkStorm(end.outcome);

    say(formatReport(verdict, end, plan));
    expect([...end.restless, ...verdict.faults].slice(0, 30)).toEqual([]);
    expect(end.uninvitedSockets).toBe(0);
    expect(verdict.delivered).toBe(verdict.written);
    // A storm in which nobody could write has shown nothing.
    for (const client of end.clients) expect(client.written.length).toBeGreaterThan(0);
    expect(end.clients.flatMap(({ seenStreams }) => seenStreams)).not.toEqual([]);
    expect(end.clients.flatMap(({ files }) => files)).not.toEqual([]);
  },
);

function numberFrom(variable: string, otherwise: number): number {
  const text = process.env[variable];
  if (!text) return otherwise;
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) {
    throw new Error(`${variable}=${text} must be a whole number`);
  }
  return number;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
