import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Faults, Tuning } from '../../lab/types';
import { createModelWorld, type ModelPage, type ModelWorld, rooms } from './modelWorld';

/** How many schedules are run; `MODEL_RUNS=100000 npm run test:unit -- model` runs more. */
const runs = Number(process.env.MODEL_RUNS ?? 2_000) / 10;
/** Two tabs of one browser, and somebody else. */
const pageCount = 3;

type Step =
  | { do: 'pass'; ms: number }
  | { do: 'write' | 'cut' | 'put right'; page: number }
  | { do: 'go to'; page: number; room: (typeof rooms)[number] }
  | { do: 'hang up'; page: number; code: number }
  | { do: 'skip time'; page: number; ms: number }
  | { do: 'break'; page: number; faults: Partial<Faults> }
  | { do: 'tune'; page: number; tuning: Tuning };

const page = fc.nat(pageCount - 1);
const pass = (ms: number) => fc.record({ do: fc.constant('pass' as const), ms: fc.nat(ms) });

/** Each fault alone; a schedule mixes them. */
const fault: fc.Arbitrary<Partial<Faults>> = fc.oneof(
  fc.record({ frozen: fc.constantFrom<Faults['frozen']>('no', 'both', 'in', 'out') }),
  fc.record({ delayMs: fc.nat(12_000) }),
  fc.record({ lostPercent: fc.nat(60) }),
  fc.record({ duplicatedPercent: fc.nat(100) }),
  fc.record({ isRefusing: fc.boolean() }),
  fc.record({ isOffline: fc.boolean() }),
);
const tuning: fc.Arbitrary<Tuning> = fc.record(
  {
    intervalMs: fc.integer({ min: 1_000, max: 60_000 }),
    timeoutMs: fc.integer({ min: 500, max: 20_000 }),
    ackTimeoutMs: fc.integer({ min: 500, max: 20_000 }),
    baseMs: fc.integer({ min: 1, max: 5_000 }),
    capMs: fc.integer({ min: 1, max: 10_000 }),
    isAdaptive: fc.boolean(),
  },
  { requiredKeys: [] },
);

const stepOf = (faults: fc.Arbitrary<Partial<Faults>>): fc.Arbitrary<Step> =>
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ do: fc.constant('write' as const), page }) },
    { weight: 5, arbitrary: pass(3_000) },
    { weight: 2, arbitrary: pass(60_000) },
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('break' as const), page, faults }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constantFrom('cut' as const, 'put right' as const), page }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('go to' as const),
        page,
        room: fc.constantFrom(...rooms),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('hang up' as const),
        page,
        code: fc.constantFrom(1000, 1001, 1006, 1012, 3000, 4000, 4499, 4500, 4999),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('skip time' as const), page, ms: fc.nat(600_000) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('tune' as const), page, tuning }) },
  );

async function take(world: ModelWorld, step: Step) {
  if (step.do === 'pass') return world.pass(step.ms);
  const person = world.pages[step.page];
  if (person) takeOnPage(person, step);
  await world.pass(0);
}

function takeOnPage(person: ModelPage, step: Exclude<Step, { do: 'pass' }>) {
  const { lab } = person;
  switch (step.do) {
    case 'write':
      return person.write();
    case 'go to':
      return person.goTo(step.room);
    case 'cut':
      return lab.cut();
    case 'put right':
      return lab.clearFaults();
    case 'hang up':
      return lab.hangUp(step.code, 'the lab');
    case 'skip time':
      return lab.skipTime(step.ms);
    case 'break':
      return lab.setFaults(step.faults);
    case 'tune':
      return lab.tune(step.tuning);
  }
}

/** Switches everything off, and waits as long as the longest way back may take. */
async function heal(world: ModelWorld) {
  for (const person of world.pages) {
    person.lab.clearFaults();
    person.lab.resetTuning();
    // A close code may have forbidden to go on: then a person does.
    person.reconnect();
  }
  await world.pass(180_000);
}

/** Everything that was written is in the log once, and everybody has the log, in its order. */
async function check(world: ModelWorld) {
  const logs = { lobby: await world.logged('lobby'), kitchen: await world.logged('kitchen') };
  const written = world.pages.flatMap((person) => person.written);
  for (const room of rooms) {
    const texts = written.flatMap((each) => (each.room === room ? [each.text] : []));
    expect(logs[room].map(({ body }) => body).sort()).toEqual(texts.sort());
  }
  for (const person of world.pages) {
    const logged = logs[person.room];
    expect(person.status).toBe('open');
    expect(person.messages.map(({ body }) => body)).toEqual(logged.map(({ body }) => body));
    expect(person.messages.map(({ seq }) => seq)).toEqual(logged.map(({ seq }) => seq));
    person.disconnect();
    expect(person.armedTimers).toBe(0);
  }
  expect(world.errors).toEqual([]);
}

async function run(seed: number, steps: readonly Step[]) {
  const world = createModelWorld(seed, pageCount);
  for (const each of steps) await take(world, each);
  await heal(world);
  await check(world);
}

const nobody: fc.Arbitrary<Partial<Faults>> = fc.constant({});

describe('once the lab’s faults are cleared, every message is there once, in order, after', () => {
  it.each<[string, fc.Arbitrary<Partial<Faults>>]>([
    ['cuts, hang-ups, skipped time and another tuning', nobody],
    ['a line that was frozen', fc.record({ frozen: fc.constantFrom('both', 'in', 'out') })],
    ['a delay', fc.record({ delayMs: fc.nat(30_000) })],
    ['lost messages', fc.record({ lostPercent: fc.nat(100) })],
    ['messages that came twice', fc.record({ duplicatedPercent: fc.nat(100) })],
    ['refused connections', fc.record({ isRefusing: fc.boolean() })],
    ['being offline', fc.record({ isOffline: fc.boolean() })],
    ['all of that at once', fault],
  ])('%s', { timeout: 60_000 + runs * 1_000 }, async (_, faults) => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.array(stepOf(faults), { maxLength: 40 }), run),
      { numRuns: runs },
    );
  });
});
