import { describe, expect, it } from 'vitest';
import type { LoggedMessage } from '../../protocol/message';
import { LogUnavailableError, type MessageLog } from './log';
import { createMemoryLog } from './memoryLog';
import { createScanSearch, type ScanSearchOptions } from './scanSearch';
import { describeSearchContract } from './searchContract';

describeSearchContract('a search that looks through the log', async () => {
  const log = createMemoryLog('epoch-1');
  return { log, search: createScanSearch(log) };
});

const message: LoggedMessage = {
  seq: 7,
  mid: 'm',
  id: 'i',
  from: { id: 'u', name: 'Ann' },
  body: 'no',
  at: 1,
};
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A room without an end, of which each page comes when the test lets it. */
function openEndless(options?: ScanSearchOptions) {
  const asked: (() => void)[] = [];
  const log: Pick<MessageLog, 'before'> = {
    before: async (room) => {
      await new Promise<void>((resolve) => asked.push(resolve));
      return { epoch: 'e', head: 9, messages: [message], more: room === 'endless' };
    },
  };
  const search = createScanSearch(log, options);
  const look = (room: string, isOver?: () => boolean) => search.search(room, 'tea', 9, 50, isOver);
  /** Lets all pages come that were asked for. */
  async function answer() {
    for (const come of asked.splice(0)) come();
    await turn();
  }
  return { asked, search, look, answer };
}

describe('searches that look through a log', () => {
  it('do so two at a time', async () => {
    const { asked, look, answer } = openEndless();
    const all = Array.from({ length: 5 }, () => look('tea'));
    for (const underWay of [2, 2, 1]) {
      await turn();
      expect(asked).toHaveLength(underWay);
      await answer();
    }
    await Promise.all(all);
  });

  it('are refused for now where a hundred wait', async () => {
    const { asked, look, answer } = openEndless();
    const all = Array.from({ length: 100 }, () => look('tea'));
    await expect(look('tea')).rejects.toBeInstanceOf(LogUnavailableError);
    while (asked.length > 0) await answer();
    await Promise.all(all);
    const later = look('tea');
    await answer();
    expect(await later).toEqual({ seqs: [], more: false });
  });

  it('end with the page that they are at once nobody waits for them, or do not begin', async () => {
    const { asked, look, answer } = openEndless();
    let isOver = false;
    const all = Array.from({ length: 3 }, () => look('endless', () => isOver));
    await answer();
    await answer();
    expect(asked).toHaveLength(2);
    isOver = true;
    await answer();
    expect(await Promise.all(all)).toEqual(Array(3).fill({ seqs: [], more: true }));
    expect(asked).toEqual([]);
  });

  it('end with the page that they are at once the search is closed', async () => {
    const { asked, search, look, answer } = openEndless();
    const all = Promise.allSettled(Array.from({ length: 3 }, () => look('endless')));
    await turn();
    await search.close();
    await answer();
    for (const result of await all)
      expect(String('reason' in result && result.reason)).toContain('closed');
    expect(asked).toEqual([]);
  });

  it('let others go on between two pages', async () => {
    let rests = 0;
    const { look, answer } = openEndless({
      async rest() {
        rests += 1;
      },
    });
    const found = look('endless', () => rests === 3);
    for (let page = 0; page < 3; page += 1) await answer();
    expect(await found).toMatchObject({ more: true });
  });
});
