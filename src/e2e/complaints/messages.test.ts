/**
 * What users of other libraries have suffered with their messages: lost, doubled, reported failed and
 * sent all the same, never asked for again. README.md has the list.
 */
import { describe, expect, it } from 'vitest';
import { settle } from '../../testing/settle';
import { createModelWorld, type ModelPage, type ModelWorld } from '../model/modelWorld';
import { createWorldToLetIn } from './lettingIn';

/** Two tabs of one person, and another person; everyone let in. */
async function startChat(seed: number) {
  const world = createModelWorld(seed, 3);
  await world.pass(1_000);
  const [firstTab, secondTab, bob] = world.pages;
  if (!firstTab || !secondTab || !bob) throw new Error('three pages were asked for');
  return { world, firstTab, secondTab, bob };
}
const bodiesOf = (page: ModelPage) => page.messages.map(({ body }) => body);
const statesOf = (page: ModelPage) => new Set(page.messages.map(({ state }) => state));

/** What everybody sees is what the log has: every text written, each once, all in the same order. */
async function expectWhole(world: ModelWorld) {
  const logged = (await world.logged('lobby')).map(({ body }) => body);
  expect([...logged].sort()).toEqual(
    world.pages.flatMap(({ written }) => written.map(({ text }) => text)).sort(),
  );
  for (const page of world.pages) {
    expect(bodiesOf(page)).toEqual(logged);
    expect(statesOf(page)).toEqual(new Set(['sent']));
  }
}

describe('what is sent while the line drops', () => {
  it('arrives each time, not only sometimes, and once: wherever between page, server and log it drops (socket.io #3414, socket.io-client #1279)', async () => {
    for (let dropAfterMs = 0; dropAfterMs <= 120; dropAfterMs += 4) {
      const { world, firstTab } = await startChat(dropAfterMs);
      firstTab.write();
      await world.pass(dropAfterMs);
      firstTab.line?.cut();
      firstTab.write();
      await world.pass(10_000);
      await expectWhole(world);
      expect(firstTab.written).toHaveLength(2);
    }
  });

  it('is replayed by the client, with no handler of the app’s for reconnecting (socket.io #5363)', async () => {
    const { world, firstTab } = await startChat(1);
    world.crashServer();
    await world.pass(1_000);
    for (let count = 0; count < 40; count += 1) firstTab.write();
    await world.pass(1_000);
    expect(statesOf(firstTab)).toEqual(new Set(['queued']));
    world.startServer();
    await world.pass(20_000);
    expect(await world.logged('lobby')).toHaveLength(40);
    await expectWhole(world);
  });

  it('is not lost to another socket with another token, nor does a call hang (partykit #403)', async () => {
    const { connection, letIn, actions, bodies, sentOf, ack } = createWorldToLetIn();
    connection.open();
    await letIn();
    actions.send('on its way');
    await settle();
    const asked = connection.ping();
    connection.close();
    expect(await asked).toBeUndefined();
    actions.send('not yet on its way');
    await settle();
    connection.open();
    await letIn();
    expect(sentOf('send')).toMatchObject([{ id: 'id1' }, { id: 'id2' }]);
    ack('id1');
    ack('id2');
    expect(bodies()).toEqual(['on its way (sent)', 'not yet on its way (sent)']);
  });
});

