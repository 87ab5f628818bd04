/**
 * The page's side of its service worker: has its files kept for a start without a network, notices a newer
 * build, and opens that one when a person wants it. Until then the page goes on as it is.
 */
import type { WorkerMessage } from './messages';
import { networkOnly } from './networkOnly';
import { registerWorker } from './registerWorker';

export interface PageUpdates {
  /**
   * Has the page's files kept, and from then on looks for a newer build every hour and on each return. Once more
   * it asks for what could not be had the last time.
   */
  start(): Promise<void>;
  /** A newer build is there, and waits. */
  isReady(): boolean;
  /** Called back when that has changed. */
  subscribe(listener: () => void): () => void;
  /** Opens the page anew, in the newest build that can be had. */
  reload(): Promise<void>;
  /** Opens it anew from the network, where something on the way wants to be signed in to. */
  reloadFromNetwork(): void;
}

/** The part of a `ServiceWorker` that is used. */
export interface Worker {
  readonly state: ServiceWorkerState;
  postMessage(message: WorkerMessage, transfer?: Transferable[]): void;
  addEventListener(type: 'statechange', listener: () => void): void;
}

/** The part of a `ServiceWorkerRegistration` that is used. */
export interface Registration {
  readonly installing: Worker | null;
  readonly waiting: Worker | null;
  readonly active: Worker | null;
  update(): Promise<unknown>;
  addEventListener(type: 'updatefound', listener: () => void): void;
}

/** What of the browser is used. */
export interface UpdatesBrowser {
  /** Rejects where the browser has no service workers, or not for this page. */
  register(): Promise<Registration>;
  /** The page's registration, if it has one. */
  find(): Promise<Registration | undefined>;
  /** The page's registration once it has a worker that is active. */
  ready(): Promise<Registration>;
  /** The file that this page was started with. */
  readonly entryUrl: string | undefined;
  /** The page's address, and a way to another. */
  readonly location: { readonly href: string; reload(): void; replace(url: string): void };
  /** Calls back when the page is looked at again. */
  onVisible(listener: () => void): void;
  /** Ms, and timers in ms. */
  now(): number;
  after(delayMs: number, callback: () => void): void;
}

/** How often the host is asked for a newer build, in ms. */
const checkEveryMs = 3_600_000;
/** How long a person who wants to reload waits for the newest build, in ms. */
const patienceMs = 10_000;

export function createPageUpdates(browser: UpdatesBrowser): PageUpdates {
  const { location } = browser;
  const listeners = new Set<() => void>();
  let registration: Registration | undefined;
  let isReady = false;
  let isStarted = false;
  let checkedAt = browser.now();

  function setReady(ready: boolean) {
    if (ready === isReady) return;
    isReady = ready;
    for (const listener of listeners) listener();
  }

  const within = <Value>(work: Promise<Value>, ms: number): Promise<Value | undefined> =>
    Promise.race([
      work,
      new Promise<undefined>((resolve) => browser.after(ms, () => resolve(undefined))),
    ]);

  /** Whether the worker's build is this page's; undefined where it does not say. */
  async function isOwnBuild(worker: Worker): Promise<boolean | undefined> {
    if (browser.entryUrl === undefined) return undefined;
    const { port1, port2 } = new MessageChannel();
    const answer = new Promise<unknown>((resolve) => {
      port1.onmessage = ({ data }) => resolve(data);
    });
    worker.postMessage({ type: 'has file', url: browser.entryUrl }, [port2]);
    const isOwn = await within(answer, patienceMs);
    port1.close();
    return typeof isOwn === 'boolean' ? isOwn : undefined;
  }

  /** The newest worker has another build: this page is of an older one. */
  async function look() {
    const newest =
      registration?.waiting ?? (registration?.installing ? null : registration?.active);
    if (!newest) return;
    const isOwn = await isOwnBuild(newest);
    // A page that came past its worker is as new as one that waits: no page has to be left for that.
    if (isOwn && newest === registration?.waiting) newest.postMessage({ type: 'take over' });
    setReady(isOwn === false);
  }

  /** Resolves when the worker has got where it was going, for good or bad. */
  function settled(worker: Worker, isThere: (state: ServiceWorkerState) => boolean) {
    return new Promise<void>((resolve) => {
      const check = () => {
        if (isThere(worker.state) || worker.state === 'redundant') resolve();
      };
      worker.addEventListener('statechange', check);
      check();
    });
  }

  function watch(found: Registration) {
    registration = found;
    const follow = () => {
      found.installing?.addEventListener('statechange', () => void look());
    };
    found.addEventListener('updatefound', follow);
    follow();
    void look();
  }

  function check() {
    if (browser.now() - checkedAt < checkEveryMs) return;
    checkedAt = browser.now();
    // Without a network there is none to be had.
    registration?.update().catch(() => {});
  }

  function checkRegularly() {
    browser.after(checkEveryMs, () => {
      check();
      checkRegularly();
    });
  }

  /** The newest build takes over, if there is one to be had. */
  async function takeNewest(found: Registration) {
    if (!found.waiting) await found.update();
    if (found.installing) await settled(found.installing, (state) => state !== 'installing');
    const { waiting } = found;
    if (!waiting) return;
    waiting.postMessage({ type: 'take over' });
    await settled(waiting, (state) => state === 'activated');
  }

  return {
    isReady: () => isReady,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    async start() {
      if (isStarted) {
        registration?.active?.postMessage({ type: 'keep files' });
        return;
      }
      isStarted = true;
      try {
        watch(await browser.register());
        const { active } = await browser.ready();
        active?.postMessage({ type: 'keep files' });
        browser.onVisible(check);
        checkRegularly();
      } catch {
        // The page goes on as one that needs a network, until it is told to start once more.
        isStarted = false;
      }
    },

    async reload() {
      try {
        const found = await browser.find();
        if (found) await within(takeNewest(found), patienceMs);
      } catch {
        // Then with what is there.
      }
      location.reload();
    },

    reloadFromNetwork() {
      const url = new URL(location.href);
      url.searchParams.set(networkOnly, '');
      location.replace(url.href);
    },
  };
}

/** Of this page, in this browser. */
export function createBrowserUpdates(): PageUpdates {
  const container = () => {
    if (!window.isSecureContext || !navigator.serviceWorker)
      throw new Error('this page has no service workers');
    return navigator.serviceWorker;
  };
  return createPageUpdates({
    register: async () => container() && registerWorker(),
    find: async () => container().getRegistration(document.baseURI),
    ready: async () => container().ready,
    entryUrl: document.querySelector<HTMLScriptElement>('script[type="module"]')?.src,
    location,
    onVisible: (listener) =>
      document.addEventListener('visibilitychange', () => {
        if (document.visibilityState === 'visible') listener();
      }),
    now: Date.now,
    after: (delayMs, callback) => void setTimeout(callback, delayMs),
  });
}
