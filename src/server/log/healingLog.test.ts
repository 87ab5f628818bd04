import { describe, expect, it } from 'vitest';
import { draftOf } from './draftOf';
import { type HealingLogOptions, openHealingLog } from './healingLog';
import { LogUnavailableError, type MessageLog } from './log';
import { createMemoryLog } from './memoryLog';

/** Lets everything happen that needs no time. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** What is behind the log, in a test's hands. */
async function createWorld() {
  const kept = createMemoryLog('epoch-1');
  const told: string[] = [];
  const opened: { mayMake: boolean; closed: boolean }[] = [];
  let timer: { delayMs: number; callback: () => void } | undefined;
  let lose: (reason: string) => void = () => {};
  let whyNot: string | undefined;
  const options: HealingLogOptions = {
    async open(mayMake, lost) {
      if (whyNot !== undefined) throw new Error(whyNot);
      const each = { mayMake, closed: false };
      opened.push(each);
      lose = lost;
      const log: MessageLog = {
        ...kept,
        async close() {
          each.closed = true;
        },
      };
      return log;
    },
    after(delayMs, callback) {
      const armed = { delayMs, callback };
      timer = armed;
      return () => {
        if (timer === armed) timer = undefined;
      };
    },
    onLost: (reason) => told.push(reason),
    onBack: () => told.push('back'),
  };
  const log = await openHealingLog(options);
  return {
    log,
    told,
    opened,
    options,
    lose: (reason: string) => lose(reason),
    cannotOpen(reason: string | undefined) {
      whyNot = reason;
    },
    /** Lets the next try begin, and says how long it had to be waited for, in ms. */
    async nextTry() {
      const due = timer;
      timer = undefined;
      due?.callback();
      await settle();
      return due?.delayMs;
    },
    isTrying: () => timer !== undefined,
  };
}

describe('a log that is lost', () => {
  it('refuses every call at once, saying why', async () => {
    const { log, lose } = await createWorld();
    lose('the thread is gone');
    const page = { messages: 1, length: 1 };
    for (const call of [
      log.append(draftOf()),
      log.head('tea'),
      log.textsUpTo('tea', 1),
      log.after('tea', 0, page),
      log.before('tea', 9, page),
      log.check(),
    ]) {
      const error: unknown = await call.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(LogUnavailableError);
      expect(String(error)).toContain('the thread is gone');
    }
  });

  it('is opened anew, with what was in it, and never made anew', async () => {
    const { log, lose, nextTry, opened, told } = await createWorld();
    await log.append(draftOf());
    lose('the thread is gone');
    await nextTry();
    expect(await log.append(draftOf())).toMatchObject({ seq: 2 });
    expect(opened.map(({ mayMake }) => mayMake)).toEqual([true, false]);
    expect(told).toEqual(['the thread is gone', 'back']);
  });

  it('is tried again and again, ever more rarely, until it opens; each reason is told once', async () => {
    const { log, lose, nextTry, cannotOpen, told } = await createWorld();
    cannotOpen('there is no file');
    lose('the thread is gone');
    const delays = [];
    for (let tries = 0; tries < 8; tries += 1) delays.push(await nextTry());
    expect(delays).toEqual([100, 200, 400, 800, 1_600, 2_000, 2_000, 2_000]);
    await expect(log.head('tea')).rejects.toThrow('there is no file');
    cannotOpen(undefined);
    await nextTry();
    await log.check();
    expect(told).toEqual(['the thread is gone', 'there is no file', 'back']);
  });

  it('can be lost again, and begins anew with short waits', async () => {
    const { log, lose, nextTry } = await createWorld();
    for (const reason of ['once', 'twice', 'thrice']) {
      lose(reason);
      await expect(log.check()).rejects.toThrow(reason);
      expect(await nextTry()).toBe(100);
      await log.check();
    }
  });
});

describe('a log that cannot be opened at the start', () => {
  it('is not waited for', async () => {
    const { options, cannotOpen, isTrying } = await createWorld();
    cannotOpen('it is no database');
    await expect(openHealingLog(options)).rejects.toThrow('it is no database');
    expect(isTrying()).toBe(false);
  });
});

describe('closing', () => {
  it('closes the log, and refuses every later call', async () => {
    const { log, opened } = await createWorld();
    await log.close();
    expect(opened).toEqual([{ mayMake: true, closed: true }]);
    await expect(log.append(draftOf())).rejects.toBeInstanceOf(LogUnavailableError);
  });

  it('ends the tries, and closes what was being opened', async () => {
    const { log, lose, isTrying, nextTry, opened } = await createWorld();
    lose('the thread is gone');
    const opening = nextTry();
    const closed = log.close();
    await Promise.all([opening, closed]);
    expect(opened.map(({ closed: isClosed }) => isClosed)).toEqual([false, true]);
    expect(isTrying()).toBe(false);
  });

  it('while it is lost leaves no timer', async () => {
    const { log, lose, isTrying } = await createWorld();
    lose('the thread is gone');
    await log.close();
    expect(isTrying()).toBe(false);
  });
});
