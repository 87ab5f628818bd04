/**
 * Bytes and frames that no client should send, at the server as it is built. Each is answered with the
 * close code that says why, or not at all; the chat of others goes on, and the memory comes back.
 */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { enterChat, openChatClient } from './support/chatClient';
import { frameBytes, openRawLine, openRawWebSocket, writeAll } from './support/rawLine';
import { withWitness } from './support/withWitness';

function* repeated(chunk: Uint8Array, times: number): Iterable<Uint8Array> {
  for (let n = 0; n < times; n += 1) yield chunk;
}

describe('garbage', () => {
  it('instead of a request ends its line', () =>
    withWitness(async ({ port }) => {
      for (let n = 0; n < 20; n += 1) {
        const line = openRawLine(port);
        line.stream.write(randomBytes(1_000));
        expect(await line.closed).toBeUndefined();
      }
    }));

  it('after the handshake ends its line', () =>
    withWitness(async ({ port }) => {
      for (let n = 0; n < 20; n += 1) {
        const line = await openRawWebSocket(port);
        // Two reserved bits are set: no extension was agreed on that could use them.
        line.stream.write(Buffer.concat([Buffer.from([0xb1, 0x85]), randomBytes(1_000)]));
        expect(await line.closed).toBe(1002);
      }
    }));

  it('in any frames at all neither ends the server nor is echoed', () =>
    withWitness(async ({ webSocketUrl }) => {
      const frame = fc.oneof(fc.string(), fc.json(), fc.uint8Array({ maxLength: 200 }));
      await fc.assert(
        fc.asyncProperty(fc.array(frame, { maxLength: 30 }), async (frames) => {
          const client = await enterChat(webSocketUrl, 'Fuzz', 'fuzz');
          for (const each of frames) client.sendRaw(each);
          client.socket.close(1000);
          expect([1000, 4500]).toContain(await client.closed);
          const answers = client.received.map(({ t }) => t);
          expect(answers.filter((type) => type === 'msg' || type === 'ack')).toEqual([]);
        }),
        { numRuns: 40 },
      );
    }));
});

describe('a frame', () => {
  it('with broken UTF-8 is closed with 1007', () =>
    withWitness(async ({ port }) => {
      const line = await openRawWebSocket(port);
      line.stream.write(frameBytes({ opcode: 1, payload: Buffer.from([0xc3, 0x28, 0xa0]) }));
      expect(await line.closed).toBe(1007);
    }));

  it('without a mask is closed with 1002', () =>
    withWitness(async ({ port }) => {
      const line = await openRawWebSocket(port);
      line.stream.write(frameBytes({ opcode: 1, payload: Buffer.from('{}'), isMasked: false }));
      expect(await line.closed).toBe(1002);
    }));

  it.each([64 * 1024 + 1, 100 * 1024 * 1024, Number.MAX_SAFE_INTEGER])(
    'that says it has %i bytes is closed with 1009, before they come',
    (length) =>
      withWitness(async ({ port }) => {
        const line = await openRawWebSocket(port);
        line.stream.write(frameBytes({ opcode: 1, payload: Buffer.from('{'), length }));
        expect(await line.closed).toBe(1009);
      }),
  );

  it('that is a control frame and too long is closed with 1002', () =>
    withWitness(async ({ port }) => {
      const line = await openRawWebSocket(port);
      line.stream.write(frameBytes({ opcode: 9, payload: Buffer.alloc(200) }));
      expect(await line.closed).toBe(1002);
    }));
});

describe('a message in fragments', () => {
  const piece = (opcode: number, length: number) =>
    frameBytes({ opcode, payload: Buffer.alloc(length, 'x'), isLast: false });

  it('of 100 MB is closed with 1009 as soon as it is too long', () =>
    withWitness(async ({ port }) => {
      const line = await openRawWebSocket(port);
      line.stream.write(piece(1, 1_024));
      await writeAll(line.stream, repeated(piece(0, 1_024), 100 * 1_024));
      expect(await line.closed).toBe(1009);
    }));

  it('a million of them, with a byte each or none, is closed with 1008', () =>
    withWitness(async ({ port }) => {
      for (const length of [0, 1]) {
        const line = await openRawWebSocket(port);
        line.stream.write(piece(1, 1));
        const thousand = Buffer.concat([...repeated(piece(0, length), 1_000)]);
        await writeAll(line.stream, repeated(thousand, 1_000));
        expect(await line.closed).toBe(1008);
      }
    }));

  it('that never ends holds up nobody, and is dropped with its line', () =>
    withWitness(async ({ port }) => {
      for (let n = 0; n < 200; n += 1) {
        const line = await openRawWebSocket(port);
        line.stream.write(piece(1, 60_000));
        line.stream.destroy();
      }
    }));
});

