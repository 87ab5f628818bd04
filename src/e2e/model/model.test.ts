import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isText } from '../../protocol/about';
import { createModelWorld, type ModelPage, type ModelWorld, rooms } from './modelWorld';

/** How many schedules are run; `MODEL_RUNS=100000 npm run test:unit -- model` runs more. */
const runs = Number(process.env.MODEL_RUNS ?? 2_000);
/** As long as a busy machine takes for so many, in ms. */
const timeout = 60_000 + runs * 150;
/** Two tabs of one browser, and two other people. */
const pageCount = 4;
const tabCount = 2;

type StreamStep = 'begin stream' | 'grow stream' | 'end stream' | 'cut stream';

type Step =
  | { do: 'pass'; ms: number }
  | { do: 'crash server' | 'start server' | 'refuse' | 'accept' }
  | {
      do:
        | StreamStep
        | 'write'
        | 'cut'
        | 'silence up'
        | 'silence down'
        | 'silence both'
        | 'reload'
        | 'go to the lobby'
        | 'go to the kitchen'
        | 'disconnect'
        | 'reconnect'
        | 'freeze'
        | 'thaw'
        | 'wake'
        | 'network gone'
        | 'put aside';
      page: number;
    };

const page = fc.nat(pageCount - 1);
const onPage = (...steps: Extract<Step, { page: number }>['do'][]) =>
  fc.record({ do: fc.constantFrom(...steps), page });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: onPage('write') },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.nat(3_000) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.nat(60_000) }) },
  {
    weight: 4,
    arbitrary: onPage(
      'cut',
      'silence up',
      'silence down',
      'silence both',
      'reload',
      'freeze',
      'thaw',
    ),
  },
  { weight: 3, arbitrary: onPage('go to the lobby', 'go to the kitchen') },
  { weight: 2, arbitrary: onPage('disconnect', 'reconnect', 'wake', 'network gone', 'put aside') },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'crash server' as const,
        'start server' as const,
        'refuse' as const,
        'accept' as const,
      ),
    }),
  },
);

/** As above, and some write before everybody's eyes. */
const stepWithStreams: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: step },
  {
    weight: 1,
    arbitrary: onPage('begin stream', 'grow stream', 'grow stream', 'end stream', 'cut stream'),
  },
);

const few = fc.array(stepWithStreams, { maxLength: 5 });

/** Somebody's line is away while they write, mostly for longer than the server waits; then they end it. */
const awayWhileWriting = fc
  .record({
    page,
    before: few,
    away: fc.constantFrom('disconnect', 'silence both', 'freeze', 'put aside'),
    ms: fc.integer({ min: 5_000, max: 90_000 }),
    meanwhile: few,
    leaves: fc.constantFrom<('go to the kitchen' | 'reload')[]>(
      [],
      ['go to the kitchen', 'reload'],
    ),
    after: few,
  })
  .map(({ page, before, away, ms, meanwhile, leaves, after }): Step[] => [
    { do: 'begin stream', page },
    ...before,
    { do: away, page },
    { do: 'pass', ms },
    ...meanwhile,
    { do: 'end stream', page },
    ...leaves.map((leave): Step => ({ do: leave, page })),
    ...after,
  ]);

async function take(world: ModelWorld, step: Step) {
  switch (step.do) {
    case 'pass':
      return world.pass(step.ms);
    case 'crash server':
      return world.crashServer();
    case 'start server':
      return world.startServer();
    case 'refuse':
      return world.setNetworkRefuses(true);
    case 'accept':
      return world.setNetworkRefuses(false);
  }
  const person = world.pages[step.page];
  if (person) takeOnPage(person, step.do);
  // What is stored is stored before the next thing happens: a browser that dies in the middle of
  // writing is beyond what a page can promise.
  await world.pass(0);
}

function takeOnPage(person: ModelPage, what: Extract<Step, { page: number }>['do']) {
  const { line } = person;
  switch (what) {
    case 'write':
      return person.write();
    case 'begin stream':
      return person.beginStream();
    case 'grow stream':
      return person.growStream();
    case 'end stream':
      return person.endStream();
    case 'cut stream':
      return person.cutStream();
    case 'cut':
      return line?.cut();
    case 'silence up':
      return void (line && Object.assign(line, { upIsSilent: true }));
    case 'silence down':
      return void (line && Object.assign(line, { downIsSilent: true }));
    case 'silence both':
      return void (line && Object.assign(line, { upIsSilent: true, downIsSilent: true }));
    case 'reload':
      return person.reload();
    case 'go to the lobby':
      return person.goTo('lobby');
    case 'go to the kitchen':
      return person.goTo('kitchen');
    case 'disconnect':
      return person.disconnect();
    case 'reconnect':
      return person.reconnect();
    case 'freeze':
      return person.freeze();
    case 'thaw':
      return person.thaw();
    case 'wake':
      return person.wake();
    case 'network gone':
      return person.networkGone();
    case 'put aside':
      return person.putAside();
  }
}

/** Mends everything, and waits as long as the longest way back may take. */
async function heal(world: ModelWorld) {
  world.setNetworkRefuses(false);
  world.startServer();
  for (const person of world.pages) {
    person.thaw();
    person.reconnect();
  }
  await world.pass(180_000);
}

/**
 * Everybody's messages are in the order of writing, unless the log asked for one again while later ones
 * were taken. Tabs send side by side, and make no such promise to each other.
 */
