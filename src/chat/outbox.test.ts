import { describe, expect, it, vi } from 'vitest';
import { createOutbox, type OutboxStorage, type StoredEntry } from './outbox';

/** Storage whose writes a test can hold up, or make fail. */
function createMemoryStorage(kept: StoredEntry[] = []) {
  const rows = new Map(kept.map((entry) => [entry.id, entry]));
  const storage: OutboxStorage = {
    load: async () => [...rows.values()],
    put: async (entry) => void rows.set(entry.id, entry),
    remove: async (id) => void rows.delete(id),
  };
  return { storage, ids: () => [...rows.keys()], rows };
}

function setUp({
  isOpen = true,
  kept = [] as StoredEntry[],
  put = undefined as OutboxStorage['put'] | undefined,
} = {}) {
  const memory = createMemoryStorage(kept);
  const line = { isOpen, left: [] as string[] };
  const onStorageFailed = vi.fn();
  const outbox = createOutbox({
    storage: put ? { ...memory.storage, put } : memory.storage,
    transmit({ id }) {
      if (line.isOpen) line.left.push(id);
      return line.isOpen;
    },
    onChange: () => {},
    onStorageFailed,
  });
  const states = () => Object.fromEntries(outbox.entries().map(({ id, state }) => [id, state]));
  return { outbox, line, memory, states, onStorageFailed };
}

const entry = (id: string) => ({ id, room: 'lobby', body: `body of ${id}`, at: 1 });
/** Lets the storage answer. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

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
    outbox.flush();
    expect(line.left).toEqual(['a', 'b', 'b']);
  });

  it('is found again after a reload, and goes out', async () => {
    const kept = [{ ...entry('a'), failure: undefined }];
    const { outbox, line } = setUp({ kept });
    await outbox.load();
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
