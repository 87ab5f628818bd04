import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { About } from '../protocol/about';
import type { LoggedMessage } from '../protocol/message';
import type { User } from '../protocol/user';
import { isText } from './annotations';
import { createMessageView } from './messageView';
import type { OutboxEntry } from './outboxEntry';
import type { ChatMessage } from './types';

const ann: User = { id: 'u1', name: 'Ann' };
const bob: User = { id: 'u2', name: 'Bob' };
const cyd: User = { id: 'u3', name: 'Cyd' };

const said = (seq: number, fields: Partial<LoggedMessage> = {}): LoggedMessage => ({
  seq,
  mid: `m${seq}`,
  id: `c${seq}`,
  from: bob,
  body: `number ${seq}`,
  at: 1_000 + seq,
  ...fields,
});
const about = (
  seq: number,
  kind: About['kind'],
  target: number,
  body = '',
  from = bob,
): LoggedMessage => said(seq, { about: { kind, seq: target }, body, from });
const own = (
  id: string,
  kind: About['kind'],
  target: number,
  fields: Partial<OutboxEntry> = {},
): OutboxEntry => ({
  id,
  room: 'lobby',
  about: { kind, seq: target, mid: `m${target}` },
  body: '',
  at: 5,
  state: 'queued',
  hasLeft: false,
  failure: undefined,
  seq: undefined,
  page: 'this',
  ...fields,
});
const compose = (logged: LoggedMessage[], unsent: OutboxEntry[] = []) =>
  createMessageView('lobby').compose(logged, unsent, ann);

describe('an edit', () => {
  it('shows at its message, with the time of the latest, and is no row of its own', () => {
    const list = compose([said(1), about(2, 'edit', 1, 'better'), about(3, 'edit', 1, 'best')]);
    expect(list).toHaveLength(1);
    expect(list[0]).toMatchObject({ id: 'c1', body: 'best', edited: 1_003 });
  });

  it('by somebody else changes nothing', () => {
    const list = compose([said(1), about(2, 'edit', 1, 'forged', cyd)]);
    expect(list).toMatchObject([{ body: 'number 1' }]);
    expect(list[0]?.edited).toBeUndefined();
  });

  it('of one’s own shows its text at once, and that it is not there yet', () => {
    const [row] = compose([said(1, { from: ann })], [own('x', 'edit', 1, { body: 'soon' })]);
    expect(row).toMatchObject({ body: 'soon', change: { id: 'x', kind: 'edit', state: 'queued' } });
    expect(row?.edited).toBeUndefined();
  });

  it('that was refused leaves the text that the room has, with the reason', () => {
    const failure = { code: 'no_message', message: 'gone' };
    const unsent = [own('x', 'edit', 1, { body: 'never', state: 'failed', failure })];
    const [row, ...others] = compose([said(1, { from: ann })], unsent);
    expect(row).toMatchObject({ body: 'number 1', change: { id: 'x', state: 'failed', failure } });
    expect(others).toEqual([]);
  });

  it('that failed is a row of its own where its message is not, so that somebody can decide', () => {
    const failure = { code: 'no_message', message: 'gone' };
    const lost = own('x', 'edit', 1, { body: 'text', state: 'failed', failure });
    const elsewhere = { kind: 'edit', seq: 1, mid: 'of the log before' } as const;
    const [, row] = compose([said(1, { from: ann })], [{ ...lost, about: elsewhere }]);
    expect(row).toMatchObject({ id: 'x', body: 'text', state: 'failed', failure });
    expect(compose([said(7)], [lost])).toHaveLength(2);
  });
});

describe('a deletion', () => {
  it('leaves a message without text, reactions and quote', () => {
    const list = compose([
      said(1),
      said(2, { about: { kind: 'reply', seq: 1 } }),
      about(3, 'react', 2, '👍', cyd),
      about(4, 'delete', 2),
    ]);
    expect(list[1]).toMatchObject({ id: 'c2', body: '', deleted: 1_004 });
    expect(list[1]?.reactions ?? list[1]?.replyTo).toBeUndefined();
  });

  it('of one’s own leaves the text until it is there', () => {
    const logged = [said(1, { from: ann })];
    const [waiting] = compose(logged, [own('x', 'delete', 1)]);
    expect(waiting).toMatchObject({ body: 'number 1', change: { kind: 'delete' } });
    const [done] = compose(logged, [own('x', 'delete', 1, { state: 'sent', seq: 2 })]);
    expect(done).toMatchObject({ body: '', deleted: 5 });
    expect(done?.change).toBeUndefined();
  });
});

