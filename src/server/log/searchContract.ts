/** What is promised of a search, as tests that every engine passes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AboutSent } from '../../protocol/about';
import { createMatcher } from '../../protocol/searchTerms';
import type { Appended, MessageLog } from './log';
import type { SearchIndex } from './searchIndex';

export interface SearchWorld {
  log: MessageLog;
  search: SearchIndex;
}

const ann = { id: 'u1', name: 'Ann' };

/** Says things in a log, one after another. */
export function createSpeaker(log: MessageLog) {
  let ids = 0;
  const say = (body: string, room = 'lobby', about?: AboutSent): Promise<Appended> => {
    ids += 1;
    const draft = { room, from: ann, id: `c${ids}`, mid: `m${ids}`, body, at: ids };
    return log.append({ ...draft, ...(about && { about }) });
  };
  const about = (kind: AboutSent['kind'], { room, seq, mid }: Appended, body = '') =>
    say(body, room, { kind, seq, mid });
  return { say, about };
}

/** `open` gives a log and its search, with nothing in them. */
export function describeSearchContract(name: string, open: () => Promise<SearchWorld>): void {
  async function opened() {
    const { log, search } = await open();
    const seqs = async (text: string, room = 'lobby', before = 1_000_000) =>
      (await search.search(room, text, before, 50)).seqs;
    return { log, search, seqs, ...createSpeaker(log) };
  }

  describe(`${name}: a search`, () => {
    it('finds what was acked before, the newest first', async () => {
      const { say, seqs } = await opened();
      await say('Hello there');
      await say('nothing of it');
      await say('oh, héllo!');
      expect(await seqs('hello')).toEqual([3, 1]);
      await say('say HELL');
      expect(await seqs('hell')).toEqual([4, 3, 1]);
      expect(await seqs('hello')).toEqual([3, 1]);
    });

    it('finds a file by its name, with a text or without, until its message is deleted', async () => {
      const { log, about, seqs } = await opened();
      const file = { sha256: 'a'.repeat(64), name: 'Reisekosten.pdf', type: 'text/plain', size: 1 };
      const put = (id: string, body: string) =>
        log.append({ room: 'lobby', from: ann, id, mid: `of-${id}`, body, at: 1, file });
      await put('f1', '');
      const second = await put('f2', 'for March');
      expect(await seqs('reisekosten')).toEqual([2, 1]);
      expect(await seqs('march reisekosten')).toEqual([2]);
      await about('edit', second, 'for April');
      expect(await seqs('reisekosten april')).toEqual([2]);
      await about('delete', second);
      expect(await seqs('reisekosten')).toEqual([1]);
    });

    it('finds Chinese words of one and two characters, and emoji', async () => {
      const { say, seqs } = await opened();
      await say('今天天气很好');
      await say('我们明天去👍🏽');
      await say('天！');
      expect(await seqs('天气')).toEqual([1]);
      expect(await seqs('天')).toEqual([3, 2, 1]);
      expect(await seqs('天去')).toEqual([2]);
      expect(await seqs('👍')).toEqual([2]);
    });

    it('finds only what has every word, and what stands together together', async () => {
      const { say, seqs } = await opened();
      await say('the red fox');
      await say('a fox, red');
      await say('red');
      expect(await seqs('red fox')).toEqual([2, 1]);
      expect(await seqs('red-fox')).toEqual([1]);
    });

    it('looks in its own room only', async () => {
      const { say, seqs } = await opened();
      await say('tea', 'garden');
      await say('tea', 'lobby');
      await say('more tea', 'garden');
      expect(await seqs('tea', 'garden')).toEqual([2, 1]);
      expect(await seqs('tea', 'lobby')).toEqual([1]);
      expect(await seqs('tea', 'nowhere')).toEqual([]);
    });

    it('goes on from where it stopped, and says whether there is more', async () => {
      const { say, search } = await opened();
      for (let message = 0; message < 5; message += 1) await say(`tea ${message}`);
      const pages = [
        await search.search('lobby', 'tea', 1_000_000, 2),
        await search.search('lobby', 'tea', 4, 2),
        await search.search('lobby', 'tea', 2, 2),
        await search.search('lobby', 'tea', Number.MAX_SAFE_INTEGER, 5),
      ];
      expect(pages).toEqual([
        { seqs: [5, 4], more: true },
        { seqs: [3, 2], more: true },
        { seqs: [1], more: false },
        { seqs: [5, 4, 3, 2, 1], more: false },
      ]);
    });

    it('finds a message by its latest text only', async () => {
      const { say, about, seqs } = await opened();
      const first = await say('coffee');
      expect(await seqs('coffee')).toEqual([1]);
      await about('edit', first, 'tea');
      expect(await seqs('coffee')).toEqual([]);
      expect(await seqs('tea')).toEqual([1]);
      await about('edit', first, 'tea and coffee');
      await about('edit', first, 'water');
      expect(await seqs('tea')).toEqual([]);
      expect(await seqs('water')).toEqual([1]);
    });

    it('finds nothing that was deleted, before or after it was searched for', async () => {
      const { say, about, seqs } = await opened();
      const first = await say('secret one');
      expect(await seqs('secret')).toEqual([1]);
      await about('delete', first);
      expect(await seqs('secret')).toEqual([]);
      const second = await say('secret two');
      await about('edit', second, 'secret three');
      await about('delete', second);
      expect(await seqs('secret')).toEqual([]);
    });

    it('finds replies, and no reactions', async () => {
      const { say, about, seqs } = await opened();
      const first = await say('who wants 🍵?');
      await about('reply', first, 'I want 🍵');
      await about('react', first, '🍵');
      expect(await seqs('🍵')).toEqual([2, 1]);
    });

    it.each(['...', '   ', '"', '"* OR a', 'tea" OR "x', "'; DROP TABLE terms"])(
      'for %j takes it as text, not as a command',
      async (text) => {
        const { say, seqs } = await opened();
        await say('tea');
        expect(await seqs(text)).toEqual([]);
        expect(await seqs('tea')).toEqual([1]);
      },
    );

    it('finds what looking through the texts finds, whatever they are', {
      timeout: 60_000,
    }, async () => {
      const { say, seqs } = await opened();
      const unit = fc.constantFrom(...'abé 1_-"*.天气好がแ👍🏽🇨+\0\u0301\ud800');
      const bodies = fc.sample(fc.string({ unit, minLength: 1, maxLength: 12 }), {
        numRuns: 300,
        seed: 7,
      });
      for (const body of bodies) await say(body);
      await fc.assert(
        fc.asyncProperty(fc.string({ unit, minLength: 1, maxLength: 4 }), async (text) => {
          const matches = createMatcher(text) ?? (() => false);
          const expected = bodies.flatMap((body, index) => (matches(body) ? [index + 1] : []));
          expect(await seqs(text)).toEqual(expected.reverse().slice(0, 50));
        }),
        { numRuns: 300 },
      );
    });

    it('is refused once it is closed', async () => {
      const { search } = await opened();
      await search.close();
      await expect(search.search('lobby', 'tea', 10, 10)).rejects.toThrow('closed');
    });
  });
}
