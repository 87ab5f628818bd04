import { describe, expect, it, vi } from 'vitest';
import { createMemoryLog } from '../../log/memoryLog';
import { createPages } from './pages';
import { Room } from './room';

function setUp(maxLength?: number) {
  const log = createMemoryLog('e1');
  const after = vi.spyOn(log, 'after');
  const pages = createPages(log, undefined, maxLength);
  const room = new Room('lobby');
  let count = 0;
  /** As the server does it: into the log, and once it is there the room knows. */
  const say = async (body = 'hello') => {
    count += 1;
    const from = { id: 'u1', name: 'Ann' };
    const draft = { room: 'lobby', from, id: `c${count}`, mid: `m${count}`, body, at: count };
    const { epoch, seq } = await log.append(draft);
    return () => room.setHead({ epoch, seq });
  };
  const first = { epoch: 'e1', seq: 1, mid: 'm1' };
  const read = async (position = first) => {
    const { texts } = await pages.after(room, position);
    const frame: { messages: { seq: number }[]; reset?: string } = JSON.parse(texts.join());
    return { seqs: frame.messages.map(({ seq }) => seq), reset: frame.reset };
  };
  return { after, read, say, first };
}

describe('a page of what was missed', () => {
  it('is read and built once for all who missed the same', async () => {
    const { after, read, say } = setUp();
    (await say())();
    (await say())();
    for (let reader = 0; reader < 1_000; reader += 1) expect((await read()).seqs).toEqual([2]);
    expect(after).toHaveBeenCalledTimes(1);
  });

  it('is read anew once the room has more', async () => {
    const { read, say } = setUp();
    (await say())();
    (await say())();
    expect((await read()).seqs).toEqual([2]);
    (await say())();
    expect((await read()).seqs).toEqual([2, 3]);
  });

  it('holds for who comes while a message is in the log and not told yet: it is told to them after', async () => {
    const { read, say } = setUp();
    (await say())();
    (await say())();
    await read();
    const becomeKnown = await say();
    expect((await read()).seqs).toEqual([2]);
    becomeKnown();
    expect((await read()).seqs).toEqual([2, 3]);
  });

  it('says to each whether their place is still there', async () => {
    const { read, say, first } = setUp();
    (await say())();
    expect((await read()).reset).toBeUndefined();
    expect((await read({ ...first, mid: 'other' })).reset).toBe('diverged');
    expect((await read({ ...first, epoch: 'e0' })).reset).toBe('epoch');
    expect((await read()).reset).toBeUndefined();
  });

  it('is forgotten when others take its room', async () => {
    const { after, read, say, first } = setUp(1_000);
    (await say('x'.repeat(300)))();
    (await say('x'.repeat(600)))();
    await read();
    await read({ ...first, seq: 0, mid: '' });
    await read();
    expect(after).toHaveBeenCalledTimes(3);
  });
});
