/**
 * Who pretends to be somebody else, or comes from a page that may not: refused at the door, at the server
 * as it is built; the chat of others goes on.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { portOf } from '../testing/portOf';
import { enterChat, openChatClient } from './support/chatClient';
import { withWitness } from './support/withWitness';

/** Comes with this token: how the server closes the line, or undefined if it lets the client in. */
async function closedFor(webSocketUrl: string, token: string): Promise<number | undefined> {
  const client = await openChatClient(webSocketUrl);
  client.send({ t: 'auth', token, name: 'Mallory', resume: [] });
  const ready = client.until('ready').then(() => undefined);
  ready.catch(() => {});
  return Promise.race([client.closed, ready]);
}

/** The status with which an upgrade is refused. */
async function refusalOf(webSocketUrl: string, origin: string): Promise<number | undefined> {
  const socket = new WebSocket(webSocketUrl, ['chat.v1'], { origin });
  socket.on('error', () => {});
  const [, response]: [unknown, IncomingMessage] = await once(socket, 'unexpected-response').then(
    ([request, answer]) => [request, answer],
  );
  response.resume();
  return response.statusCode;
}

/** The parts of a token, decoded. */
function partsOf(token: string) {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
  return { header, payload, signature, claims };
}

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a page from elsewhere', () => {
  it('is refused with 403 before anything is said', () =>
    withWitness(async ({ port, webSocketUrl }) => {
      const origins = [
        'https://evil.example',
        'null',
        'file://',
        `http://localhost:${port}.evil.example`,
        `http://evil.example:${port}`,
        `http://localhost:${port + 1}`,
        `http://localhost@evil.example`,
      ];
      for (const origin of origins) {
        expect([origin, await refusalOf(webSocketUrl, origin)]).toEqual([origin, 403]);
      }
    }));
});

describe('a token', () => {
  it('that was forged proves nobody', () =>
    withWitness(async ({ webSocketUrl }) => {
      const ann = await enterChat(webSocketUrl, 'Ann');
      const { token } = await ann.until('ready');
      const { header, payload, signature } = partsOf(token);
      const claims = { sub: 'somebody', name: 'Ann', iat: 1, exp: 99_999_999_999 };
      const forged = [
        'x',
        '..',
        'x'.repeat(4_000),
        `${header}.${payload}.`,
        `${header}.${encoded(claims)}.${signature}`,
        `${encoded({ alg: 'none' })}.${payload}.`,
        `${encoded({ alg: 'HS512' })}.${payload}.${signature}`,
        await new SignJWT({ name: 'Ann' })
          .setProtectedHeader({ alg: 'HS256' })
          .setSubject('somebody')
          .setExpirationTime('1h')
          .sign(randomBytes(32)),
      ];
      for (const each of forged) expect(await closedFor(webSocketUrl, each)).toBe(4501);
      expect(await closedFor(webSocketUrl, token)).toBeUndefined();
    }));

  it('that has ended proves nobody any more, though this server signed it', () =>
    withWitness(async ({ dataDir, webSocketUrl }) => {
      const key = Buffer.from(await readFile(join(dataDir, 'token.key'), 'utf8'), 'hex');
      const endedAt = (time: string) =>
        new SignJWT({ name: 'Ann' })
          .setProtectedHeader({ alg: 'HS256' })
          .setSubject('somebody')
          .setExpirationTime(time)
          .sign(key);
      expect(await closedFor(webSocketUrl, await endedAt('1s ago'))).toBe(4501);
      expect(await closedFor(webSocketUrl, await endedAt('1h'))).toBeUndefined();
    }));

  it('of somebody else makes one that person, whatever name one gives, and nobody new', () =>
    withWitness(async ({ webSocketUrl }) => {
      const ann = await enterChat(webSocketUrl, 'Ann');
      const { token, user } = await ann.until('ready');
      const thief = await openChatClient(webSocketUrl);
      thief.send({ t: 'auth', token, name: 'Bob', resume: [] }, { t: 'join', room: 'lobby' });
      expect((await thief.until('ready')).user).toEqual(user);
    }));
});

describe('an id of another user', () => {
  it('said again by somebody else is a message of its own, and changes nothing of the first', () =>
    withWitness(async ({ webSocketUrl }) => {
      const ann = await enterChat(webSocketUrl, 'Ann');
      const mallory = await enterChat(webSocketUrl, 'Mallory');
      ann.send({ t: 'send', id: 'same', room: 'lobby', body: 'by Ann' });
      const first = await ann.until('ack');
      mallory.send({ t: 'send', id: 'same', room: 'lobby', body: 'by Mallory' });
      const second = await mallory.until('ack');
      expect(second.dup).toBeUndefined();
      expect([first.seq, second.seq]).toEqual([1, 2]);
      ann.send({ t: 'send', id: 'same', room: 'lobby', body: 'changed' });
      const again = await ann.until('ack', ({ dup }) => dup === true);
      expect(again).toMatchObject({ seq: first.seq, mid: first.mid });
      const reader = await enterChat(webSocketUrl, 'Reader');
      const { messages } = await reader.until('sync');
      expect(messages.map(({ from, body }) => [from.name, body])).toEqual([
        ['Ann', 'by Ann'],
        ['Mallory', 'by Mallory'],
      ]);
    }));
});

describe('a push endpoint', () => {
  it('on this machine or its network is never asked for anything', () =>
    withWitness(async ({ port, webSocketUrl }) => {
      const asked: string[] = [];
      const service = createServer((request, response) => {
        asked.push(request.url ?? '');
        response.end();
      });
      service.listen(0, '127.0.0.1');
      await once(service, 'listening');
      onTestFinished(() => void service.close());
      const inside = portOf(service);
      const ann = await enterChat(webSocketUrl, 'Ann');
      const bob = await enterChat(webSocketUrl, 'Bob');
      const endpoints = [
        `http://127.0.0.1:${inside}/push`,
        `https://127.0.0.1:${inside}/push`,
        `https://localhost:${inside}/push`,
        `https://[::1]:${inside}/push`,
        `https://2130706433:${inside}/push`,
        `https://0x7f.1:${inside}/push`,
        `http://localhost:${port}/metrics`,
        'https://10.0.0.1/push',
        'https://169.254.169.254/latest/meta-data',
        `https://fcm.googleapis.com@127.0.0.1:${inside}/push`,
        `https://fcm.googleapis.com.evil.example/push`,
        'file:///etc/passwd',
      ];
      const keys = {
        p256dh: Buffer.concat([Buffer.of(4), randomBytes(64)]).toString('base64url'),
        auth: randomBytes(16).toString('base64url'),
      };
      for (const endpoint of endpoints) {
        ann.received.splice(0);
        ann.send({ t: 'push', room: 'lobby', endpoint, keys });
        expect([endpoint, (await ann.until('err')).code]).toEqual([endpoint, 'push_refused']);
      }
      ann.socket.close(1000);
      await bob.until('presence', ({ left = [] }) => left.length > 0);
      bob.send({ t: 'send', id: 'a', room: 'lobby', body: 'are you there?' });
      await bob.until('ack');
      expect(asked).toEqual([]);
    }));
});