async function checkOrder(world: ModelWorld) {
  if (world.postponed > 0) return;
  for (const person of world.pages.slice(tabCount)) {
    for (const room of rooms) {
      const texts = person.written.flatMap((each) => (each.room === room ? [each.text] : []));
      const bodies = (await world.logged(room)).map(({ body }) => body);
      expect(bodies.filter((body) => texts.includes(body))).toEqual(texts);
    }
  }
}

/** What must be true once everything is mended. */
async function check(world: ModelWorld) {
  const logs = { lobby: await world.logged('lobby'), kitchen: await world.logged('kitchen') };
  for (const room of rooms) {
    // G3, and G2 for the log: what was written is there, once.
    const written = world.pages.flatMap((person) => person.written);
    expect(logs[room].map(({ body }) => body).sort()).toEqual(
      written.flatMap((each) => (each.room === room ? [each.text] : [])).sort(),
    );
  }
  const idsInLog = new Set(rooms.flatMap((room) => logs[room].map(({ id }) => id)));
  for (const person of world.pages) {
    // G2, G6: everybody ends with the log, in its order.
    expect(person.status).toBe('open');
    const logged = logs[person.room];
    expect(person.messages.map(({ body }) => body)).toEqual(logged.map(({ body }) => body));
    expect(person.messages.map(({ seq }) => seq)).toEqual(logged.map(({ seq }) => seq));
    // G1: what was once shown as sent is in the log.
    for (const id of person.shownAsSent) expect(idsInLog).toContain(id);
    // G5: who closed the connection was left alone.
    expect(person.uninvitedSockets).toBe(0);
    // G8: nothing is left of a connection that is closed.
    person.disconnect();
    expect(person.armedTimers).toBe(0);
  }
  expect(world.errors).toEqual([]);
}

/** What must be true of what was written before everybody's eyes, once nothing more of it can come. */
async function checkStreams(world: ModelWorld) {
  const streams = new Map(
    world.pages.flatMap((person) => person.streams.map((each) => [each.id, each])),
  );
  for (const room of rooms) {
    const texts = (await world.logged(room)).filter(({ about }) => isText(about));
    // What a writer left that died, or broke off, is how it began, and says so.
    const left = texts.filter(({ id }) => streams.get(id)?.isEnded === false);
    for (const { id, body, cut } of left) {
      expect([body, cut]).toEqual([streams.get(id)?.text.slice(0, body.length), true]);
    }
    // All else is there whole, once, whatever was taken to be broken off before.
    const whole = texts.filter((text) => !left.includes(text));
    const written = world.pages.flatMap((person) => person.written);
    expect(whole.map(({ body }) => body).sort()).toEqual(
      written.flatMap((each) => (each.room === room ? [each.text] : [])).sort(),
    );
    expect(whole.filter(({ cut }) => cut)).toEqual([]);
    const ids = new Set(texts.map(({ id }) => id));
    for (const person of world.pages.filter((each) => each.room === room)) {
      const rows = person.messages.filter(({ live }) => live === undefined);
      expect(rows.map(({ seq, body, isCut }) => [seq, body, isCut])).toEqual(
        texts.map(({ seq, body, cut }) => [seq, body, cut]),
      );
      // What is in nobody's log is seen as broken off, by who saw it.
      for (const { id, body, live } of person.messages.filter((row) => row.live !== undefined)) {
        const stream = streams.get(id);
        expect([live, ids.has(id), stream?.isEnded]).toEqual(['broken', false, false]);
        expect(stream?.text.startsWith(body)).toBe(true);
      }
    }
  }
  for (const person of world.pages) {
    person.disconnect();
    expect(person.armedTimers).toBe(0);
  }
  expect(world.errors).toEqual([]);
}

describe('whatever fails, in whatever order', () => {
  it('what is written before all eyes is whole in the end, or broken off', {
    timeout,
  }, async () => {
    const schedule = fc.oneof(fc.array(stepWithStreams, { maxLength: 40 }), awayWhileWriting);
    await fc.assert(
      fc.asyncProperty(fc.integer(), schedule, async (seed, steps) => {
        const world = createModelWorld(seed, pageCount);
        for (const each of steps) await take(world, each);
        await heal(world);
        for (const person of world.pages) for (const _ of person.streams) person.cutStream();
        await world.pass(90_000);
        await checkStreams(world);
      }),
      { numRuns: runs / 2 },
    );
  });

  it('nothing is lost, doubled, mixed up or left behind', { timeout }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.array(step, { maxLength: 40 }), async (seed, steps) => {
        const world = createModelWorld(seed, pageCount);
        for (const each of steps) await take(world, each);
        await heal(world);
        await checkOrder(world);
        await check(world);
      }),
      { numRuns: runs },
    );
  });

  it('a log that lost its tail is given back what was written', { timeout }, async () => {
    // What a page has seen acked it remembers, and no longer once it is gone.
    const withoutReload = step.filter((each) => !/^reload/.test(each.do));
    const loss = fc.record({
      count: fc.integer({ min: 1, max: 5 }),
      how: fc.constantFrom('same log' as const, 'another log' as const),
    });
    const schedule = fc.array(withoutReload, { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        schedule,
        loss,
        schedule,
        async (seed, before, lost, after) => {
          const world = createModelWorld(seed, pageCount);
          for (const each of before) await take(world, each);
          await world.loseTail(lost.count, lost.how);
          for (const each of after) await take(world, each);
          await heal(world);
          await check(world);
        },
      ),
      { numRuns: runs / 4 },
    );
  });
});
