import { describe, expect, it, vi } from 'vitest';
import { createMemoryOutbox } from '../testing/outboxFakes';
import { settle } from '../testing/settle';
import { createOutbox } from './outbox';
import { createSoloShare, type OutboxStorage, type StoredEntry } from './outboxEntry';

function setUp({
  isOpen = true,
  kept = [] as StoredEntry[],
  put = undefined as OutboxStorage['put'] | undefined,
} = {}) {
  const memory = createMemoryOutbox(kept);
  const line = { isOpen, left: [] as string[] };
  const clock = { now: 1_000 };
  const onStorageFailed = vi.fn();
  const outbox = createOutbox({
    storage: put ? { ...memory.storage, put } : memory.storage,
    share: createSoloShare('this'),
    now: () => clock.now,
    transmit({ id }) {
      if (line.isOpen) line.left.push(id);
      return line.isOpen;
    },
    onChange: () => {},
    onStorageFailed,
  });
  const states = () => Object.fromEntries(outbox.entries().map(({ id, state }) => [id, state]));
  outbox.lineOpened();
  const ids = () => [...memory.rows.keys()];
  return { outbox, line, clock, memory: { ...memory, ids }, states, onStorageFailed };
}

const entry = (id: string) => ({ id, room: 'lobby', body: `body of ${id}`, at: 1 });
/** Lets the storage answer. */

describe('a message in the outbox', () => {
  it('is kept before it leaves', async () => {
    const { outbox, line, memory, states } = setUp();
    outbox.add(entry('a'));
    expect(states()).toEqual({ a: 'queued' });
    expect(line.left).toEqual([]);
    await settle();
    expect(memory.ids()).toEqual(['a']);
    expect(line.left).toEqual(['a']);
    expect(states()).toEqual({ a: 'sending' });
  });

  it('waits for the line, and leaves in the order of writing', async () => {
    const { outbox, line, states } = setUp({ isOpen: false });
    for (const id of ['a', 'b', 'c']) outbox.add(entry(id));
    await settle();
    expect(states()).toEqual({ a: 'queued', b: 'queued', c: 'queued' });
    line.isOpen = true;
    outbox.flush();
    expect(line.left).toEqual(['a', 'b', 'c']);
  });

  it('is sent, and no longer kept, once it is acked', async () => {
    const { outbox, memory } = setUp();
    outbox.add(entry('a'));
    await settle();
    outbox.acked('a', 7);
    expect(outbox.entries()).toMatchObject([{ id: 'a', state: 'sent', seq: 7 }]);
    await settle();
    expect(memory.ids()).toEqual([]);
  });

  it('goes again, under the same id, when the line is lost before its ack', async () => {
    const { outbox, line, states } = setUp();
    outbox.add(entry('a'));
    outbox.add(entry('b'));
    await settle();
    outbox.acked('a', 1);
    outbox.lineLost();
    expect(states()).toEqual({ a: 'sent', b: 'queued' });
    outbox.lineOpened();
    await settle();
    expect(line.left).toEqual(['a', 'b', 'b']);
  });

  it('is found again after a reload, and goes out', async () => {
    const kept = [{ ...entry('a'), failure: undefined, page: 'before' }];
    const { outbox, line } = setUp({ kept });
    await outbox.load();
    await settle();
    expect(line.left).toEqual(['a']);
  });

  it('that was refused stays, with the reason, over a reload too', async () => {
    const failure = { code: 'not_in_room', message: 'no' };
    const { outbox, memory } = setUp();
    outbox.add(entry('a'));
    await settle();
    outbox.refused('a', failure);
    await settle();
    expect(outbox.entries()).toMatchObject([{ state: 'failed', failure }]);
    const reloaded = setUp({ kept: [...memory.rows.values()] });
    await reloaded.outbox.load();
    expect(reloaded.outbox.entries()).toMatchObject([{ state: 'failed', failure }]);
    expect(reloaded.line.left).toEqual([]);
  });

  it('that was refused goes again when a person retries, under the same id', async () => {
    const { outbox, line, states } = setUp();
    outbox.add(entry('a'));
    await settle();
    outbox.refused('a', { code: 'x', message: 'no' });
    await settle();
    outbox.retry('a');
    await settle();
    expect(line.left).toEqual(['a', 'a']);
    expect(states()).toEqual({ a: 'sending' });
  });

  it('that was refused does not block the ones behind it', async () => {
    const { outbox, states } = setUp();
    outbox.add(entry('a'));
    outbox.add(entry('b'));
    await settle();
    outbox.refused('a', { code: 'x', message: 'no' });
    outbox.acked('b', 1);
    expect(states()).toEqual({ a: 'failed', b: 'sent' });
  });

  it('that a person deletes is gone for good, even while it was being kept', async () => {
    let finish: () => void = () => {};
    const { outbox, line, memory } = setUp({
      put: () => new Promise<void>((resolve) => (finish = resolve)),
    });
    outbox.add(entry('a'));
    outbox.remove('a');
    finish();
    await settle();
    expect(outbox.entries()).toEqual([]);
    expect(line.left).toEqual([]);
    expect(memory.ids()).toEqual([]);
  });

  it('leaves all the same when the browser keeps nothing, and that is said', async () => {
    const { outbox, line, onStorageFailed } = setUp({
      put: () => Promise.reject(new Error('quota')),
    });
    outbox.add(entry('a'));
    await settle();
    expect(line.left).toEqual(['a']);
    expect(onStorageFailed).toHaveBeenCalled();
  });
});

