/**
 * Whatever the lab does to a line, in a real browser and through the lab's own panel: every message arrives
 * once, in order, on both sides. That the fault was really there is read from the lab's own record.
 */
import { text } from 'node:stream/consumers';
import type { BrowserContextOptions, Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { readRecording } from '../lab/recording';
import type { FrameFate, LineEvent } from '../lab/types';
import { startBrowser } from './support/browser';
import { atChat, type ChatPage } from './support/chatPage';
import { startServer } from './support/serverProcess';
import { startStaticHost } from './support/staticHost';

interface Fault {
  /** Brings it about. */
  make(lab: Locator): Promise<void>;
  /** Puts it right; what is over at once needs none. */
  mend?(lab: Locator): Promise<void>;
  /** Whether it was felt, by what has happened on the line since. */
  wasFelt(events: readonly LineEvent[]): boolean;
}

const press = (lab: Locator, name: string) => lab.getByRole('button', { name }).click();
const flip = (lab: Locator, name: string) => lab.getByRole('switch', { name }).click();
const set = (lab: Locator, name: string, value: number) =>
  lab.getByRole('textbox', { name }).fill(String(value));
const freeze = (lab: Locator, way: string) =>
  lab.getByRole('group', { name: 'Freeze the line' }).getByText(way, { exact: true }).click();

const closedWith = (code: number) => (event: LineEvent) =>
  event.kind === 'socket' && event.what === 'closed' && event.code === code;
const wasLeft = (event: LineEvent) => event.kind === 'socket' && event.what === 'abandoned';
const fared = (fate: FrameFate, direction: 'in' | 'out') => (event: LineEvent) =>
  event.kind === 'frame' && event.fate === fate && event.direction === direction;

/** Something of each kind has happened. */
const happened =
  (...kinds: readonly ((event: LineEvent) => boolean)[]): Fault['wasFelt'] =>
  (events) =>
    kinds.every((kind) => events.some(kind));

/** Nobody is told of it: only the heartbeat, or an ack that does not come, finds out. */
const frozen = (way: string, ...swallowed: readonly ('in' | 'out')[]): Fault => ({
  make: (lab) => freeze(lab, way),
  mend: (lab) => freeze(lab, 'Off'),
  wasFelt: happened(wasLeft, ...swallowed.map((direction) => fared('lost', direction))),
});

const percent = (name: string, value: number, fate: FrameFate): Fault => ({
  make: (lab) => set(lab, name, value),
  mend: (lab) => set(lab, name, 0),
  wasFelt: happened(fared(fate, 'in'), fared(fate, 'out')),
});

const faults = {
  'a cut': { make: (lab) => press(lab, 'Cut the line'), wasFelt: happened(closedWith(1006)) },
  'a server that hangs up': {
    make: (lab) => press(lab, 'Hang up'),
    wasFelt: happened(closedWith(4000)),
  },
  'skipped time': {
    make: (lab) => press(lab, 'Skip time'),
    // The line's clock is ahead by the ten minutes that are offered first.
    wasFelt: (events) => events.some(({ at }) => at - Date.now() > 590_000),
  },
  'a line that is frozen both ways': frozen('Both ways', 'out'),
  'a line that brings nothing': frozen('In', 'in'),
  'a line that takes nothing': frozen('Out', 'out'),
  'a delay': percent('Delay', 300, 'delayed'),
  'lost messages': percent('Lose', 40, 'lost'),
  'doubled messages': percent('Duplicate', 100, 'duplicated'),
  'refused connections': {
    async make(lab) {
      await flip(lab, 'Refuse connections');
      await press(lab, 'Cut the line');
    },
    mend: (lab) => flip(lab, 'Refuse connections'),
    // The second one is of a line that was refused.
    wasFelt: (events) => events.filter(closedWith(1006)).length > 1,
  },
  'being offline': {
    make: (lab) => flip(lab, 'Go offline'),
    mend: (lab) => flip(lab, 'Go offline'),
    wasFelt: happened((event) => event.kind === 'state' && event.state.status === 'offline'),
  },
  'all of it at once': {
    async make(lab) {
      await set(lab, 'Delay', 100);
      await set(lab, 'Lose', 20);
      await set(lab, 'Duplicate', 50);
      await press(lab, 'Cut the line');
    },
    mend: (lab) => lab.page().getByRole('button', { name: 'All off' }).click(),
    wasFelt: happened(closedWith(1006), fared('delayed', 'out')),
  },
} satisfies Record<string, Fault>;

/** Where the page can be had: each starts what it needs, and gives the page's address. */
const sites = {
  'the server in the page': {
    start: async () => (await startStaticHost()).url,
    kinds: Object.keys(faults) as (keyof typeof faults)[],
  },
  'the Node server': {
    start: async () => (await startServer()).url,
    kinds: [
      'a line that is frozen both ways',
      'lost messages',
      'a server that hangs up',
      'refused connections',
      'skipped time',
    ] as const,
  },
};

/** Every way but that to this machine leads to a proxy that nobody is. */
const deadNetwork: BrowserContextOptions = {
  proxy: { server: 'http://localhost:9', bypass: 'localhost' },
};

/** Soon, so that nothing has to be waited for long. */
const tune = 'interval-1000.timeout-1000.ack-1500.base-50.cap-300';

/** Two tabs of one browser, under two names, and the lab of the first. */
async function openTwo(url: string) {
  const { browser } = await startBrowser();
  const context = await browser.newContext({ ...deadNetwork, acceptDownloads: true });
  const open = async (query: Record<string, string>) => {
    const page = await context.newPage();
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(`${url}?${new URLSearchParams({ lang: 'en', room: 'tea', ...query })}`);
    const chat = atChat(page);
    await chat.untilConnection('open');
    return chat;
  };
  const bob = await open({ name: 'Bob' });
  const ann = await open({ name: 'Ann', tune });
  await ann.page.getByRole('button', { name: 'Connection lab' }).click();
  const lab = ann.page.getByRole('region', { name: 'Connection lab' });
  await lab.getByRole('tab', { name: 'Faults' }).click();
  return { ann, bob, lab };
}

/** What the lab has recorded, from event `first` on, as the file has it that it saves. */
async function recorded({ page }: ChatPage, first = 0): Promise<readonly LineEvent[]> {
  await page.getByRole('button', { name: 'Record', exact: true }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'Save this session to a file' }).click(),
  ]);
  const { events } = readRecording(await text(await download.createReadStream()));
  return events.filter(({ number }) => number >= first);
}

