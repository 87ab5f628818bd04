/**
 * What every message log promises about messages that are about earlier ones, as tests: part of
 * `logContract.ts`.
 */
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type About, type AboutSent, isText } from '../../protocol/about';
import { anyDeeds, createAnnotationModel, draftsOf, extrasOf } from './annotationModel';
import { draftOf } from './draftOf';
import { type Appended, type Draft, type MessageLog, MessageRefusedError } from './log';

const ample = { messages: 1_000, length: 1_000_000 };

export function describeAnnotationContract(name: string, open: () => Promise<MessageLog>): void {
  async function opened() {
    const log = await open();
    onTestFinished(() => log.close().catch(() => {}));
    const put = (fields: Parameters<typeof draftOf>[0] = {}) => log.append(draftOf(fields));
    const room = async () => (await log.after('tea', 0, ample)).messages;
    const bodies = async () => (await room()).map(({ body }) => body);
    return { log, put, room, bodies };
  }

  const about = (kind: About['kind'], { seq, mid }: Pick<Appended, 'seq' | 'mid'>): AboutSent => ({
    kind,
    seq,
    mid,
  });

  describe(`${name}: what is about an earlier message`, () => {
    it.each(['reply', 'edit', 'react', 'unreact'] as const)(
      'has a place like one, and keeps what it is: %s',
      async (kind) => {
        const { log, put } = await opened();
        const first = await put();
        const entry = await put({ body: '👍', about: about(kind, first) });
        expect(entry).toMatchObject({ seq: 2, dup: false });
        for (const page of [await log.after('tea', 1, ample), await log.before('tea', 9, ample)]) {
          expect(page.messages.at(-1)).toMatchObject({ body: '👍', about: { kind, seq: 1 } });
        }
      },
    );

    it('as an edit gives it its text and time, as does the next one, which alone is kept', async () => {
      const { put, room } = await opened();
      const first = await put({ body: 'one' });
      for (const [body, at] of [
        ['two', 70],
        ['three', 80],
      ] as const) {
        await put({ body, at, about: about('edit', first) });
      }
      expect(await room()).toMatchObject([
        { seq: 1, mid: first.mid, body: 'three', at: first.at, edited: 80 },
        { seq: 2, body: '', about: { kind: 'edit', seq: 1 } },
        { seq: 3, body: 'three', about: { kind: 'edit', seq: 1 } },
      ]);
    });

    it.each([0, 1, 2])('may be to one with a file, or one that was cut off (%i)', async (n) => {
      const { log, put, room } = await opened();
      const extras = extrasOf(n);
      const first = await put({ body: '', ...extras });
      const { cut: _, ...file } = extras;
      const [whole] = (await log.before('tea', 9, ample)).messages;
      expect(whole).toMatchObject({ body: '', ...extras });
      await put({ body: 'all of it', about: about('edit', first) });
      const [edited] = await room();
      expect(edited).toMatchObject({ body: 'all of it', ...file });
      expect(edited).not.toHaveProperty('cut');
      await put({ body: '', about: about('delete', first) });
      const [deleted] = await room();
      expect(deleted).not.toHaveProperty('file');
      expect(deleted).not.toHaveProperty('cut');
    });

    it('as a deletion leaves nothing of its text, nor of its edits, and says when', async () => {
      const { log, put, room } = await opened();
      const first = await put({ body: 'secret' });
      await put({ body: 'secret 2', about: about('edit', first) });
      await put({ body: 'secret 3', about: about('edit', first) });
      await put({ body: 'aha', author: 'bob', about: about('reply', first) });
      await put({ body: '', at: 90, about: about('delete', first) });
      expect(await room()).toMatchObject([
        { seq: 1, body: '', deleted: 90 },
        { seq: 2, body: '' },
        { seq: 3, body: '' },
        { seq: 4, body: 'aha' },
        { seq: 5, body: '', about: { kind: 'delete', seq: 1 } },
      ]);
      expect(JSON.stringify(await log.before('tea', 9, ample))).not.toContain('secret');
    });

    it('changes that one only, whatever else is there', async () => {
      const { log, put, bodies } = await opened();
      for (const body of ['a', 'b', 'c']) await put({ body });
      const attic = await put({ room: 'attic', body: 'up' });
      const [, b] = (await log.after('tea', 0, ample)).messages;
      if (b) await put({ body: 'B\u0000', about: about('edit', b) });
      await put({ room: 'attic', body: '', about: about('delete', attic) });
      expect(await bodies()).toEqual(['a', 'B\u0000', 'c', 'B\u0000']);
    });

    it('leaves a page that was read before as it was', async () => {
      const { put, room } = await opened();
      const first = await put({ body: 'one' });
      const before = await room();
      await put({ body: 'two', about: about('edit', first) });
      expect(before).toMatchObject([{ body: 'one' }]);
      expect(before[0]).not.toHaveProperty('edited');
    });
  });

  describe(`${name}: what may not be about an earlier message`, () => {
    /** A room in which everything was done once. */
    async function lively() {
      const { log, put, room } = await opened();
      const text = await put();
      const reply = await put({ author: 'bob', about: about('reply', text) });
      const edit = await put({ about: about('edit', text) });
      const reaction = await put({ author: 'bob', body: '👍', about: about('react', text) });
      const gone = await put();
      await put({ body: '', about: about('delete', gone) });
      return { log, put, room, places: { text, reply, edit, reaction, gone } };
    }

    const refusals: [string, (of: Record<string, Appended>) => Partial<Draft>, string][] = [];
    for (const kind of ['reply', 'edit', 'delete', 'react', 'unreact'] as const) {
      const to = (place: string) => (of: Record<string, Appended>) => {
        const { seq = 0, mid = '' } = of[place] ?? {};
        return { about: { kind, seq, mid } };
      };
      refusals.push(
        [`${kind}: an edit`, to('edit'), 'no_message'],
        [`${kind}: a reaction`, to('reaction'), 'no_message'],
        [`${kind}: a deleted one`, to('gone'), 'no_message'],
        [`${kind}: nothing`, () => ({ about: { kind, seq: 99, mid: 'm' } }), 'no_message'],
        [`${kind}: another's mid`, () => ({ about: { kind, seq: 1, mid: 'm' } }), 'no_message'],
        [`${kind}: another room's`, (of) => ({ ...to('text')(of), room: 'attic' }), 'no_message'],
      );
      if (kind === 'edit' || kind === 'delete') {
        refusals.push([`${kind}: somebody else's`, to('reply'), 'not_author']);
      }
    }

    it.each(refusals)('%s', async (_, fieldsFor, code) => {
      const { log, put, room, places } = await lively();
      const before = [await room(), await log.head('tea'), await log.head('attic')];
      const refused: unknown = await put(fieldsFor(places)).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(MessageRefusedError);
      expect(refused).toMatchObject({ code });
      expect([await room(), await log.head('tea'), await log.head('attic')]).toEqual(before);
    });

    it('takes no number, and its id stands for what is sent under it next', async () => {
      const { log, put } = await opened();
      const first = await put();
      const calls = [
        put({ author: 'bob', id: 'once', about: about('edit', first) }),
        put({ author: 'bob', id: 'once', body: 'a text' }),
      ];
      const results = await Promise.allSettled(calls);
      expect(results).toMatchObject([{ status: 'rejected' }, { value: { seq: 2, dup: false } }]);
      expect(await log.head('tea')).toMatchObject({ seq: 2, texts: 2 });
    });

    it('is no concern of an id that was answered: it gets its first answer again', async () => {
      const { put, room } = await opened();
      const first = await put();
      const edit = await put({ id: 'edit', body: 'two', about: about('edit', first) });
      await put({ body: '', about: about('delete', first) });
      const after = await room();
      const again = await put({ id: 'edit', body: 'two', about: about('edit', first) });
      expect(again).toEqual({ ...edit, dup: true });
      const otherwise = await put({ id: 'edit', about: { kind: 'reply', seq: 99, mid: 'm' } });
      expect(otherwise).toEqual({ ...edit, dup: true });
      expect(await room()).toEqual(after);
    });
  });

  describe(`${name}: how many texts there are`, () => {
    it('is none in an empty room', async () => {
      const { log } = await opened();
      expect(await log.head('tea')).toMatchObject({ seq: 0, texts: 0 });
      expect(await log.textsUpTo('tea', 7)).toBe(0);
    });

    it('counts messages and replies, deleted ones too, and nothing else, up to each place', async () => {
      const { log, put } = await opened();
      const first = await put();
      await put({ author: 'bob', about: about('reply', first) });
      await put({ body: '👍', about: about('react', first) });
      await put({ about: about('edit', first) });
      await put({ body: '', about: about('delete', first) });
      await put();
      await put({ room: 'attic' });
      expect(await log.head('tea')).toMatchObject({ seq: 6, texts: 3 });
      const upTo = await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map((n) => log.textsUpTo('tea', n)));
      expect(upTo).toEqual([0, 1, 2, 2, 2, 2, 3, 3]);
    });
  });

  describe(`${name}: whatever two people do to their messages`, () => {
    it('answers, pages and counts are what the entries make of them, in their order', async () => {
      await fc.assert(
        fc.asyncProperty(anyDeeds, async (deeds) => {
          const log = await open();
          const model = createAnnotationModel();
          for (const burst of draftsOf(deeds)) {
            const expected = burst.map((draft) => model.append(draft));
            const results = await Promise.allSettled(burst.map((draft) => log.append(draft)));
            for (const [index, answer] of expected.entries()) {
              expect(results[index]).toMatchObject(
                'refused' in answer
                  ? { status: 'rejected', reason: { code: answer.refused } }
                  : { status: 'fulfilled', value: answer },
              );
            }
          }
          const messages = model.messages();
          expect((await log.after('tea', 0, ample)).messages).toStrictEqual(messages);
          expect((await log.before('tea', 999, ample)).messages).toStrictEqual(messages);
          const texts = messages.filter((message) => isText(message.about)).length;
          const end = { seq: messages.length, mid: messages.at(-1)?.mid ?? '', texts };
          expect(await log.head('tea')).toMatchObject(end);
          const counts = messages.map(({ seq }) => log.textsUpTo('tea', seq));
          expect(await Promise.all(counts)).toEqual(
            messages.map(
              ({ seq }) => messages.slice(0, seq).filter((each) => isText(each.about)).length,
            ),
          );
          await log.close();
        }),
        { numRuns: 25 },
      );
    });
  });
}
