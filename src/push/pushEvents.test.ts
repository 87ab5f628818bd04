import { describe, expect, it } from 'vitest';
import { createFakeCaches } from '../testing/fakeCaches';
import { listenForPushes, type WorkerScope } from './pushEvents';

const push = JSON.stringify({ room: 'tea', seq: 7, from: 'Bob', text: 'hello' });

/** A worker with one window, whose events a test makes. */
function createWorker() {
  const listeners = new Map<string, (event: never) => void>();
  const titles: string[] = [];
  const told: unknown[] = [];
  const scope: WorkerScope = {
    navigator: { languages: ['en'] },
    registration: {
      scope: 'https://host.example/',
      showNotification: async (title) => void titles.push(title),
      getNotifications: async () => [],
    },
    clients: {
      matchAll: async () => [
        {
          url: 'https://host.example/?room=lobby',
          focused: true,
          visibilityState: 'visible',
          focus: async () => {},
          postMessage: (message) => void told.push(message),
        },
      ],
      openWindow: async () => {},
    },
    caches: createFakeCaches(),
    addEventListener: (type, listener) => void listeners.set(type, listener),
  };
  listenForPushes(scope);
  /** Resolves once the worker could be put to sleep again. */
  async function fire(type: string, fields: object) {
    const works: Promise<unknown>[] = [];
    const listener: ((event: never) => void) | undefined = listeners.get(type);
    const event = { ...fields, waitUntil: (work: Promise<unknown>) => void works.push(work) };
    Reflect.apply(listener ?? expect.fail(`nobody listens for ${type}`), undefined, [event]);
    await Promise.all(works);
    return works.length;
  }
  return { fire, titles, told };
}

describe('the service worker', () => {
  it('shows what the push service brings, and tells every window that it did', async () => {
    const { fire, titles, told } = createWorker();
    await fire('push', { data: { text: () => push } });
    expect(titles).toEqual(['Bob · tea']);
    expect(told).toEqual([{ type: 'pushed' }]);
  });

  it('shows what the page hands over, and answers it alone', async () => {
    const { fire, titles, told } = createWorker();
    const answers: unknown[] = [];
    const port = { postMessage: (answer: unknown) => void answers.push(answer) };
    await fire('message', { data: { type: 'hand over a push', text: push }, ports: [port] });
    expect(titles).toEqual(['Bob · tea']);
    expect(answers).toEqual(['shown']);
    expect(told).toEqual([]);
  });

  it.each([
    ['no object', 'hello'],
    ['of somebody else', { type: 'keep files' }],
    ['without a text', { type: 'hand over a push' }],
  ])('leaves a message alone that is %s', async (_, data) => {
    const { fire, titles } = createWorker();
    expect(await fire('message', { data, ports: [] })).toBe(0);
    expect(titles).toEqual([]);
  });
});
