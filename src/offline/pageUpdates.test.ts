import { beforeEach, describe, expect, it } from 'vitest';
import type { WorkerMessage } from './messages';
import { createPageUpdates, type Registration, type Worker } from './pageUpdates';

const hourMs = 3_600_000;
/** Lets what was sent over ports arrive, question and answer. */
async function settle() {
  for (const _ of ['question', 'answer', 'what follows']) {
    const { port1, port2 } = new MessageChannel();
    const arrived = new Promise((resolve) => {
      port1.onmessage = resolve;
    });
    port2.postMessage('later than all before');
    await arrived;
    port1.close();
  }
}

/** A worker of one build, which says so; one that is `mute` is older than that question. */
function createWorker(build: number, state: ServiceWorkerState, isMute = false) {
  const listeners: (() => void)[] = [];
  const told: WorkerMessage['type'][] = [];
  const worker = {
    state,
    told,
    onTakeOver: () => {},
    addEventListener: (_: string, listener: () => void) => void listeners.push(listener),
    postMessage(message: WorkerMessage, [port]: readonly Transferable[] = []) {
      told.push(message.type);
      if (message.type === 'take over') worker.onTakeOver();
      if (message.type !== 'has file' || isMute) return;
      if (port instanceof MessagePort) port.postMessage(message.url === `index-${build}.js`);
    },
    become(next: ServiceWorkerState) {
      worker.state = next;
      for (const listener of listeners) listener();
    },
  } satisfies Worker & Record<string, unknown>;
  return worker;
}
type FakeWorker = ReturnType<typeof createWorker>;

interface Slots {
  installing: FakeWorker | null;
  waiting: FakeWorker | null;
  active: FakeWorker | null;
}

let slots: Slots;
let onUpdateFound: () => void;
/** What the host has, for who asks for an update; or it does not answer. */
let deployed: FakeWorker | 'no answer' | undefined;
let did: string[];
let timers: { at: number; callback: () => void }[];
let nowMs: number;
let returnToPage: () => void;
/** The server could not be reached before, and can be now. */
let hasWorkersNow: boolean;

beforeEach(() => {
  slots = { installing: null, waiting: null, active: createWorker(1, 'activated') };
  onUpdateFound = () => {};
  deployed = undefined;
  did = [];
  timers = [];
  nowMs = 0;
  hasWorkersNow = false;
});

function passTime(ms: number) {
  nowMs += ms;
  for (const timer of timers.filter(({ at }) => at <= nowMs)) {
    timers.splice(timers.indexOf(timer), 1);
    timer.callback();
  }
}

/** A newer worker is fetched, and waits. */
async function find(worker: FakeWorker) {
  slots.installing = worker;
  worker.onTakeOver = () => {
    slots.active = worker;
    slots.waiting = null;
    worker.become('activated');
  };
  onUpdateFound();
  slots.installing = null;
  slots.waiting = worker;
  worker.become('installed');
  await settle();
}

const registration: Registration = {
  get installing() {
    return slots.installing;
  },
  get waiting() {
    return slots.waiting;
  },
  get active() {
    return slots.active;
  },
  async update() {
    did.push('update');
    if (deployed === 'no answer') await new Promise(() => {});
    else if (deployed) await find(deployed);
  },
  addEventListener(_, listener) {
    onUpdateFound = listener;
  },
};

function createPage({ build = 1, hasWorkers = true } = {}) {
  const found = async () => {
    if (!hasWorkers && !hasWorkersNow) throw new Error('none here');
    return registration;
  };
  return createPageUpdates({
    register: found,
    find: found,
    ready: found,
    entryUrl: `index-${build}.js`,
    location: {
      href: 'https://host.example/chat/?room=tea',
      reload: () => void did.push('reload'),
      replace: (url) => void did.push(url),
    },
    onVisible(listener) {
      returnToPage = listener;
    },
    now: () => nowMs,
    after: (delayMs, callback) => void timers.push({ at: nowMs + delayMs, callback }),
  });
}

async function startPage(options: Parameters<typeof createPage>[0] = {}) {
  const page = createPage(options);
  const heard: boolean[] = [];
  page.subscribe(() => heard.push(page.isReady()));
  await page.start();
  await settle();
  return { page, heard };
}

describe('a page that starts', () => {
  it('has its files kept, and has nothing to say', async () => {
    const { page, heard } = await startPage();
    expect(slots.active?.told).toContain('keep files');
    expect(page.isReady()).toBe(false);
    expect(heard).toEqual([]);
  });

  it('asks again for its worker and its files each time it is told to', async () => {
    const { page } = await startPage({ hasWorkers: false });
    hasWorkersNow = true;
    await page.start();
    await settle();
    expect(slots.active?.told).toContain('keep files');
    const asked = () => slots.active?.told.filter((each) => each === 'keep files').length;
    expect(asked()).toBe(1);
    await page.start();
    expect(asked()).toBe(2);
    passTime(hourMs);
    // It is looked for once an hour all the same.
    expect(did).toEqual(['update']);
  });

  it('goes on where the browser has no service workers', async () => {
    const { page } = await startPage({ hasWorkers: false });
    expect(page.isReady()).toBe(false);
    await page.reload();
    expect(did).toEqual(['reload']);
  });
});

describe('a newer build', () => {
  it('is told once it waits, and takes over when a person says so', async () => {
    const { page, heard } = await startPage();
    const next = createWorker(2, 'installing');
    await find(next);
    expect(heard).toEqual([true]);
    expect(next.told).not.toContain('take over');
    await page.reload();
    expect(slots.active).toBe(next);
    expect(did).toEqual(['reload']);
  });

  it('that waited already when the page was opened is told', async () => {
    slots.waiting = createWorker(2, 'installed');
    expect((await startPage()).page.isReady()).toBe(true);
  });

  it('that another tab has let in is still newer than this page', async () => {
    const { page } = await startPage();
    const next = createWorker(2, 'installing');
    await find(next);
    next.onTakeOver();
    await settle();
    expect(page.isReady()).toBe(true);
  });

  it('that the page came with is let in without a word', async () => {
    const next = createWorker(2, 'installing');
    const { page } = await startPage({ build: 2 });
    await find(next);
    expect(slots.active).toBe(next);
    expect(page.isReady()).toBe(false);
  });

  it('is not guessed at where a worker does not answer', async () => {
    slots.active = createWorker(0, 'activated', true);
    const { page } = await startPage();
    passTime(10_000);
    await settle();
    expect(page.isReady()).toBe(false);
  });

  it('is looked for every hour, and on a return to the page after so long', async () => {
    await startPage();
    returnToPage();
    expect(did).toEqual([]);
    passTime(hourMs);
    expect(did).toEqual(['update']);
    returnToPage();
    expect(did).toEqual(['update']);
    nowMs += hourMs;
    returnToPage();
    expect(did).toEqual(['update', 'update']);
  });

  it('is looked for by who reloads, and waited for', async () => {
    const { page } = await startPage();
    const next = createWorker(2, 'installing');
    deployed = next;
    await page.reload();
    expect(slots.active).toBe(next);
    expect(did).toEqual(['update', 'reload']);
  });

  it('that cannot be had keeps nobody from reloading', async () => {
    const { page } = await startPage();
    deployed = 'no answer';
    const reloading = page.reload();
    await settle();
    passTime(10_000);
    await reloading;
    expect(did).toEqual(['update', 'reload']);
  });
});

it('a page that is to sign in is loaded past its worker', () => {
  createPage().reloadFromNetwork();
  expect(did).toEqual(['https://host.example/chat/?room=tea&from-network=']);
});
