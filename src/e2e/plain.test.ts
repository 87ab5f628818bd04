import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { startBrowser } from './support/browser';
import { openChat } from './support/chatPage';
import { startServer } from './support/serverProcess';

/** A server as in the tutorial: greets each connection with its number, answers every text. */
async function startTutorialServer() {
  const server = new WebSocketServer({ port: 0 });
  await once(server, 'listening');
  const received: string[] = [];
  let connections = 0;
  server.on('connection', (socket: WebSocket) => {
    connections += 1;
    socket.send(`Welcome, you are number ${connections}`);
    socket.on('message', (data) => {
      received.push(String(data));
      socket.send(`You said: ${String(data)}`);
    });
  });
  onTestFinished(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `ws://localhost:${address.port}`,
    received,
    hangUp: () => server.clients.forEach((client) => void client.terminate()),
  };
}

describe('plain mode', () => {
  it('talks bare text to the tutorial’s server, says that there are no acks, and reconnects', async () => {
    const page = await startServer();
    const tutorial = await startTutorialServer();
    const { browser } = await startBrowser();
    const ann = await openChat(browser, page.url, {
      name: 'Ann',
      mode: 'plain',
      server: tutorial.url,
    });
    await ann.untilBodies(['Welcome, you are number 1']);
    await ann.page.getByText('does not acknowledge').waitFor();

    await ann.write('你好');
    await ann.untilBodies(['Welcome, you are number 1', '你好', 'You said: 你好']);
    expect(tutorial.received).toEqual(['你好']);

    tutorial.hangUp();
    await ann.untilBodies([
      'Welcome, you are number 1',
      '你好',
      'You said: 你好',
      'Welcome, you are number 2',
    ]);
    await ann.untilConnection('open');
  });

  it('beats with the text that the address asks for', async () => {
    const page = await startServer();
    const tutorial = await startTutorialServer();
    const { browser } = await startBrowser();
    const ann = await openChat(browser, page.url, {
      name: 'Ann',
      mode: 'plain',
      server: tutorial.url,
      heartbeat: 'are you there?',
      'heartbeat-answer': 'You said: are you there?',
      'heartbeat-interval': '1',
    });
    await ann.untilConnection('open');
    await expect.poll(() => tutorial.received.length).toBeGreaterThan(1);
    expect(new Set(tutorial.received)).toEqual(new Set(['are you there?']));
    await ann.untilBodies(['Welcome, you are number 1']);
    await ann.untilConnection('open');
  });
});
