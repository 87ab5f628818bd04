import { describe, expect, it } from 'vitest';
import { companionRoom } from '../../protocol/program';
import { createIdSeries } from '../chat/people/idSeries';
import { createTestChat } from '../chat/testChat';
import { createLaterCompanion } from './laterCompanion';

function createWorld() {
  const chat = createTestChat();
  const { server, tokens, time, errors } = chat;
  const companion = createLaterCompanion({
    chat: server,
    tokens,
    time,
    newId: createIdSeries('companion'),
    onError: (error) => errors.push(error),
  });
  return { ...chat, companion };
}

describe('a companion that is fetched later', () => {
  it('comes when the host has begun, and greets who is there already', async () => {
    const { enter, server, time, companion, errors } = createWorld();
    const ann = await enter('Ann', companionRoom);
    expect(server.counts().users).toBe(1);
    time.advance(1_000);
    await expect.poll(() => ann.all('msg').map(({ body }) => body)).toHaveLength(1);
    companion.stop();
    expect(server.counts().users).toBe(1);
    expect(errors).toEqual([]);
  });

  it('never comes if it is stopped before, and leaves no timer', async () => {
    const { server, time, companion } = createWorld();
    companion.stop();
    expect(time.armed).toBe(0);
    time.advance(5_000);
    expect(server.counts().users).toBe(0);
  });

  it('does not come either if it is stopped while it is fetched', async () => {
    const { server, time, companion } = createWorld();
    time.advance(1_000);
    companion.stop();
    await import('./companion');
    expect(server.counts().users).toBe(0);
  });
});
