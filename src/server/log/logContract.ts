/**
 * What every message log promises, as tests. Each engine's own test opens it and runs these; what an
 * engine promises beyond them stands in that test.
 */
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { LoggedMessage } from '../../protocol/message';
import type { User } from '../../protocol/user';
import { describeAnnotationContract } from './annotationContract';
import { draftOf } from './draftOf';
import { type Draft, LogUnavailableError, type MessageLog, type PageLimit } from './log';

const ample: PageLimit = { messages: 1_000, length: 1_000_000 };
const pages = (messages: number): PageLimit => ({ ...ample, messages });

const loggedAs = ({ from, id, mid, body, at }: Draft, seq: number): LoggedMessage => ({
  seq,
  mid,
  id,
  from,
  body,
  at,
});

const sequencesOf = (page: { messages: LoggedMessage[] }) => page.messages.map(({ seq }) => seq);

export interface LogKind {
  /**
   * Ids and epochs count in each room by itself, as they do where rooms are kept apart on several machines: the
   * same id in another room is another message, and rooms need not have one epoch.
   */
  countsPerRoom?: boolean;
}

export function describeLogContract(
  name: string,
  open: () => Promise<MessageLog>,
  { countsPerRoom = false }: LogKind = {},
): void {
  /** Where an id that was sent in `tea` is sent again. */
  const roomsOfRepeats = countsPerRoom ? ['tea', 'tea'] : ['tea', 'attic'];

  async function opened(): Promise<{ log: MessageLog }> {
    const log = await open();
    onTestFinished(() => log.close().catch(() => {}));
    return { log };
  }

  async function withMessages(count: number, fields: Partial<Draft> = {}) {
    const { log } = await opened();
    const drafts = Array.from({ length: count }, () => draftOf(fields));
    await Promise.all(drafts.map((draft) => log.append(draft)));
    return { log, drafts };
  }

  describe(`${name}: appending`, () => {
    it('numbers each room from 1 without a hole', async () => {
      const { log } = await opened();
      const seqs = [];
      for (const room of ['tea', 'tea', 'attic', 'tea', 'attic']) {
        seqs.push((await log.append(draftOf({ room }))).seq);
      }
      expect(seqs).toEqual([1, 2, 1, 3, 2]);
    });

    it('answers appends made at once in the order in which they were made', async () => {
      const { log } = await opened();
      const answered: number[] = [];
      const drafts = Array.from({ length: 300 }, () => draftOf());
      await Promise.all(
        drafts.map((draft) => log.append(draft).then(({ seq }) => answered.push(seq))),
      );
      expect(answered).toEqual(drafts.map((_, index) => index + 1));
      expect((await log.after('tea', 0, ample)).messages).toEqual(
        drafts.map((draft, index) => loggedAs(draft, index + 1)),
      );
    });

    it('answers a repeated id with the first answer, whatever it names', async () => {
      const { log } = await opened();
      const first = await log.append(draftOf({ id: 'once' }));
      expect(first.dup).toBe(false);
      await log.append(draftOf());
      for (const room of roomsOfRepeats) {
        const again = await log.append(draftOf({ id: 'once', room, body: 'another text' }));
        expect(again).toEqual({ ...first, room: 'tea', dup: true });
      }
      expect(await log.head('attic')).toMatchObject({ seq: 0 });
      expect(sequencesOf(await log.after('tea', 0, ample))).toEqual([1, 2]);
    });

    if (countsPerRoom) {
      it('takes the same id in another room as another message', async () => {
        const { log } = await opened();
        await log.append(draftOf({ id: 'same' }));
        const other = draftOf({ id: 'same', room: 'attic' });
        expect(await log.append(other)).toMatchObject({
          room: 'attic',
          seq: 1,
          mid: other.mid,
          dup: false,
        });
      });
    }

    it('takes an id twice in one go as one message', async () => {
      const { log } = await opened();
      const answers = await Promise.all([1, 2].map(() => log.append(draftOf({ id: 'once' }))));
      expect(answers.map(({ seq, dup }) => [seq, dup])).toEqual([
        [1, false],
        [1, true],
      ]);
      expect(answers[1]?.mid).toBe(answers[0]?.mid);
    });

    it('takes the same id of another author as another message', async () => {
      const { log } = await opened();
      await log.append(draftOf({ id: 'same', author: 'ann' }));
      expect(await log.append(draftOf({ id: 'same', author: 'bob' }))).toMatchObject({
        seq: 2,
        dup: false,
      });
    });

    it('keeps each author as they were when they wrote, with and without a tag', async () => {
      const { log } = await opened();
      const authors: User[] = [
        { id: 'u1', name: 'Ann' },
        { id: 'u2', name: 'Ann', tag: 'k3f9' },
        { id: 'u2', name: 'Anna', tag: 'k3f9' },
      ];
      for (const from of authors) await log.append({ ...draftOf(), from });
      for (const page of [await log.after('tea', 0, ample), await log.before('tea', 9, ample)]) {
        expect(page.messages.map(({ from }) => from)).toStrictEqual(authors);
      }
    });

    it('keeps every text as it is', async () => {
      const bodies = [
        '心💓',
        ' spaces \n\ttabs ',
        'quote \' and " and \\',
        '\u0000 a\u0000 nul',
        '\ufeff mark',
        'مرحبا',
      ];
      const { log } = await opened();
      for (const body of bodies) await log.append(draftOf({ body }));
      const { messages } = await log.after('tea', 0, ample);
      expect(messages.map(({ body }) => body)).toEqual(bodies);
    });
  });

  describe(`${name}: its epoch`, () => {
    it('is the same in every answer', async () => {
      const { log } = await opened();
      const { epoch } = await log.head('tea');
      expect(epoch).not.toBe('');
      const answers = [
        await log.append(draftOf()),
        await log.after('tea', 0, ample),
        await log.before('tea', 9, ample),
        await log.head('tea'),
        ...(countsPerRoom ? [] : [await log.head('attic')]),
      ];
      expect(new Set(answers.map((answer) => answer.epoch))).toEqual(new Set([epoch]));
    });
  });

  describe(`${name}: reading`, () => {
    it('begins with empty rooms', async () => {
      const { log } = await opened();
      expect(await log.head('tea')).toMatchObject({ seq: 0, mid: '' });
      for (const page of [
        await log.after('tea', 0, ample),
        await log.before('tea', Number.MAX_SAFE_INTEGER, ample),
      ]) {
        expect(page).toMatchObject({ head: 0, messages: [], more: false });
      }
    });

    it('knows the head and the mid at each place', async () => {
      const { log, drafts } = await withMessages(3);
      expect(await log.head('tea')).toMatchObject({ seq: 3, mid: drafts[2]?.mid });
      const midAt = async (seq: number) => (await log.after('tea', seq, ample)).mid;
      expect(await midAt(2)).toBe(drafts[1]?.mid);
      expect(await midAt(3)).toBe(drafts[2]?.mid);
      expect(await midAt(0)).toBe('');
      expect(await midAt(4)).toBeUndefined();
    });

    it.each([
      { from: 0, most: 2, seqs: [1, 2], more: true },
      { from: 2, most: 3, seqs: [3, 4, 5], more: false },
      { from: 2, most: 2, seqs: [3, 4], more: true },
      { from: 5, most: 2, seqs: [], more: false },
      { from: 9, most: 2, seqs: [], more: false },
    ])(
      'after $from, at most $most of 5: $seqs, more: $more',
      async ({ from, most, seqs, more }) => {
        const { log } = await withMessages(5);
        const page = await log.after('tea', from, pages(most));
        expect([sequencesOf(page), page.more, page.head]).toEqual([seqs, more, 5]);
      },
    );

    it.each([
      { from: Number.MAX_SAFE_INTEGER, most: 2, seqs: [4, 5], more: true },
      { from: 6, most: 5, seqs: [1, 2, 3, 4, 5], more: false },
      { from: 4, most: 3, seqs: [1, 2, 3], more: false },
      { from: 4, most: 2, seqs: [2, 3], more: true },
      { from: 1, most: 2, seqs: [], more: false },
    ])(
      'before $from, at most $most of 5: $seqs, more: $more',
      async ({ from, most, seqs, more }) => {
        const { log } = await withMessages(5);
        const page = await log.before('tea', from, pages(most));
        expect([sequencesOf(page), page.more, page.head]).toEqual([seqs, more, 5]);
      },
    );

    it('ends a page once its texts are long enough, but never before one message', async () => {
      const { log } = await withMessages(4, { body: 'x'.repeat(100) });
      for (const [length, count] of [
        [1, 1],
        [100, 1],
        [101, 2],
        [350, 4],
      ] as const) {
        const limit = { messages: 1_000, length };
        const newest = await log.before('tea', 5, limit);
        const oldest = await log.after('tea', 0, limit);
        expect(sequencesOf(oldest)).toEqual([1, 2, 3, 4].slice(0, count));
        expect(sequencesOf(newest)).toEqual([1, 2, 3, 4].slice(-count));
        expect([oldest.more, newest.more]).toEqual([count < 4, count < 4]);
      }
    });
  });

  describe(`${name}: whether it takes messages`, () => {
    it('is said without leaving any', async () => {
      const { log } = await withMessages(1);
      await log.check();
      expect(await log.append(draftOf())).toMatchObject({ seq: 2 });
    });
  });

  describe(`${name}: whatever is appended`, () => {
    it('is there once, in order, in its own room', async () => {
      const oneAppend = fc.record({
        room: fc.constantFrom('a', 'b'),
        author: fc.constantFrom('ann', 'bob'),
        id: fc.integer({ min: 0, max: 12 }).map(String),
      });
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(oneAppend, { maxLength: 8 }), { maxLength: 6 }),
          async (bursts) => {
            const log = await open();
            const rooms = new Map<string, LoggedMessage[]>([
              ['a', []],
              ['b', []],
            ]);
            const first = new Map<string, { seq: number; mid: string }>();
            for (const burst of bursts) {
              const drafts = burst.map((fields) => draftOf(fields));
              const answers = await Promise.all(drafts.map((draft) => log.append(draft)));
              for (const [index, draft] of drafts.entries()) {
                const scope = countsPerRoom ? draft.room : '';
                const key = `${scope} ${draft.from.id} ${draft.id}`;
                const known = first.get(key);
                const messages = rooms.get(draft.room) ?? [];
                const expected = known ?? { seq: messages.length + 1, mid: draft.mid };
                expect(answers[index]).toMatchObject({ ...expected, dup: known !== undefined });
                if (known) continue;
                first.set(key, expected);
                messages.push(loggedAs(draft, expected.seq));
              }
            }
            for (const [room, messages] of rooms) {
              expect((await log.after(room, 0, ample)).messages).toEqual(messages);
              expect((await log.head(room)).seq).toBe(messages.length);
            }
            await log.close();
          },
        ),
        { numRuns: 25 },
      );
    });
  });

  describe(`${name}: closing`, () => {
    it('finishes what is under way first', async () => {
      const { log } = await opened();
      const appends = [log.append(draftOf()), log.append(draftOf())];
      const closed = log.close();
      expect((await Promise.all(appends)).map(({ seq }) => seq)).toEqual([1, 2]);
      await closed;
    });

    it('refuses every later call', async () => {
      const { log } = await withMessages(1);
      await log.close();
      const calls = [
        log.append(draftOf()),
        log.head('tea'),
        log.textsUpTo('tea', 1),
        log.after('tea', 0, ample),
        log.before('tea', 1, ample),
        log.check(),
      ];
      for (const call of calls) await expect(call).rejects.toBeInstanceOf(LogUnavailableError);
    });
  });

  describeAnnotationContract(name, open);
}

/** What a log that outlives its process promises besides. */
export function describeDurability(
  name: string,
  open: () => Promise<{ log: MessageLog; reopen(): Promise<MessageLog> }>,
): void {
  describe(name, () => {
    it('keeps everything for who opens it again', async () => {
      const { log, reopen } = await open();
      const first = await log.append(draftOf({ id: 'once' }));
      await log.append(draftOf());
      const whole = await log.after('tea', 0, ample);
      await log.close();

      const again = await reopen();
      onTestFinished(() => again.close().catch(() => {}));
      expect(await again.after('tea', 0, ample)).toEqual(whole);
      expect(await again.append(draftOf({ id: 'once' }))).toEqual({ ...first, dup: true });
      expect(await again.append(draftOf())).toMatchObject({ seq: 3, epoch: first.epoch });
    });
  });
}