describe('JSON', () => {
  it('nested 10,000 deep is refused, wherever it stands', () =>
    withWitness(async ({ webSocketUrl }) => {
      const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
      const client = await enterChat(webSocketUrl, 'Deep', 'deep');
      for (const each of [
        deep,
        `{"t":"send","id":"a","room":"deep","body":${deep}}`,
        `{"t":${deep}}`,
      ]) {
        client.received.splice(0);
        client.sendRaw(each);
        expect(await client.until('err')).toMatchObject({ retry: false });
      }
      // Nor is it carried along in a field that nobody knows.
      client.sendRaw(`{"t":"send","id":"b","room":"deep","body":"hello","more":${deep}}`);
      const { t: _, ...message } = await client.until('msg');
      expect(Object.keys(message).sort()).toEqual([
        'at',
        'body',
        'epoch',
        'from',
        'id',
        'mid',
        'room',
        'seq',
      ]);
    }));

  it('with __proto__ and the like changes nothing and comes back to nobody', () =>
    withWitness(async ({ webSocketUrl }) => {
      const client = await enterChat(webSocketUrl, 'Proto', 'proto');
      const poison =
        '"__proto__":{"t":"ping","polluted":1},"constructor":{"prototype":{"polluted":1}}';
      client.sendRaw(`{"t":"send","id":"a","room":"proto","body":"hello",${poison}}`);
      client.sendRaw(`{${poison}}`);
      client.sendRaw(`[{"t":"send","id":"b","room":"proto","body":"again","toString":1}]`);
      await client.until('msg', ({ id }) => id === 'b');
      expect(await client.until('err')).toMatchObject({ code: 'unknown_type' });
      expect(JSON.stringify(client.received)).not.toContain('polluted');
    }));

  it('with ids of 1 MB, 64 KB or the wrong kind is refused', () =>
    withWitness(async ({ webSocketUrl }) => {
      const client = await enterChat(webSocketUrl, 'Ida', 'ids');
      for (const id of ['x'.repeat(60_000), '', '../a', 'a b', 7, null, {}]) {
        client.received.splice(0);
        client.sendRaw(JSON.stringify({ t: 'send', id, room: 'ids', body: 'hello' }));
        const { code, message } = await client.until('err');
        expect([code, message]).toEqual(['bad_frame', expect.stringContaining('"id"')]);
      }
      client.sendRaw(JSON.stringify({ t: 'send', id: 'x'.repeat(1_048_576), room: 'ids' }));
      expect(await client.closed).toBe(1009);
    }));

  it('with a room that is no plain name is refused', () =>
    withWitness(async ({ webSocketUrl }) => {
      const client = await enterChat(webSocketUrl, 'Rob', 'rooms');
      const rooms = ['../../etc/passwd', '..', 'a/../b', 'a%2f..', 'TEA', 'té', '', 'x'.repeat(65)];
      for (const room of [...rooms, '\u202e', 'a\u0000', '__proto__']) {
        client.received.splice(0);
        client.sendRaw(JSON.stringify({ t: 'join', room }));
        const { code, message } = await client.until('err');
        expect([code, message]).toEqual(['bad_frame', expect.stringContaining('"room"')]);
      }
    }));

  it('with a name that hides or overturns what it says is refused, and told to nobody', () =>
    withWitness(async ({ webSocketUrl }) => {
      const reader = await enterChat(webSocketUrl, 'Reader', 'names');
      const names = ['An\u0000n', 'Ann\u202egnp', '\u2066Ann', 'Ann\n<script>', '\u200b'];
      for (const name of [...names, `A${'\u0301'.repeat(40)}`]) {
        const client = await openChatClient(webSocketUrl);
        client.sendRaw(
          JSON.stringify([
            { t: 'auth', name },
            { t: 'join', room: 'names' },
          ]),
        );
        const { code, message } = await client.until('err');
        expect([code, message]).toEqual(['bad_frame', expect.stringContaining('"name"')]);
        expect(await client.closed).toBe(4502);
      }
      await enterChat(webSocketUrl, 'Fair', 'names');
      await reader.until('presence', ({ came = [] }) => came.some(({ name }) => name === 'Fair'));
      expect(JSON.stringify(reader.received)).not.toMatch(/An\\u0000n|gnp|script/);
    }));
});