describe('coming back', () => {
  it('works although the server had never sent a message before (socket.io #4888, #5538)', async () => {
    const { world, firstTab, bob } = await startChat(2);
    firstTab.disconnect();
    await world.pass(1_000);
    bob.write();
    bob.write();
    await world.pass(1_000);
    expect(bodiesOf(firstTab)).toEqual([]);
    firstTab.reconnect();
    await world.pass(1_000);
    expect(bodiesOf(firstTab)).toEqual(bob.written.map(({ text }) => text));
  });

  it('works as well for who was away for days, and whatever became of the server meanwhile (socket.io #4968)', async () => {
    const { world, firstTab, bob } = await startChat(3);
    bob.write();
    await world.pass(1_000);
    firstTab.disconnect();
    for (let count = 0; count < 300; count += 1) bob.write();
    await world.pass(60_000);
    world.crashServer();
    await world.pass(2 * 24 * 3_600_000);
    world.startServer();
    bob.wake();
    firstTab.reconnect();
    await world.pass(30_000);
    await expectWhole(world);
  });

  it('from the background brings everything that was said meanwhile (Pusher #11, Expensify #3892)', async () => {
    const { world, firstTab, bob } = await startChat(4);
    firstTab.putAside();
    await world.pass(3_600_000);
    for (let count = 0; count < 5; count += 1) bob.write();
    await world.pass(1_000);
    firstTab.wake();
    // The log may have asked for one of them again.
    await world.pass(10_000);
    expect(bob.written).toHaveLength(5);
    await expectWhole(world);
  });

  it('from a sleep through which the line died brings it without anyone’s help (Expensify #96883)', async () => {
    const { world, firstTab, bob } = await startChat(5);
    firstTab.freeze();
    Object.assign(firstTab.line ?? {}, { upIsSilent: true, downIsSilent: true });
    for (let count = 0; count < 5; count += 1) bob.write();
    await world.pass(8 * 3_600_000);
    // Only the timers go on: no event says that the machine has woken.
    firstTab.thaw();
    await world.pass(10_000);
    expect(bob.written).toHaveLength(5);
    await expectWhole(world);
  });

  it('is not even needed for a message that went missing on an open line: the next beat tells of it (Pusher #539)', async () => {
    const { world, firstTab, bob } = await startChat(6);
    const line = firstTab.line;
    if (!line) throw new Error('no line');
    line.downIsSilent = true;
    bob.write();
    await world.pass(200);
    line.downIsSilent = false;
    await world.pass(40_000);
    expect(firstTab.line).toBe(line);
    expect(bodiesOf(firstTab)).toEqual(bob.written.map(({ text }) => text));
  });
});

describe('what one is told of a message', () => {
  it('failed is not sent all the same (ably-js #2115)', async () => {
    const { connection, letIn, actions, bodies, sentOf, serverSends, time, network } =
      createWorldToLetIn();
    connection.open();
    await letIn();
    actions.send('refused');
    actions.send('心'.repeat(10_001));
    await settle();
    serverSends({ t: 'err', id: 'id1', code: 'bad_frame', retry: false, message: 'no' });
    connection.close();
    actions.send('too old');
    await settle();
    time.advance(8 * 24 * 3_600_000);
    for (let line = 0; line < 3; line += 1) {
      connection.open();
      await letIn();
      expect(sentOf('send')).toEqual([]);
      expect(bodies().map((text) => text.slice(-8))).toEqual(['(failed)', '(failed)', '(failed)']);
      network.latest.end(1006);
    }
    actions.retry('id3');
    await settle();
    connection.open();
    await letIn();
    expect(sentOf('send')).toMatchObject([{ id: 'id3' }]);
  });

  it('deleted is not sent either', async () => {
    const { connection, letIn, actions, bodies, sentOf } = createWorldToLetIn();
    actions.send('on second thoughts');
    await settle();
    actions.remove('id1');
    connection.open();
    await letIn();
    expect(sentOf('send')).toEqual([]);
    expect(bodies()).toEqual([]);
  });

  it('has one name for good: a new line numbers nothing anew (ably-js #2153)', async () => {
    const { connection, letIn, actions, sentOf, network, time, ack } = createWorldToLetIn();
    connection.open();
    await letIn();
    for (let count = 1; count <= 5; count += 1) {
      actions.send(`message ${count}`);
      await settle();
      if (count < 5) ack(`id${count}`);
    }
    network.latest.end(1006);
    time.advance(0);
    await letIn();
    actions.send('message 6');
    await settle();
    expect(sentOf('send')).toMatchObject([
      { id: 'id5', body: 'message 5' },
      { id: 'id6', body: 'message 6' },
    ]);
  });
});

describe('several tabs of one person', () => {
  it('need no shared connection to send each message once, and show it everywhere (socket.io #5095, #597, react-use-websocket #155)', async () => {
    const { world, firstTab, secondTab } = await startChat(7);
    firstTab.disconnect();
    secondTab.disconnect();
    for (let count = 0; count < 5; count += 1) {
      firstTab.write();
      secondTab.write();
      await world.pass(1);
    }
    expect(new Set(bodiesOf(firstTab))).toEqual(new Set(bodiesOf(secondTab)));
    expect(bodiesOf(firstTab)).toHaveLength(10);
    // One line is enough for both, and two do not send twice.
    secondTab.reconnect();
    await world.pass(10_000);
    expect(await world.logged('lobby')).toHaveLength(10);
    firstTab.reconnect();
    await world.pass(10_000);
    await expectWhole(world);
  });
});
