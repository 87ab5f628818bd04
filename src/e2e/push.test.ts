/** Push when away, of the whole system: a real server, and a push service that decrypts what it gets. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type PushService, startPushService } from '../testing/pushService';
import { comeIn } from './support/guest';
import { startServer } from './support/serverProcess';

const contact = 'mailto:ops@chat.example';

async function startWorld() {
  const service = await startPushService();
  onTestFinished(service.close);
  const flags = ['--push-service', service.origin, '--push-contact', contact];
  return { service, server: await startServer(flags) };
}

const textsOf = ({ received }: PushService) => received.map(({ payload }) => payload);
const payload = (seq: number, text: string) => ({ room: 'tea', seq, from: 'Bob', text });

/** Ann has turned it on in tea, in one browser, and Bob is there to write. */
async function enterBoth({ service, server }: Awaited<ReturnType<typeof startWorld>>) {
  const ann = await comeIn(server.webSocketUrl, 'tea', { name: 'Ann' });
  const bob = await comeIn(server.webSocketUrl, 'tea', { name: 'Bob' });
  const subscription = service.subscribe('ann');
  ann.send({ t: 'push', room: 'tea', ...subscription });
  await ann.next('pushed');
  return { ann, bob, subscription };
}

describe('who has turned push on', () => {
  it('is pushed nothing while there, and everything at once when they have left', async () => {
    const world = await startWorld();
    const { service } = world;
    const { ann, bob } = await enterBoth(world);
    await bob.say('tea', 'you are here');
    await ann.next('msg');
    await ann.leave();
    await bob.untilLeft();
    await bob.say('tea', 'dinner is ready 🍜');
    await expect.poll(() => textsOf(service)).toEqual([payload(2, 'dinner is ready 🍜')]);
    const [push] = service.received;
    expect(push?.signature).toMatchObject({ aud: service.origin, sub: contact, key: ann.key });
    expect(push?.headers).toMatchObject({ 'content-encoding': 'aes128gcm', urgency: 'normal' });
    expect(push?.bodyBytes).toBeLessThan(4_096);
  });

  it('is pushed to only after a grace when the line broke', async () => {
    const world = await startWorld();
    const { ann, bob } = await enterBoth(world);
    ann.breakOff();
    const brokeAt = Date.now();
    await bob.say('tea', 'are you there?');
    await expect
      .poll(() => textsOf(world.service), { timeout: 30_000 })
      .toEqual([payload(1, 'are you there?')]);
    expect(Date.now() - brokeAt).toBeGreaterThan(9_000);
  });

  it('is pushed nothing once it is off', async () => {
    const world = await startWorld();
    const { ann, bob, subscription } = await enterBoth(world);
    const eve = await comeIn(world.server.webSocketUrl, 'tea', { name: 'Eve' });
    eve.send({ t: 'push', room: 'tea', ...world.service.subscribe('eve') });
    await eve.next('pushed');
    ann.send({ t: 'unpush', room: 'tea', endpoint: subscription.endpoint });
    expect(await ann.next('pushed')).toEqual({ t: 'pushed', room: 'tea', on: false });
    await ann.leave();
    await bob.untilLeft();
    await eve.leave();
    await bob.untilLeft();
    await bob.say('tea', 'one');
    await expect.poll(() => world.service.received.map(({ path }) => path)).toEqual(['/push/eve']);
    // Gone for the push service is gone here.
    world.service.answerWith({ status: 410 });
    await bob.say('tea', 'two');
    await expect.poll(() => world.service.received).toHaveLength(2);
    world.service.answerWith({ status: 201 });
    const dan = await comeIn(world.server.webSocketUrl, 'tea', { name: 'Dan' });
    dan.send({ t: 'push', room: 'tea', ...world.service.subscribe('dan') });
    await dan.next('pushed');
    await dan.leave();
    await bob.untilLeft();
    await bob.say('tea', 'three');
    await expect
      .poll(() => world.service.received.map(({ path }) => path))
      .toEqual(['/push/eve', '/push/eve', '/push/dan']);
  });

  it('has it on after the server was killed, with the same key', async () => {
    const world = await startWorld();
    const { server, service } = world;
    const { ann, bob: formerBob } = await enterBoth(world);
    await server.kill('SIGKILL');
    await server.start();
    for (const file of ['vapid.json', 'push.sqlite']) await stat(join(server.dataDir, file));
    const bob = await comeIn(server.webSocketUrl, 'tea', { name: 'Bob', token: formerBob.token });
    expect(bob.key).toBe(ann.key);
    const again = await comeIn(server.webSocketUrl, 'tea', { name: 'Ann', token: ann.token });
    await again.leave();
    await bob.untilLeft();
    await bob.say('tea', 'still on?');
    await expect.poll(() => textsOf(service)).toEqual([payload(1, 'still on?')]);
  });

  it('cannot make the server knock on its own doors', async () => {
    const { server, service } = await startWorld();
    const ann = await comeIn(server.webSocketUrl, 'tea', { name: 'Ann' });
    const { keys } = service.subscribe('ann');
    for (const endpoint of [
      `http://localhost:${server.port}/`,
      `${service.origin.replace('127.0.0.1', '2130706433')}/push/ann`,
      'https://169.254.169.254/latest/meta-data/',
    ]) {
      ann.send({ t: 'push', room: 'tea', endpoint, keys });
      expect(await ann.next('err')).toMatchObject({ code: 'push_refused', retry: false });
    }
    expect(service.received).toEqual([]);
  });
});