describe('reactions', () => {
  it('are one where keyboards spell the same emoji in two ways', () => {
    const [row] = compose([
      said(1),
      about(2, 'react', 1, '❤', bob),
      about(3, 'react', 1, '❤\uFE0F', ann),
    ]);
    expect(row?.reactions).toEqual([{ emoji: '❤\uFE0F', users: [bob, ann], mine: true }]);
  });

  it('are counted by emoji, who came first first', () => {
    const [row] = compose([
      said(1),
      about(2, 'react', 1, '👍', bob),
      about(3, 'react', 1, '🎉', cyd),
      about(4, 'react', 1, '👍', ann),
      about(5, 'react', 1, '👍', bob),
      about(6, 'unreact', 1, '🎉', cyd),
    ]);
    expect(row?.reactions).toEqual([{ emoji: '👍', users: [bob, ann], mine: true }]);
  });

  it('of one’s own count before they are sent, and no longer if they are taken back', () => {
    const logged = [said(1), about(2, 'react', 1, '👍', ann), about(3, 'react', 1, '👍', bob)];
    const [row] = compose(logged, [
      own('x', 'unreact', 1, { body: '👍' }),
      own('y', 'react', 1, { body: '🎉' }),
    ]);
    expect(row?.reactions).toEqual([
      { emoji: '👍', users: [bob], mine: false },
      { emoji: '🎉', users: [ann], mine: true },
    ]);
  });
});

describe('a reply', () => {
  it('between two edits of what it answers has the latest, though its page had that from the start', () => {
    const list = compose([
      said(1, { body: 'best', edited: 1_004 }),
      about(2, 'edit', 1, 'better'),
      said(3, { about: { kind: 'reply', seq: 1 } }),
      about(4, 'edit', 1, 'best'),
    ]);
    expect(list[1]?.replyTo?.body).toBe('best');
  });

  const reply = said(2, { about: { kind: 'reply', seq: 1 } });

  it('has who and what it answers, as it is now', () => {
    const list = compose([said(1), reply, about(3, 'edit', 1, 'better')]);
    expect(list[1]?.replyTo).toMatchObject({ seq: 1, author: bob, body: 'better' });
  });

  it('knows only the place of what is not loaded, until that was loaded for it', () => {
    const view = createMessageView('lobby');
    const logged = [reply, about(3, 'edit', 1, 'better')];
    expect(view.compose(logged, [], ann)[0]?.replyTo).toEqual({ seq: 1 });
    view.quote(said(1));
    expect(view.compose(logged, [], ann)[0]?.replyTo).toMatchObject({ body: 'better' });
    const deleted = [...logged, about(4, 'delete', 1)];
    expect(view.compose(deleted, [], ann)[0]?.replyTo).toMatchObject({ body: '', deleted: 1_004 });
  });

  it('that is not sent yet quotes too', () => {
    const [, row] = compose([said(1)], [own('x', 'reply', 1, { body: 'yes' })]);
    expect(row).toMatchObject({ id: 'x', body: 'yes', replyTo: { seq: 1, body: 'number 1' } });
  });
});

/** A log as a server keeps it: `rowsAt(head)` are its rows with the state that they have at that head. */
function rowsAt(log: readonly LoggedMessage[], head: number): LoggedMessage[] {
  return log.slice(0, head).map((row) => {
    const entries = log.slice(0, head);
    const author = entries.find(({ seq }) => seq === row.about?.seq)?.from.id;
    const isGone = entries.some(
      (each) =>
        each.about?.kind === 'delete' &&
        each.about.seq === row.about?.seq &&
        each.from.id === author,
    );
    if (row.about?.kind === 'edit') {
      return isGone && author === row.from.id ? { ...row, body: '' } : row;
    }
    if (!isText(row)) return row;
    const changes = entries.filter(
      (each) => each.about?.seq === row.seq && each.from.id === row.from.id,
    );
    const edit = changes.findLast((each) => each.about?.kind === 'edit');
    const deletion = changes.find((each) => each.about?.kind === 'delete');
    const body = deletion ? '' : (edit?.body ?? row.body);
    return {
      ...row,
      body,
      ...(edit && { edited: edit.at }),
      ...(deletion && { deleted: deletion.at }),
    };
  });
}

