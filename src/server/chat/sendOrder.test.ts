import { describe, expect, it } from 'vitest';
import { LogUnavailableError } from '../log/log';
import { createMemoryLog } from '../log/memoryLog';
import { createTestChat, settle } from './testChat';

/** A log that cannot store anything while it is away. */
async function createWorld() {
  const memory = createMemoryLog('epoch-1');
  const world = { isAway: true };
  const chat = createTestChat({
    ...memory,
    append: (draft) =>
      world.isAway ? Promise.reject(new LogUnavailableError('away')) : memory.append(draft),
  });
  const ann = await chat.enter('Ann', 'tea', 'coffee');
  async function say(id: string, room = 'tea'): Promise<string> {
    ann.clear();
    ann.send({ t: 'send', id, room, body: id });
    await settle();
    const [ack] = ann.all('ack');
    return ack ? `acked ${ack.seq}` : `${ann.last('err').code} after ${ann.last('err').after}`;
  }
  return Object.assign(world, { chat, ann, say });
}

describe('a message that could not be stored', () => {
  it('is not overtaken by what was on its way then', async () => {
    const world = await createWorld();
    const { say, chat } = world;
    expect(await say('a')).toBe('unavailable after 1000');
    world.isAway = false;
    chat.time.advance(100);
    expect(await say('b')).toBe('unavailable after 900');
    expect(await say('a')).toBe('acked 1');
    expect(await say('b')).toBe('acked 2');
  });

  it('keeps others waiting for no longer than its client was asked to', async () => {
    const world = await createWorld();
    const { say, chat } = world;
    await say('a');
    world.isAway = false;
    chat.time.advance(1_000);
    expect(await say('b')).toBe('acked 1');
  });

  it('keeps nothing waiting in other rooms, and nobody else', async () => {
    const world = await createWorld();
    const { say, chat } = world;
    const bob = await chat.enter('Bob', 'tea');
    await say('a');
    world.isAway = false;
    expect(await say('b', 'coffee')).toBe('acked 1');
    bob.send({ t: 'send', id: 'c', room: 'tea', body: 'c' });
    await settle();
    expect(bob.last('ack').seq).toBe(1);
  });
});
