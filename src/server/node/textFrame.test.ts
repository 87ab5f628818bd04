import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { portOf } from '../../testing/portOf';
import { textFrames } from './textFrame';

/** The stream below a server's WebSocket, and the client at its other end. */
let stream: Duplex;
let client: WebSocket;

beforeAll(async () => {
  const server = createServer();
  const sockets = new WebSocketServer({ noServer: true });
  const upgraded = new Promise<Duplex>((resolve) => {
    server.on('upgrade', (request, below, head) => {
      sockets.handleUpgrade(request, below, head, () => resolve(below));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = new WebSocket(`ws://127.0.0.1:${portOf(server)}`);
  await once(client, 'open');
  stream = await upgraded;
  return () => {
    client.terminate();
    server.close();
  };
});

/** What a client of the `ws` library makes of these texts' frames. */
async function sent(texts: readonly string[]): Promise<string[]> {
  const received: string[] = [];
  const allCame = new Promise<void>((resolve) => {
    const receive = (data: Buffer, isBinary: boolean) => {
      expect(isBinary).toBe(false);
      received.push(String(data));
      if (received.length < texts.length) return;
      client.off('message', receive);
      resolve();
    };
    client.on('message', receive);
  });
  stream.write(textFrames(texts));
  await allCame;
  return received;
}

describe('text frames', () => {
  it.each([0, 1, 125, 126, 127, 65_535, 65_536, 100_000])(
    'carry a text of %i bytes whole',
    async (length) => {
      const text = 'x'.repeat(length);
      expect(await sent([text])).toEqual([text]);
    },
  );

  it('carry any texts, one message each, in order', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 5 }), async (texts) => {
        expect(await sent(texts)).toEqual(texts);
      }),
    );
  });
});
