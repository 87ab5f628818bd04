/**
 * A Chromium whose tabs are really hidden when another stands in front of them, and whose hidden tabs
 * are throttled. Test drivers keep every page awake, so this one is driven by the DevTools protocol alone.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { inject, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';

const args = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--remote-debugging-port=0',
  // A tab that has been hidden for 10 s, not 5 min, may wake once a minute.
  '--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/10',
  'about:blank',
];

export interface Tab {
  /** What the expression is worth in the page; promises are awaited. */
  evaluate(expression: string): Promise<unknown>;
  /** Puts it in front of its window's other tabs, which are hidden thereby. */
  bringToFront(): Promise<void>;
  /** Stops it, hidden as it must be, as a browser does to save power. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  close(): Promise<void>;
}

export interface TabBrowser {
  readonly version: string;
  /** Opens a tab, in a window of its own or in front of the newest window's tabs. */
  open(url: string, place: 'new window' | 'same window'): Promise<Tab>;
}

const reply = v.object({
  id: v.optional(v.number()),
  result: v.optional(v.record(v.string(), v.unknown())),
  error: v.optional(v.object({ message: v.string() })),
});
const evaluated = v.object({
  result: v.object({ value: v.optional(v.unknown()) }),
  exceptionDetails: v.optional(v.unknown()),
});

/** Ended and swept when the test is over. */
export async function startTabBrowser(): Promise<TabBrowser> {
  const profile = await mkdtemp(join(tmpdir(), 'heartline-tabs-'));
  const child = spawn(inject('chromiumPath'), [`--user-data-dir=${profile}`, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(async () => {
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  });
  const address = await new Promise<string>((resolve, reject) => {
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
      const [, found] = /DevTools listening on (ws:\S+)/.exec(stderr) ?? [];
      if (found) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`Chromium ended with ${code}: ${stderr}`)));
  });
  const call = await connect(address);
  const { product } = v.parse(v.object({ product: v.string() }), await call('Browser.getVersion'));

  return {
    version: product.replace(/^.*\//, ''),
    async open(url, place) {
      const params = { url, newWindow: place === 'new window' };
      const created = await call('Target.createTarget', params);
      const { targetId } = v.parse(v.object({ targetId: v.string() }), created);
      const attached = await call('Target.attachToTarget', { targetId, flatten: true });
      const { sessionId } = v.parse(v.object({ sessionId: v.string() }), attached);
      const setLifecycle = async (state: 'frozen' | 'active') =>
        void (await call('Page.setWebLifecycleState', { state }, sessionId));
      return {
        async evaluate(expression) {
          const params = { expression, awaitPromise: true, returnByValue: true };
          const { result, exceptionDetails } = v.parse(
            evaluated,
            await call('Runtime.evaluate', params, sessionId),
          );
          if (exceptionDetails)
            throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
          return result.value;
        },
        freeze: () => setLifecycle('frozen'),
        thaw: () => setLifecycle('active'),
        bringToFront: async () => void (await call('Target.activateTarget', { targetId })),
        close: async () => void (await call('Target.closeTarget', { targetId })),
      };
    },
  };
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

type Call = (method: string, params?: object, sessionId?: string) => Promise<unknown>;

async function connect(address: string): Promise<Call> {
  const socket = new WebSocket(address, { maxPayload: 256 * 1024 * 1024 });
  const waiting = new Map<number, Waiting>();
  let calls = 0;
  socket.on('message', (data) => {
    const { id, result, error } = v.parse(reply, JSON.parse(String(data)));
    const call = id === undefined ? undefined : waiting.get(id);
    if (error) call?.reject(new Error(error.message));
    else call?.resolve(result);
  });
  socket.on('error', () => {});
  onTestFinished(() => socket.terminate());
  await once(socket, 'open');
  return (method, params = {}, sessionId) => {
    calls += 1;
    const id = calls;
    socket.send(JSON.stringify({ id, method, params, sessionId }));
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
    });
  };
}