describe.each(Object.entries(sites))('a fault of the lab, with %s', (_, { start, kinds }) => {
  it('leaves every message once, in order, on both sides, whatever its kind', {
    timeout: 240_000,
  }, async () => {
    const { ann, bob, lab } = await openTwo(await start());
    const written: string[] = [];
    const write = async (who: ChatPage, body: string) => {
      written.push(body);
      await who.write(body);
    };
    const bodiesOf = async (who: ChatPage) => (await who.messages()).map(({ body }) => body);

    for (const kind of kinds) {
      const fault: Fault = faults[kind];
      const first = (await recorded(ann)).length;
      await fault.make(lab);
      for (let count = 0; count < 3; count += 1) {
        await write(ann, `ann in ${kind} ${count}`);
        await write(bob, `bob in ${kind} ${count}`);
      }
      await bob.untilAllSent();
      const wasFelt = async () => fault.wasFelt(await recorded(ann, first));
      await expect.poll(wasFelt, { message: `${kind} is felt`, interval: 300 }).toBe(true);

      await fault.mend?.(lab);
      await ann.untilConnection('open', 30_000);
      await write(ann, `ann after ${kind}`);
      await write(bob, `bob after ${kind}`);
      await ann.untilAllSent(30_000);
      await bob.untilAllSent(30_000);
      for (const who of [ann, bob])
        await expect
          .poll(async () => (await bodiesOf(who)).sort(), { timeout: 30_000 })
          .toEqual([...written].sort());
    }

    const [annsBodies, bobsBodies] = [await bodiesOf(ann), await bodiesOf(bob)];
    expect(annsBodies).toEqual(bobsBodies);
    for (const who of [ann, bob])
      expect((await who.messages()).map(({ seq, state }) => [seq, state])).toEqual(
        written.map((_body, index) => [index + 1, 'sent']),
      );
    // Each one's messages are in the order of writing. That the lab loses one of them on a line that goes on
    // is what no real line does: then the next may be first.
    const isInOrder = (body: string) => !/lost messages|all of it/.test(body);
    for (const name of ['ann', 'bob'])
      expect(annsBodies.filter((body) => body.startsWith(name) && isInOrder(body))).toEqual(
        written.filter((body) => body.startsWith(name) && isInOrder(body)),
      );
  });
});