/** What people see, said as plainly as it can be: all of the log, for each message anew. */
function specification(log: readonly LoggedMessage[], first: number, unsent: OutboxEntry[]) {
  const state = rowsAt(log, log.length);
  const inLog = new Set(
    log.filter(({ from, seq }) => seq >= first && from.id === ann.id).map(({ id }) => id),
  );
  const waiting = unsent.filter(({ id }) => !inLog.has(id));
  const loaded = state.filter(
    ({ seq, about: what }) => seq >= first && (what === undefined || what.kind === 'reply'),
  );
  const shown = loaded.map((row) => {
    const mine = row.from.id === ann.id;
    const pending = waiting.filter((each) => each.about?.seq === row.seq);
    const edits = pending.filter((each) => mine && each.about?.kind === 'edit');
    const edit = edits.findLast((each) => each.state !== 'failed');
    const reactions: { emoji: string; users: string[] }[] = [];
    const react = (emoji: string, user: string, on: boolean) => {
      const there = reactions.find((each) => each.emoji === emoji);
      if (on && !there) reactions.push({ emoji, users: [user] });
      else if (on && !there?.users.includes(user)) there?.users.push(user);
      else if (!on && there) there.users = there.users.filter((each) => each !== user);
      const empty = reactions.findIndex(({ users }) => users.length === 0);
      if (empty >= 0) reactions.splice(empty, 1);
    };
    for (const entry of log) {
      if (entry.about?.seq !== row.seq) continue;
      if (entry.about.kind === 'react') react(entry.body, entry.from.id, true);
      if (entry.about.kind === 'unreact') react(entry.body, entry.from.id, false);
    }
    for (const { about: what, body, state: progress } of pending) {
      if (progress === 'failed') continue;
      if (what?.kind === 'react') react(body, ann.id, true);
      if (what?.kind === 'unreact') react(body, ann.id, false);
    }
    return {
      id: row.id,
      body: row.deleted === undefined ? (edit?.body ?? row.body) : '',
      deleted: row.deleted,
      reactions: row.deleted === undefined ? reactions : [],
      replyTo: row.deleted === undefined ? row.about?.seq : undefined,
      change: edits.at(-1)?.id,
    };
  });
  return new Map(shown.map((each) => [each.id, each]));
}

const gist = ({ id, body, deleted, reactions = [], replyTo, change }: ChatMessage) => ({
  id,
  body,
  deleted,
  reactions: reactions.map(({ emoji, users }) => ({ emoji, users: users.map((user) => user.id) })),
  replyTo: replyTo?.seq,
  change: change?.id,
});

describe('the list, however it came to be', () => {
  const word = fc.constantFrom('👍', '🎉');
  const kind = fc.constantFrom(undefined, 'reply', 'edit', 'delete', 'react', 'unreact', 'react');
  const line = fc.record({
    from: fc.constantFrom(ann, bob),
    kind,
    back: fc.integer({ min: 1, max: 6 }),
    word,
  });
  const logs = fc.array(line, { minLength: 1, maxLength: 30 }).map((lines) =>
    lines.map((each, index): LoggedMessage => {
      const seq = index + 1;
      const target = seq - each.back;
      if (each.kind === undefined || target < 1) return said(seq, { from: each.from });
      const isEmoji = each.kind === 'react' || each.kind === 'unreact';
      const body = isEmoji ? each.word : each.kind === 'delete' ? '' : `text ${seq}`;
      return about(seq, each.kind, target, body, each.from);
    }),
  );
  const entries = fc.array(
    fc
      .record({
        kind: fc.constantFrom('edit' as const, 'react' as const, 'unreact' as const),
        target: fc.integer({ min: 1, max: 30 }),
        state: fc.constantFrom('queued' as const, 'sending' as const),
        seq: fc.integer({ min: 1, max: 60 }),
        word,
      })
      .map(({ kind, target, state, seq, word }) =>
        own(`c${seq}`, kind, target, { body: word, state }),
      ),
    { maxLength: 4 },
  );
  const unique = (unsent: OutboxEntry[]) => [
    ...new Map(unsent.map((each) => [each.id, each])).values(),
  ];
  const steps = fc.array(
    fc.record({
      newer: fc.integer({ min: 0, max: 6 }),
      older: fc.integer({ min: 0, max: 6 }),
      isPage: fc.boolean(),
      unsent: entries.map(unique),
    }),
    { minLength: 1, maxLength: 8 },
  );

  it('is what a fold of the whole log at once would be, and redraws only what has changed', () => {
    fc.assert(
      fc.property(logs, fc.nat({ max: 29 }), steps, (log, start, walk) => {
        const view = createMessageView('lobby');
        let head = Math.min(start + 1, log.length);
        let first = head;
        let loaded = rowsAt(log, head).slice(first - 1);
        let before: readonly ChatMessage[] = [];
        for (const { newer, older, isPage, unsent } of walk) {
          const nextHead = Math.min(head + newer, log.length);
          // Live, each comes as it is then; as a page, as all is by now.
          const live = log.slice(head, nextHead);
          const page = rowsAt(log, nextHead).slice(head);
          const nextFirst = Math.max(1, first - older);
          const front = rowsAt(log, nextHead).slice(nextFirst - 1, first - 1);
          loaded = [...front, ...loaded, ...(isPage ? page : live)];
          head = nextHead;
          first = nextFirst;
          const list = view.compose(loaded, unsent, ann);

          const expected = specification(log.slice(0, head), first, unsent);
          expect(list.map(gist)).toEqual([...expected.values()]);
          expect(createMessageView('lobby').compose([...loaded], unsent, ann)).toEqual(list);
          const known = new Map(before.map((row) => [row.id, row]));
          for (const row of list) {
            const same = known.get(row.id);
            if (same && JSON.stringify(same) === JSON.stringify(row)) expect(row).toBe(same);
          }
          expect(view.compose(loaded, unsent, ann)).toBe(list);
          before = list;
        }
      }),
    );
  }, 20_000);
});