describe('a full outbox', () => {
  it('refuses what does not fit, and loses nothing of what it holds', () => {
    const { outbox } = setUp({ isOpen: false });
    const taken = Array.from({ length: 501 }, (_, index) => outbox.add(entry(`m${index}`)));
    expect(taken.filter((each) => each)).toHaveLength(500);
    expect(taken.at(-1)).toBe(false);
    expect(outbox.entries()).toHaveLength(500);
  });

  it('is full by length, too', () => {
    const { outbox } = setUp({ isOpen: false });
    const long = { ...entry('a'), body: 'x'.repeat(1_500_000) };
    expect(outbox.add(long)).toBe(true);
    expect(outbox.add({ ...long, id: 'b' })).toBe(false);
    expect(outbox.add(entry('c'))).toBe(true);
  });

  it('takes more once the log has what it held', async () => {
    const { outbox } = setUp();
    for (let index = 0; index < 500; index += 1) outbox.add(entry(`m${index}`));
    expect(outbox.add(entry('late'))).toBe(false);
    outbox.acked('m0', 1);
    expect(outbox.add(entry('late'))).toBe(true);
  });
});

describe('the window of unacked messages', () => {
  it('is 32 wide, and moves on with every ack', async () => {
    const { outbox, line } = setUp();
    const ids = Array.from({ length: 40 }, (_, index) => `m${String(index).padStart(2, '0')}`);
    for (const id of ids) outbox.add(entry(id));
    await settle();
    expect(line.left).toEqual(ids.slice(0, 32));
    outbox.acked('m00', 1);
    expect(line.left).toEqual(ids.slice(0, 33));
  });
});

describe('a message that is shown elsewhere', () => {
  it('is let go of once it was acked, and never before', async () => {
    const { outbox, states } = setUp();
    outbox.add(entry('a'));
    outbox.add(entry('b'));
    await settle();
    outbox.acked('a', 1);
    outbox.discard(() => true);
    expect(states()).toEqual({ b: 'sending' });
  });
});

describe('what became of a message that was not sent', () => {
  it('tells one that never left from one that left without an ack', async () => {
    const { outbox, line } = setUp();
    outbox.add(entry('a'));
    await settle();
    line.isOpen = false;
    outbox.add(entry('b'));
    await settle();
    outbox.lineLost();
    expect(outbox.entries()).toMatchObject([
      { id: 'a', state: 'queued', hasLeft: true },
      { id: 'b', state: 'queued', hasLeft: false },
    ]);
  });

  it('takes one that was found after a reload for one that may have left', async () => {
    const kept = [{ ...entry('a'), failure: undefined, page: 'before' }];
    const { outbox } = setUp({ isOpen: false, kept });
    await outbox.load();
    expect(outbox.entries()).toMatchObject([{ id: 'a', state: 'queued', hasLeft: true }]);
  });
});

