import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import webPush from 'web-push';
import { portOf } from '../../testing/portOf';
import { startPushService } from '../../testing/pushService';
import type { PushPayload } from '../chat/push/pushPorts';
import { makeVapidKeys } from './vapidKeys';
import { createWebPushSender, type WebPushSenderOptions } from './webPushSender';

const payload: PushPayload = { room: 'tea', seq: 7, from: '小明', text: '你好 👋' };

async function createWorld(options: Partial<WebPushSenderOptions> = {}) {
  const service = await startPushService();
  const keys = makeVapidKeys();
  const sender = createWebPushSender({
    keys,
    contact: 'mailto:ops@chat.example',
    ownServices: [service.origin],
    ...options,
  });
  onTestFinished(() => {
    sender.close();
    service.close();
  });
  return { service, keys, sender, subscription: service.subscribe('ann') };
}

describe('a push', () => {
  it('arrives encrypted for the browser, signed by this server, collapsed by room', async () => {
    const { service, keys, sender, subscription } = await createWorld();
    expect(await sender.send(subscription, payload)).toEqual({ kind: 'sent' });
    expect(await sender.send(subscription, { ...payload, seq: 8 })).toEqual({ kind: 'sent' });
    expect(await sender.send(subscription, { ...payload, room: 'cake' })).toEqual({ kind: 'sent' });
    const [push, next, other] = service.received;
    expect(push?.path).toBe('/push/ann');
    expect(push?.payload).toEqual(payload);
    expect(push?.signature).toMatchObject({
      aud: service.origin,
      sub: 'mailto:ops@chat.example',
      key: keys.publicKey,
    });
    const leftSeconds = (push?.signature.exp ?? 0) - Date.now() / 1_000;
    expect(leftSeconds).toBeGreaterThan(3_600);
    expect(leftSeconds).toBeLessThanOrEqual(86_400);
    expect(push?.headers).toMatchObject({
      ttl: '259200',
      urgency: 'normal',
      'content-encoding': 'aes128gcm',
    });
    expect(push?.headers.topic).toMatch(/^[\w-]{32}$/);
    expect(next?.headers.topic).toBe(push?.headers.topic);
    expect(other?.headers.topic).not.toBe(push?.headers.topic);
  });

  it('of the longest kind fits what a push service takes', async () => {
    const { service, sender, subscription } = await createWorld();
    const longest = {
      room: 'r'.repeat(64),
      seq: Number.MAX_SAFE_INTEGER,
      from: '🂡'.repeat(40),
      text: '\u0001'.repeat(341),
    };
    expect(await sender.send(subscription, longest)).toEqual({ kind: 'sent' });
    expect(service.received[0]?.payload).toEqual(longest);
    expect(service.received[0]?.bodyBytes).toBeLessThan(4_096);
  });

  it.each([
    [201, { kind: 'sent' }],
    [404, { kind: 'gone' }],
    [410, { kind: 'gone' }],
    [400, { kind: 'failed' }],
    [403, { kind: 'failed' }],
    [413, { kind: 'failed' }],
    [429, { kind: 'busy', retryAfterMs: undefined }],
    [500, { kind: 'busy', retryAfterMs: undefined }],
    [503, { kind: 'busy', retryAfterMs: undefined }],
  ])('answered with %i has this outcome: %o', async (status, outcome) => {
    const { service, sender, subscription } = await createWorld();
    service.answerWith({ status });
    expect(await sender.send(subscription, payload)).toEqual(outcome);
  });

  it.each([
    ['seconds', '17', 17_000, 17_000],
    ['a date', new Date(Date.now() + 60_000).toUTCString(), 50_000, 61_000],
    ['a date that is past', 'Thu, 01 Jan 1970 00:00:00 GMT', 0, 0],
  ])('hears when to try again, in %s', async (_, header, from, to) => {
    const { service, sender, subscription } = await createWorld();
    service.answerWith({ status: 429, headers: { 'Retry-After': header } });
    const outcome = await sender.send(subscription, payload);
    const waitMs = outcome.kind === 'busy' ? outcome.retryAfterMs : undefined;
    expect(waitMs).toBeGreaterThanOrEqual(from);
    expect(waitMs).toBeLessThanOrEqual(to);
  });

  it('does not follow a redirect', async () => {
    const { service, sender, subscription } = await createWorld();
    const Location = `${service.origin}/inside`;
    service.answerWith({ status: 307, headers: { Location } });
    expect(await sender.send(subscription, payload)).toEqual({ kind: 'failed' });
    expect(service.received.map(({ path }) => path)).toEqual(['/push/ann']);
  });

  it('is not held up by an answer without an end', async () => {
    const { service, sender, subscription } = await createWorld();
    service.answerWith({ status: 201, body: 'x'.repeat(10_000_000) });
    expect(await sender.send(subscription, payload)).toEqual({ kind: 'sent' });
    service.answerWith({ status: 201 });
    expect(await sender.send(subscription, payload)).toEqual({ kind: 'sent' });
  });

  it('is given up on when the push service does not answer, or is not there', async () => {
    const silent = createServer((socket) => socket.on('error', () => {}).resume());
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const origin = `http://127.0.0.1:${portOf(silent)}`;
    const { sender, subscription } = await createWorld({ ownServices: [origin], timeoutMs: 100 });
    const there = { ...subscription, endpoint: `${origin}/push/ann` };
    expect(await sender.send(there, payload)).toEqual({ kind: 'busy' });
    silent.close();
    await once(silent, 'close');
    expect(await sender.send(there, payload)).toEqual({ kind: 'busy' });
  });

  it('is not sent where it may not, even if that was allowed once', async () => {
    const { service, sender, subscription } = await createWorld({ ownServices: [] });
    expect(sender.whyRefused(subscription)).toBe('the endpoint is not https');
    expect(await sender.send(subscription, payload)).toEqual({ kind: 'gone' });
    expect(service.received).toEqual([]);
  });

  it('is signed anew for a push service only where that was not among the last hundred', async () => {
    const sign = vi.spyOn(webPush, 'getVapidHeaders');
    // Nothing listens there.
    const origins = Array.from({ length: 101 }, (_, n) => `http://127.0.0.${n + 1}:9`);
    const { sender, subscription } = await createWorld({ ownServices: origins, timeoutMs: 100 });
    const sendTo = async (...some: string[]) => {
      sign.mockClear();
      for (const origin of some) {
        await sender.send({ ...subscription, endpoint: `${origin}/push/ann` }, payload);
      }
      return sign.mock.calls.length;
    };
    const [first = '', second = '', ...others] = origins;
    expect(await sendTo(first, second, first, ...others)).toBe(101);
    expect(await sendTo(first, ...others)).toBe(0);
    expect(await sendTo(second)).toBe(1);
    sign.mockRestore();
  });

  it('cannot be encrypted for a key that is no point of the curve, which is refused', async () => {
    const { sender, subscription } = await createWorld();
    expect(sender.whyRefused(subscription)).toBeUndefined();
    const bad = { ...subscription, keys: { ...subscription.keys, p256dh: `B${'A'.repeat(86)}` } };
    expect(sender.whyRefused(bad)).toBe('the key p256dh is no point of P-256');
    expect(await sender.send(bad, payload)).toEqual({ kind: 'failed' });
  });
});
