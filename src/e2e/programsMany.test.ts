/** Programs at three gateways on one Redis: whichever of them a program reaches, it is the same chat. */
import { describe, expect, it } from 'vitest';
import { enterChat } from './support/chatClient';
import { curl, curlToken, startCurl, withToken } from './support/curl';
import { startGateways } from './support/gateways';
import { startRedis } from './support/redis';

describe('programs at several gateways', () => {
  it('are known at each, and read at all, though nobody is at theirs', async () => {
    const [first, second, third] = (await startGateways(await startRedis())).map(
      ({ server }) => server,
    );
    if (!first || !second || !third) throw new Error('there are not three gateways');
    const ann = await enterChat(first.webSocketUrl, 'Ann');
    const token = await curlToken(second.url, 'Build');

    const say = ({ url }: { url: string }) =>
      curl(
        ...withToken(token),
        ...['-H', 'Content-Type: text/plain', '-H', 'Idempotency-Key: deploy-1'],
        ...['-d', 'deployed', `${url}api/rooms/lobby/messages`],
      );
    const answers = await Promise.all([say(first), say(second), say(third)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(await ann.until('msg')).toMatchObject({ seq: 1, from: { name: 'Build' } });

    const stream = startCurl(...withToken(token), '-T', '-', `${third.url}api/rooms/lobby/stream`);
    const shown = () =>
      ann.received.reduce(
        (text, frame) => (frame.t === 'stream' ? text.slice(0, frame.at) + frame.text : text),
        '',
      );
    stream.write('one ');
    await expect.poll(shown).toBe('one ');
    stream.write('two');
    await expect.poll(shown).toBe('one two');
    const bob = await enterChat(second.webSocketUrl, 'Bob');
    expect(await bob.until('stream')).toMatchObject({ at: 0, text: 'one two' });
    stream.endInput();
    expect((await stream.answer()).status).toBe(201);
    for (const reader of [ann, bob]) {
      await reader.until('msg', ({ body, seq }) => body === 'one two' && seq === 2);
    }
  });

  it('leave what they wrote where curl is killed, for readers at the others too', async () => {
    const [first, second] = (await startGateways(await startRedis())).map(({ server }) => server);
    if (!first || !second) throw new Error('there are not two gateways');
    const ann = await enterChat(first.webSocketUrl, 'Ann');
    const token = await curlToken(first.url, 'Build');
    const stream = startCurl(...withToken(token), '-T', '-', `${second.url}api/rooms/lobby/stream`);
    stream.write('half a');
    await ann.until('stream', ({ text }) => text === 'half a');
    stream.child.kill('SIGKILL');
    expect(await ann.until('msg')).toMatchObject({ body: 'half a', cut: true });
  });
});