describe('a message that has waited for more than a week', () => {
  it('does not leave unasked, and says why', async () => {
    const { outbox, line, clock, states } = setUp({ isOpen: false });
    outbox.add({ ...entry('a'), at: clock.now });
    await settle();
    clock.now += 7 * 24 * 3_600_000 + 1;
    outbox.add({ ...entry('b'), at: clock.now });
    await settle();
    line.isOpen = true;
    outbox.flush();
    await settle();
    expect(states()).toEqual({ a: 'failed', b: 'sending' });
    expect(outbox.entries()[0]?.failure?.code).toBe('expired');
    outbox.retry('a');
    await settle();
    expect(line.left).toEqual(['b', 'a']);
  });
});

const anHourMs = 3_600_000;
const react = (id: string) => ({
  ...entry(id),
  body: '👍',
  about: { kind: 'react', seq: 1, mid: 'm1' } as const,
});

describe('a message that has waited for more than an hour', () => {
  it('asks when it would leave, and not before; Retry sends it, as written then', async () => {
    const { outbox, line, clock, states } = setUp();
    outbox.lineLost();
    outbox.add({ ...entry('a'), at: clock.now });
    await settle();
    clock.now += anHourMs + 1;
    outbox.add({ ...entry('b'), at: clock.now });
    await settle();
    expect(states()).toEqual({ a: 'queued', b: 'queued' });
    outbox.lineOpened();
    await settle();
    expect(states()).toEqual({ a: 'failed', b: 'sending' });
    expect(outbox.entries()[0]?.failure?.code).toBe('stale');
    outbox.retry('a');
    await settle();
    expect(line.left).toEqual(['b', 'a']);
    expect(outbox.entries()[0]?.at).toBe(clock.now);
  });

  it('is not an emoji: those go unasked', async () => {
    const { outbox, line, clock } = setUp({ isOpen: false });
    outbox.add({ ...react('a'), at: clock.now });
    await settle();
    clock.now += anHourMs + 1;
    line.isOpen = true;
    outbox.flush();
    expect(line.left).toEqual(['a']);
  });

  it('is not one that the log had and has lost: it was said in its time', async () => {
    const { outbox, line, clock } = setUp();
    clock.now += 10 * anHourMs;
    outbox.takeBack(entry('a'));
    await settle();
    expect(line.left).toEqual(['a']);
  });
});

describe('a change of a message', () => {
  it('is kept with what it is about, over a reload', async () => {
    const first = setUp({ isOpen: false });
    first.outbox.add(react('a'));
    await settle();
    const { outbox } = setUp({ kept: [...first.memory.rows.values()] });
    await outbox.load();
    expect(outbox.entries()).toMatchObject([{ about: { kind: 'react', seq: 1, mid: 'm1' } }]);
  });

  it('that was refused stays, with the reason; but a reaction vanishes', async () => {
    const { outbox, memory, states } = setUp();
    outbox.add(react('a'));
    outbox.add({ ...entry('b'), about: { kind: 'edit', seq: 1, mid: 'm1' } });
    await settle();
    for (const id of ['a', 'b']) outbox.refused(id, { code: 'no_message', message: 'gone' });
    await settle();
    expect(states()).toEqual({ b: 'failed' });
    expect(memory.ids()).toEqual(['b']);
  });

  it('that deletes what is gone has what it wanted', async () => {
    const { outbox, states } = setUp();
    for (const id of ['a', 'b']) {
      outbox.add({ ...entry(id), body: '', about: { kind: 'delete', seq: 1, mid: 'm1' } });
    }
    await settle();
    outbox.refused('a', { code: 'no_message', message: 'gone' });
    outbox.refused('b', { code: 'not_author', message: 'no' });
    expect(states()).toEqual({ b: 'failed' });
  });
});

