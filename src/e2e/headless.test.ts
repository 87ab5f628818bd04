/** A program with the session that pages have, at a real server that is killed under it. */
import { v7 as newId } from 'uuid';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type HeadlessOptions, openHeadlessChat } from '../chat/headless';
import type { ChatMessage } from '../chat/types';
import { openNodeSocket } from './storm/nodeSocket';
import { enterChat } from './support/chatClient';
import { startServer } from './support/serverProcess';

function openRobot(options: Pick<HeadlessOptions, 'url' | 'token' | 'onToken'>) {
  let messages: readonly ChatMessage[] = [];
  const chat = openHeadlessChat({
    ...{ room: 'lobby', name: 'Robot', newId, openSocket: openNodeSocket, ...options },
    listener: {
      messages(next) {
        messages = next;
      },
    },
  });
  onTestFinished(chat.close);
  return { ...chat, bodies: () => messages.map(({ body }) => body), all: () => messages };
}

describe('a program with a session of its own', () => {
  it('says everything once and hears everything, though the server is killed in between', async () => {
    const server = await startServer();
    const robot = openRobot({ url: server.webSocketUrl });
    robot.actions.send('before');
    await robot.sent();
    await server.kill('SIGKILL');
    robot.actions.send('meanwhile');
    await server.start();
    await robot.sent();
    const ann = await enterChat(server.webSocketUrl, 'Ann');
    expect((await ann.until('sync')).messages.map(({ body }) => body)).toEqual([
      'before',
      'meanwhile',
    ]);
    ann.send({ t: 'send', id: 'a', room: 'lobby', body: 'hello, robot' });
    await expect.poll(robot.bodies).toEqual(['before', 'meanwhile', 'hello, robot']);
  });

  it('comes back as the same by its token, and has nothing to wait for when nothing was written', async () => {
    const server = await startServer();
    let token: string | undefined;
    const robot = openRobot({
      url: server.webSocketUrl,
      onToken(next) {
        token = next;
      },
    });
    await robot.sent();
    robot.actions.send('one');
    await robot.sent();
    robot.close();
    const again = openRobot({ url: server.webSocketUrl, ...(token && { token }) });
    again.actions.send('two');
    await again.sent();
    await expect.poll(again.bodies).toEqual(['one', 'two']);
    expect(new Set(again.all().map(({ author }) => author.id)).size).toBe(1);
  });
});
