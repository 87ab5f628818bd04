/**
 * What is written before all eyes, over real servers and seen on the lines themselves: by readers who come in the
 * middle or are cut off, on one server and on three gateways; and what is left where a writer, a server or a
 * gateway ends.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import type { ServerFrame } from '../protocol/frames';
import { shownTexts } from '../server/chat/room/testReader';
import { type ChatClient, enterChat, openChatClient } from './support/chatClient';
import { startGateways } from './support/gateways';
import { readRoom } from './support/readRoom';
import { startRedis } from './support/redis';
import { startServer } from './support/serverProcess';

/** What has to come is waited for, however slow the machine. */
const patience = { timeout: 30_000 };

interface Reader {
  /** What is shown of the message. */
  shown(): string | undefined;
  untilShown(text: string): Promise<void>;
  /** Breaks the line, and is back once `meanwhile` is done. */
  cut(meanwhile: () => void): Promise<void>;
}

async function openReader(webSocketUrl: string, name: string): Promise<Reader> {
  let line = await enterChat(webSocketUrl, name);
  const { token } = await line.until('ready');
  const { epoch } = await line.until('sync');
  const before: ServerFrame[] = [];
  const shown = () => shownTexts([...before, ...line.received])[id];
  return {
    shown,
    untilShown: (text) => expect.poll(shown, patience).toBe(text),
    async cut(meanwhile) {
      line.socket.terminate();
      await line.closed;
      before.push(...line.received);
      meanwhile();
      line = await openChatClient(webSocketUrl);
      const resume = [{ room: 'lobby', epoch, seq: 0, mid: '' }];
      line.send({ t: 'auth', name, token, resume });
      await line.until('sync');
    },
  };
}

const id = 'streamed';

/** Writes so many pieces at a time. */
function createWriter(client: ChatClient) {
  let text = '';
  let count = 0;
  const sendPiece = (more: string) => {
    client.send({ t: 'stream', id, room: 'lobby', at: text.length, text: more });
    text += more;
  };
  return {
    get text() {
      return text;
    },
    write(pieces = 50) {
      for (let piece = 0; piece < pieces; piece += 1) {
        count += 1;
        sendPiece(`${count} 心💓 `);
      }
    },
    end: () => client.send({ t: 'send', id, room: 'lobby', body: text }),
  };
}

it('a message is read whole by who is there, who comes in the middle, and whose line is cut twice', async () => {
  const server = await startServer();
  const writer = createWriter(await enterChat(server.webSocketUrl, 'Writer'));
  const there = await openReader(server.webSocketUrl, 'There');
  const cutOff = await openReader(server.webSocketUrl, 'Cut');
  writer.write();
  await cutOff.untilShown(`${writer.text}…`);
  writer.write();
  await cutOff.cut(() => writer.write());
  await cutOff.untilShown(`${writer.text}…`);
  const coming = openReader(server.webSocketUrl, 'Middle');
  writer.write();
  const middle = await coming;
  writer.write();
  await middle.untilShown(`${writer.text}…`);
  await cutOff.cut(() => writer.write());
  writer.write();
  const readers = [there, cutOff, middle];
  for (const reader of readers) await reader.untilShown(`${writer.text}…`);
  writer.end();
  for (const reader of readers) await reader.untilShown(writer.text);
  const { messages } = await readRoom(server.webSocketUrl);
  expect(messages).toMatchObject([{ id, body: writer.text }]);
  expect(messages[0]).not.toHaveProperty('cut');
});

it('a writer that is killed leaves what there was, as cut', async () => {
  const server = await startServer();
  const reader = await openReader(server.webSocketUrl, 'Reader');
  const script = `
    import { WebSocket } from 'ws';
    const socket = new WebSocket(process.argv[1], ['chat.v1']);
    socket.on('open', () => {
      socket.send(JSON.stringify([
        { t: 'auth', name: 'Writer', resume: [] },
        { t: 'join', room: 'lobby' },
        { t: 'stream', id: '${id}', room: 'lobby', at: 0, text: 'as far as ' },
      ]));
    });`;
  const child = spawn(
    process.execPath,
    ['--input-type=module', '--eval', script, server.webSocketUrl],
    { cwd: fileURLToPath(new URL('../..', import.meta.url)), stdio: 'inherit' },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  await reader.untilShown('as far as …');
  child.kill('SIGKILL');
  await reader.untilShown('as far as †');
  expect((await readRoom(server.webSocketUrl)).messages).toMatchObject([
    { id, body: 'as far as ', cut: true },
  ]);
});

it('a server that is asked to end keeps what was being written, as cut', async () => {
  const server = await startServer();
  const writer = createWriter(await enterChat(server.webSocketUrl, 'Writer'));
  const reader = await openReader(server.webSocketUrl, 'Reader');
  writer.write();
  await reader.untilShown(`${writer.text}…`);
  expect(await server.kill('SIGTERM')).toBe(0);
  await reader.untilShown(`${writer.text}†`);
  await server.start();
  expect((await readRoom(server.webSocketUrl)).messages).toMatchObject([
    { id, body: writer.text, cut: true },
  ]);
});

it('on three gateways a message is read whole, also where one loses Redis in between', async () => {
  const [first, second, third] = await startGateways(await startRedis());
  const writer = createWriter(await enterChat(first.server.webSocketUrl, 'Writer'));
  const there = await openReader(second.server.webSocketUrl, 'There');
  writer.write();
  await there.untilShown(`${writer.text}…`);
  // Nobody was there at this gateway.
  const middle = await openReader(third.server.webSocketUrl, 'Middle');
  await middle.untilShown(`${writer.text}…`);
  second.way.fail({ kind: 'refuse' });
  writer.write();
  await middle.untilShown(`${writer.text}…`);
  second.way.fail({ kind: 'none' });
  await there.untilShown(`${writer.text}…`);
  await middle.cut(() => writer.write());
  for (const reader of [there, middle]) await reader.untilShown(`${writer.text}…`);
  writer.end();
  for (const reader of [there, middle]) await reader.untilShown(writer.text);
  const { messages } = await readRoom(third.server.webSocketUrl);
  expect(messages.map(({ body }) => body)).toEqual([writer.text]);
});

it('what was written to a gateway that is killed is kept by the others once, as cut', async () => {
  const [first, second, third] = await startGateways(await startRedis(), ['--redis-lease', '3s']);
  const writer = createWriter(await enterChat(first.server.webSocketUrl, 'Writer'));
  const readers = [
    await openReader(second.server.webSocketUrl, 'Reader 2'),
    await openReader(third.server.webSocketUrl, 'Reader 3'),
  ];
  writer.write();
  for (const reader of readers) await reader.untilShown(`${writer.text}…`);
  await first.server.kill('SIGKILL');
  for (const reader of readers) await reader.untilShown(`${writer.text}†`);
  const { messages } = await readRoom(third.server.webSocketUrl);
  expect(messages).toMatchObject([{ id, body: writer.text, cut: true }]);
});