describe('a reply to a message that is gone', () => {
  it('fails, and goes as a message by itself when it is retried', async () => {
    const { outbox } = setUp();
    outbox.add({ ...entry('a'), about: { kind: 'reply', seq: 1, mid: 'm1' } });
    await settle();
    outbox.refused('a', { code: 'no_message', message: 'gone' });
    expect(outbox.entries()).toMatchObject([{ state: 'failed', about: { kind: 'reply' } }]);
    outbox.retry('a');
    expect(outbox.entries()[0]?.about).toBeUndefined();
  });
});

describe('another text for a message that was not sent', () => {
  it('takes the place of the first, in the order of writing, and is kept', async () => {
    const { outbox, line, memory } = setUp({ isOpen: false });
    for (const id of ['a', 'b']) outbox.add(entry(id));
    await settle();
    expect(outbox.rewrite('a', 'better')).toBe(true);
    await settle();
    expect(memory.rows.get('a')?.body).toBe('better');
    line.isOpen = true;
    outbox.flush();
    expect(line.left).toEqual(['a', 'b']);
    expect(outbox.entries()).toMatchObject([{ body: 'better', isRewritten: false }, {}]);
  });

  it('sends one that failed again', async () => {
    const { outbox, clock } = setUp();
    outbox.add(entry('a'));
    await settle();
    outbox.refused('a', { code: 'x', message: 'no' });
    clock.now += 5;
    expect(outbox.rewrite('a', 'better')).toBe(true);
    await settle();
    const sending = { state: 'sending', body: 'better', at: clock.now, isRewritten: true };
    expect(outbox.entries()).toMatchObject([sending]);
  });

  it('is not taken for one that is on its way, was sent, or is unknown', async () => {
    const { outbox } = setUp();
    outbox.add(entry('a'));
    await settle();
    expect(outbox.rewrite('a', 'late')).toBe(false);
    outbox.acked('a', 1);
    expect(outbox.rewrite('a', 'late')).toBe(false);
    expect(outbox.rewrite('x', 'late')).toBe(false);
  });

  it('is not taken if it is too much', () => {
    const { outbox } = setUp({ isOpen: false });
    outbox.add({ ...entry('a'), body: 'x'.repeat(1_900_000) });
    outbox.add(entry('b'));
    expect(outbox.rewrite('b', 'x'.repeat(200_000))).toBe(false);
    expect(outbox.rewrite('a', 'x'.repeat(1_950_000))).toBe(true);
  });

  it('does not leave before it is kept, though the first one was', async () => {
    const writings: (() => void)[] = [];
    const { outbox, line } = setUp({
      put: () => new Promise<void>((resolve) => void writings.push(resolve)),
    });
    outbox.add(entry('a'));
    outbox.rewrite('a', 'better');
    writings[0]?.();
    await settle();
    expect(line.left).toEqual([]);
    writings[1]?.();
    await settle();
    expect(line.left).toEqual(['a']);
  });

  it('is seen by the other pages', async () => {
    const memory = createMemoryOutbox();
    const pages = ['one', 'other'].map((page) =>
      createOutbox({
        storage: memory.storage,
        share: memory.openPage(page),
        now: () => 1_000,
        transmit: () => false,
        onChange: () => {},
        onStorageFailed: () => {},
      }),
    );
    for (const page of pages) await page.load();
    pages[0]?.add(entry('a'));
    await settle();
    expect(pages[1]?.rewrite('a', 'by another')).toBe(false);
    pages[0]?.rewrite('a', 'better');
    await settle();
    await settle();
    expect(pages[1]?.entries()).toMatchObject([{ id: 'a', body: 'better' }]);
  });
});

