import { describe, expect, it } from 'vitest';
import { createConnection } from '../connection/connection';
import { createFakeNetwork } from '../testing/fakeSocket';
import { createManualTime } from '../testing/manualTime';
import { createMemoryOutbox } from '../testing/outboxFakes';
import { settle } from '../testing/settle';
import { createSoloShare } from './outboxEntry';
import { createPlainSession } from './plainSession';
import { silentListener } from './silentListener';
import type { ChatMessage, OutboxCounts, SearchState } from './types';

function setUp(storage = createMemoryOutbox().storage, share = createSoloShare('page')) {
  const time = createManualTime();
  const network = createFakeNetwork();
  const connection = createConnection({
    address: 'ws://tutorial.example:6969/',
    time,
    random: () => 0,
    heartbeat: {
      intervalMs: 25_000,
      timeoutMs: 10_000,
      ping: () => 'ping',
      isPong: (data) => data === 'pong',
    },
    openSocket: network.open,
  });
  let ids = 0;
  const session = createPlainSession({
    connection,
    serverName: 'tutorial.example:6969',
    name: 'Ann',
    room: 'lobby',
    outboxStorage: storage,
    share,
    newId: () => `id${++ids}`,
    time,
  });
  let messages: readonly ChatMessage[] = [];
  const told = { search: undefined as SearchState | undefined, outbox: [] as OutboxCounts[] };
  session.start({
    ...silentListener,
    messages: (next) => {
      messages = next;
    },
    search: (search) => Object.assign(told, { search }),
    outbox: (counts) => void told.outbox.push(counts),
  });
  connection.open();
  const shown = () =>
    messages.map(({ author, body, state }) => `${author.name}: ${body} (${state})`);
  return { time, network, connection, session, shown, told };
}

describe('plain mode after a reload', () => {
  it('hands over once what was rewritten before, and keeps it no longer', async () => {
    const entry = { id: 'a', room: 'lobby', body: 'second', at: 0, isRewritten: true } as const;
    const unset = { roomKey: undefined, about: undefined, failure: undefined };
    const outbox = createMemoryOutbox([{ ...entry, ...unset, page: 'page' }]);
    const { network, shown } = setUp(outbox.storage);
    network.latest.accept();
    await settle();
    expect(shown()).toEqual(['Ann: second (sent)']);
    expect(outbox.rows.size).toBe(0);
  });
});

describe('plain mode on two pages', () => {
  it('shows in both what one has handed over for the other', async () => {
    const outbox = createMemoryOutbox();
    const writer = setUp(outbox.storage, outbox.openPage('writer'));
    const sender = setUp(outbox.storage, outbox.openPage('sender'));
    writer.connection.close();
    sender.network.latest.accept();
    await settle();
    writer.session.actions.send('by way of the other');
    await settle();
    await settle();
    expect(sender.network.latest.sent).toEqual(['by way of the other']);
    for (const { shown } of [writer, sender]) {
      expect(shown()).toEqual(['Ann: by way of the other (sent)']);
    }
  });
});

describe('plain mode on a line that is being checked', () => {
  it('hands nothing over until the line has answered, as it would be gone with it', async () => {
    const { network, connection, session, time } = setUp();
    network.latest.accept();
    await settle();
    connection.wake();
    session.actions.send('precious');
    await settle();
    expect(network.latest.sent).toEqual(['ping']);
    time.advance(3_000);
    time.advance(0);
    network.latest.accept();
    await settle();
    expect(network.latest.sent).toEqual(['precious']);
  });
});

describe('plain mode', () => {
  it('sends and shows bare text, in the order in which it came and went', async () => {
    const { network, session, shown } = setUp();
    network.latest.accept();
    network.latest.deliver('welcome, number 1');
    session.actions.send('hello');
    await settle();
    network.latest.deliver('you said hello');
    expect(network.latest.sent).toEqual(['hello']);
    expect(shown()).toEqual([
      'tutorial.example:6969: welcome, number 1 (sent)',
      'Ann: hello (sent)',
      'tutorial.example:6969: you said hello (sent)',
    ]);
  });

  it('keeps what is written without a line, and sends it once there is one', async () => {
    const { network, session, shown } = setUp();
    session.actions.send('one');
    session.actions.send('two');
    await settle();
    expect(shown()).toEqual(['Ann: one (queued)', 'Ann: two (queued)']);
    network.latest.accept();
    await settle();
    expect(network.latest.sent).toEqual(['one', 'two']);
    expect(shown()).toEqual(['Ann: one (sent)', 'Ann: two (sent)']);
  });

  it('gives each message that comes an id of its own', () => {
    const { network, shown } = setUp();
    network.latest.accept();
    network.latest.deliver('same');
    network.latest.deliver('same');
    expect(shown()).toHaveLength(2);
  });

  it('changes what waits, and leaves alone what was handed over', async () => {
    const { network, session, shown, told } = setUp();
    session.actions.send('one');
    session.actions.send('two');
    expect(session.actions.edit('id1', 'one, better')).toBe(true);
    expect(session.actions.erase('id2')).toBe(true);
    await settle();
    expect(shown()).toEqual(['Ann: one, better (queued)']);
    expect(told.outbox.at(-1)).toEqual({ waiting: 1, failed: 0 });
    network.latest.accept();
    await settle();
    expect(network.latest.sent).toEqual(['one, better']);
    expect(told.outbox.at(-1)).toEqual({ waiting: 0, failed: 0 });
    expect(session.actions.edit('id1', 'late')).toBe(false);
    expect(session.actions.erase('id1')).toBe(false);
    expect(session.actions.react(1, '👍', true)).toBe(false);
    await expect(session.actions.loadBackTo(1)).rejects.toThrow('no places');
    expect(shown()).toEqual(['Ann: one, better (sent)']);
  });

  it('finds what was exchanged', () => {
    const { network, session, told } = setUp();
    network.latest.accept();
    network.latest.deliver('welcome, number 1');
    session.actions.search('wel');
    expect(told.search).toMatchObject({
      status: 'done',
      scope: 'loaded',
      found: [{ body: 'welcome, number 1' }],
    });
  });

  it('exports what was exchanged', async () => {
    const { network, session } = setUp();
    network.latest.accept();
    network.latest.deliver('welcome');
    await expect(session.actions.exportRoom()).resolves.toMatchObject({
      room: 'lobby',
      messages: [{ author: 'tutorial.example:6969', body: 'welcome', seq: null, state: 'sent' }],
    });
  });
});