describe('all that failed', () => {
  const failAll = async () => {
    const world = setUp();
    for (const id of ['a', 'b', 'c']) world.outbox.add({ ...entry(id), room: `room-${id}` });
    await settle();
    for (const id of ['a', 'b']) world.outbox.refused(id, { code: 'x', message: 'no' });
    await settle();
    return world;
  };

  it('goes again at once, in every room', async () => {
    const { outbox, line, states } = await failAll();
    outbox.retryAll();
    await settle();
    expect(line.left).toEqual(['a', 'b', 'c', 'a', 'b']);
    expect(states()).toEqual({ a: 'sending', b: 'sending', c: 'sending' });
  });

  it('is forgotten at once, and nothing else', async () => {
    const { outbox, memory, states } = await failAll();
    outbox.removeAll();
    await settle();
    expect(states()).toEqual({ c: 'sending' });
    expect(memory.ids()).toEqual(['c']);
  });
});

describe('two pages of one user', () => {
  function openTwo() {
    const memory = createMemoryOutbox();
    /** Every id that left, with the page that sent it. */
    const left: string[] = [];
    const open = (page: string) => {
      const share = memory.openPage(page);
      const line = { isOpen: false };
      const onSignedOut = vi.fn();
      const outbox = createOutbox({
        storage: memory.storage,
        share,
        now: () => 1_000,
        transmit({ id }) {
          if (line.isOpen) left.push(`${page}:${id}`);
          return line.isOpen;
        },
        onChange: () => {},
        onStorageFailed: () => {},
        onSignedOut,
      });
      const states = () => Object.fromEntries(outbox.entries().map(({ id, state }) => [id, state]));
      const connect = () => {
        line.isOpen = true;
        outbox.lineOpened();
        return settle();
      };
      const disconnect = () => {
        line.isOpen = false;
        outbox.lineLost();
        return settle();
      };
      const write = (id: string) => {
        outbox.add(entry(id));
        return settle();
      };
      const die = () => {
        line.isOpen = false;
        share.die();
        return settle();
      };
      return { outbox, share, states, connect, disconnect, write, die, onSignedOut };
    };
    const one = open('one');
    const two = open('two');
    return { memory, left, one, two, open };
  }

  async function openTwoConnected() {
    const world = openTwo();
    await Promise.all([world.one.outbox.load(), world.two.outbox.load()]);
    await world.one.connect();
    await world.two.connect();
    return world;
  }

  it('each send what was written there, once', async () => {
    const { one, two, left } = await openTwoConnected();
    await one.write('a');
    await two.write('b');
    expect(left).toEqual(['one:a', 'two:b']);
  });

  it('show each other’s messages, and hear when they are sent', async () => {
    const { one, two } = await openTwoConnected();
    await one.disconnect();
    await two.disconnect();
    await one.write('a');
    expect(two.states()).toEqual({ a: 'queued' });
    await one.connect();
    one.outbox.acked('a', 7);
    await settle();
    expect(two.outbox.entries()).toMatchObject([{ id: 'a', state: 'sent', seq: 7 }]);
  });

  it('that come back from an outage together send everything once', async () => {
    const { one, two, left } = openTwo();
    await Promise.all([one.outbox.load(), two.outbox.load()]);
    for (const id of ['a', 'c']) await one.write(id);
    for (const id of ['b', 'd']) await two.write(id);
    await Promise.all([one.connect(), two.connect()]);
    await settle();
    expect(left.map((each) => each.slice(-1)).sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('send for one another: what a page without a line has written leaves by the other', async () => {
    const { one, two, left } = await openTwoConnected();
    await one.disconnect();
    await one.write('a');
    await settle();
    expect(left).toEqual(['two:a']);
    two.outbox.acked('a', 1);
    await settle();
    expect(one.states()).toEqual({ a: 'sent' });
  });

  it('send for one that is gone', async () => {
    const { one, two, left, memory } = openTwo();
    await Promise.all([one.outbox.load(), two.outbox.load()]);
    await one.write('a');
    await one.die();
    await two.connect();
    expect(left).toEqual(['two:a']);
    expect(memory.rows.get('a')?.page).toBe('two');
  });

  it('send what one that is gone has left before what was written later', async () => {
    const { one, two, left } = openTwo();
    await Promise.all([one.outbox.load(), two.outbox.load()]);
    for (const id of ['a', 'b']) await one.write(id);
    await one.die();
    await two.write('c');
    await two.connect();
    await settle();
    expect(left).toEqual(['two:a', 'two:b', 'two:c']);
  });

  it('send for one that dies while they wait for it, what it was sending too', async () => {
    const { one, left } = await openTwoConnected();
    await one.write('a');
    expect(left).toEqual(['one:a']);
    await one.die();
    await settle();
    expect(left).toEqual(['one:a', 'two:a']);
  });

  it('send for one that stood still, which then leaves it to them', async () => {
    const { one, two, left } = await openTwoConnected();
    await one.write('a');
    one.share.takeAwayClaim();
    await settle();
    expect(left).toEqual(['one:a', 'two:a']);
    two.outbox.acked('a', 1);
    await settle();
    expect(one.states()).toEqual({ a: 'sent' });
    await one.write('b');
    expect(left.at(-1)).toBe('one:b');
  });

  it('ask before they send, as another user, what one left behind that is gone', async () => {
    const { one, two, left } = await openTwoConnected();
    await one.write('a');
    two.outbox.disown();
    await one.die();
    await settle();
    expect(two.states()).toEqual({ a: 'failed' });
    expect(two.outbox.entries()).toMatchObject([{ failure: { code: 'other_user' } }]);
    two.outbox.retry('a');
    await settle();
    expect(left).toEqual(['one:a', 'two:a']);
  });

  it('share a refusal, and what a person decides about it', async () => {
    const { one, two, left, memory } = await openTwoConnected();
    for (const id of ['a', 'b']) {
      await one.write(id);
      one.outbox.refused(id, { code: 'x', message: 'no' });
    }
    await settle();
    expect(two.states()).toEqual({ a: 'failed', b: 'failed' });
    two.outbox.remove('a');
    two.outbox.retry('b');
    await settle();
    expect(one.states()).toEqual({ b: 'queued' });
    expect(left).toEqual(['one:a', 'one:b', 'two:b']);
    expect([...memory.rows.keys()]).toEqual(['b']);
  });

  it('do not see again what was acked or deleted while they read', async () => {
    const failure = { code: 'x', message: 'no' };
    const memory = createMemoryOutbox([
      { ...entry('a'), failure: undefined, page: 'one' },
      { ...entry('b'), failure, page: 'one' },
    ]);
    const one = memory.openPage('one');
    let answer: () => void = () => {};
    const load = async () => {
      const rows = await memory.storage.load();
      await new Promise<void>((resolve) => (answer = resolve));
      return rows;
    };
    const two = createOutbox({
      storage: { ...memory.storage, load },
      share: memory.openPage('two'),
      now: () => 1_000,
      transmit: () => false,
      onChange: () => {},
      onStorageFailed: () => {},
    });
    void two.load();
    await settle();
    for (const id of ['a', 'b']) await memory.storage.remove(id);
    one.tell({ kind: 'acked', id: 'a', seq: 7 });
    one.tell({ kind: 'removed', id: 'b' });
    await settle();
    answer();
    await settle();
    expect(two.entries()).toEqual([]);
  });

  it('read what is stored once for many messages, not once for each', async () => {
    const { one, two, memory } = openTwo();
    await Promise.all([one.outbox.load(), two.outbox.load()]);
    const load = vi.spyOn(memory.storage, 'load');
    for (let index = 0; index < 100; index += 1) one.outbox.add(entry(`m${index}`));
    await settle();
    expect(load.mock.calls.length).toBeLessThan(10);
    expect(Object.keys(two.states())).toHaveLength(100);
  });

  it('both keep nothing once the user has signed out on one of them', async () => {
    const { one, two, memory } = openTwo();
    await Promise.all([one.outbox.load(), two.outbox.load()]);
    await one.write('a');
    await two.write('b');
    await one.outbox.clear();
    await settle();
    expect(memory.rows.size).toBe(0);
    expect([one.states(), two.states()]).toEqual([{}, {}]);
    expect(two.onSignedOut).toHaveBeenCalledOnce();
  });
});
