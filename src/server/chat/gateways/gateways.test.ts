/** Several chat servers as gateways of one chat: what one of them hears, the clients of all are told. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closeCodes } from '../../../protocol/closeCodes';
import { settle, type TestClient } from '../testChat';
import { createTestGateways } from './testGateways';

const graceMs = 10_000;

let sent = 0;
const say = (client: TestClient, body: string, room = 'tea') => {
  sent += 1;
  client.send({ t: 'send', id: `m${sent}`, room, body });
};

const heard = (client: TestClient) => client.all('msg').map(({ seq, body }) => `${seq} ${body}`);

/** Who a client takes to be there, by all that it was told. */
function present(client: TestClient): string[] {
  const there = new Map<string, string>();
  for (const { members, came = [], left = [] } of client.all('presence')) {
    if (members) there.clear();
    for (const { id, name } of [...(members ?? []), ...came]) there.set(id, name);
    for (const id of left) there.delete(id);
  }
  return [...there.values()].sort();
}

describe('a message', () => {
  it('is told to the members at every gateway, in the order of the log', async () => {
    const { chats, told } = createTestGateways();
    const [ann, bob, eve] = await Promise.all([
      chats[0].enter('Ann', 'tea'),
      chats[1].enter('Bob', 'tea'),
      chats[2].enter('Eve', 'tea'),
    ]);
    say(ann, 'one');
    await settle();
    say(bob, 'two');
    await told();
    for (const client of [ann, bob, eve]) expect(heard(client)).toEqual(['1 one', '2 two']);
    expect(ann.last('ack').seq).toBe(1);
    expect(bob.last('ack').seq).toBe(2);
  });

  it('does not overtake one of another gateway that is still on its way', async () => {
    const { chats, told } = createTestGateways();
    const ann = await chats[0].enter('Ann', 'tea');
    const bob = await chats[1].enter('Bob', 'tea');
    say(ann, 'one');
    await settle();
    say(bob, 'two');
    await settle();
    expect(bob.last('ack').seq).toBe(2);
    expect(heard(bob)).toEqual([]);
    await told();
    expect(heard(bob)).toEqual(['1 one', '2 two']);
  });

  it('that is lost on its way is read from the log after a moment', async () => {
    const { chats, cluster, told } = createTestGateways();
    const ann = await chats[0].enter('Ann', 'tea');
    const bob = await chats[1].enter('Bob', 'tea');
    await told();
    say(ann, 'one');
    await settle();
    while (cluster.waiting > 0) cluster.lose(0);
    say(ann, 'two');
    await told();
    expect(heard(bob)).toEqual([]);
    chats[1].time.advance(100);
    await settle();
    expect(heard(bob)).toEqual(['1 one', '2 two']);
  });

  it('is told to who watches the room from outside, at another gateway', async () => {
    const { chats, told } = createTestGateways();
    const ann = await chats[0].enter('Ann', 'tea');
    const bob = await chats[1].enter('Bob');
    bob.send({ t: 'watch', rooms: [{ room: 'tea' }] });
    await told();
    bob.clear();
    chats[1].time.advance(1_000);
    say(ann, 'one');
    await told();
    expect(bob.last('summary')).toMatchObject({ seq: 1, last: { body: 'one' } });
  });

  it('is refused for now where the log is away, and what was missed is told when it is back', async () => {
    const { chats, cluster, told } = createTestGateways();
    const ann = await chats[0].enter('Ann', 'tea');
    const bob = await chats[1].enter('Bob', 'tea');
    await told();
    say(ann, 'before');
    await settle();
    while (cluster.waiting > 0) cluster.lose(0);
    cluster.setAway(true);
    say(ann, 'meanwhile');
    await settle();
    expect(ann.last('err')).toMatchObject({ code: 'unavailable', retry: true });
    expect(ann.closedWith).toBeUndefined();
    cluster.setAway(false);
    await told();
    expect(heard(bob)).toEqual(['1 before']);
  });

  it('of another log makes those notice who have read the one before', async () => {
    const { chats, cluster, told } = createTestGateways();
    const ann = await chats[0].enter('Ann', 'tea');
    const bob = await chats[1].enter('Bob', 'tea');
    for (const body of ['one', 'two', 'three']) say(ann, body);
    await told();
    await cluster.replaceLog(2, ['tea']);
    await told();
    for (const client of [ann, bob]) {
      expect(client.last('msg')).toMatchObject({ epoch: 'epoch-2', seq: 2, body: 'two' });
    }
    bob.send({ t: 'ping', n: 1 });
    expect(bob.last('pong').heads).toEqual([{ room: 'tea', epoch: 'epoch-2', seq: 2 }]);
  });

  it('comes to everybody once and in order, whatever becomes of what gateways tell each other', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('say' as const), by: fc.nat({ max: 2 }) }),
      fc.record({ kind: fc.constant('arrive' as const), index: fc.nat() }),
      fc.record({ kind: fc.constant('repeat' as const), index: fc.nat() }),
      fc.record({ kind: fc.constant('lose' as const), index: fc.nat() }),
      fc.record({ kind: fc.constant('time' as const), ms: fc.integer({ min: 1, max: 200 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { chats, cluster, told } = createTestGateways();
        const clients = await Promise.all(chats.map((chat) => chat.enter('Ann', 'tea')));
        await told();
        let said = 0;
        for (const each of steps) {
          const index = 'index' in each ? each.index % Math.max(1, cluster.waiting) : 0;
          if (each.kind === 'say') {
            said += 1;
            say(clients[each.by] as TestClient, `text ${said}`);
          }
          if (each.kind === 'time') for (const { time } of chats) time.advance(each.ms);
          if (cluster.waiting > 0) {
            if (each.kind === 'arrive') cluster.arrive(index);
            if (each.kind === 'repeat') cluster.repeat(index);
            if (each.kind === 'lose') cluster.lose(index);
          }
          await settle();
        }
        cluster.setAway(false);
        await told();
        const expected = Array.from({ length: said }, (_, index) => index + 1);
        for (const client of clients) {
          expect(client.all('msg').map(({ seq }) => seq)).toEqual(expected);
          expect(heard(client)).toEqual(heard(clients[0] as TestClient));
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('who is there', () => {
  it('is told across gateways, as they come and go', async () => {
    const { chats, told } = createTestGateways();
    const ann = await chats[0].enter('Ann', 'tea');
    const bob = await chats[1].enter('Bob', 'tea');
    await told();
    expect(present(ann)).toEqual(['Ann', 'Bob']);
    expect(present(bob)).toEqual(['Ann', 'Bob']);
    bob.end(closeCodes.left.code);
    await told();
    expect(present(ann)).toEqual(['Ann']);
  });

  it('stays for a grace when a line breaks, and goes unseen to another gateway', async () => {
    const { chats, told } = createTestGateways();
    const ann = await chats[0].enter('Ann', 'tea');
    const bob = await chats[1].enter('Bob', 'tea');
    await told();
    const { token } = bob.last('ready');
    ann.clear();
    bob.end();
    await told();
    const again = chats[2].connect();
    again.send({ t: 'auth', name: 'Bob', token, resume: [] }, { t: 'join', room: 'tea' });
    await told();
    for (const { time } of chats) time.advance(graceMs);
    await told();
    expect(ann.all('presence')).toEqual([]);
    expect(present(again)).toEqual(['Ann', 'Bob']);
  });

  it('is gone after the grace, for everybody', async () => {
    const { chats, told } = createTestGateways();
    const ann = await chats[0].enter('Ann', 'tea');
    const bob = await chats[1].enter('Bob', 'tea');
    await told();
    bob.end();
    await told();
    expect(present(ann)).toEqual(['Ann', 'Bob']);
    chats[1].time.advance(graceMs);
    await told();
    expect(present(ann)).toEqual(['Ann']);
  });

  it('is gone with its gateway', async () => {
    const { chats, cluster, told } = createTestGateways();
    const ann = await chats[0].enter('Ann', 'tea');
    await chats[1].enter('Bob', 'tea');
    await chats[2].enter('Eve', 'tea');
    await told();
    cluster.kill('b');
    await told();
    expect(present(ann)).toEqual(['Ann', 'Eve']);
  });

  it('is one person with lines at two gateways, until both have ended', async () => {
    const { chats, told } = createTestGateways();
    const ann = await chats[0].enter('Ann', 'tea');
    const bob = await chats[1].enter('Bob', 'tea');
    const phone = chats[2].connect();
    const { token } = bob.last('ready');
    phone.send({ t: 'auth', name: 'Bob', token, resume: [] }, { t: 'join', room: 'tea' });
    await told();
    expect(ann.last('presence').count).toBe(2);
    bob.end(closeCodes.left.code);
    await told();
    expect(present(ann)).toEqual(['Ann', 'Bob']);
    phone.end(closeCodes.left.code);
    await told();
    expect(present(ann)).toEqual(['Ann']);
  });
});

describe('who is there at other gateways', () => {
  /** Eve watches the room at the first gateway, where nobody is in it; Ann and Bob are at the others. */
  async function watched() {
    const gateways = createTestGateways();
    const { chats, told } = gateways;
    const eve = await chats[0].enter('Eve');
    eve.send({ t: 'watch', rooms: [{ room: 'tea' }] });
    await told();
    const ann = await chats[1].enter('Ann', 'tea');
    const bob = await chats[2].enter('Bob', 'tea');
    await told();
    return { ...gateways, eve, ann, bob };
  }

  it('is known to who comes into a room that was watched before', async () => {
    const { told, eve, ann } = await watched();
    eve.send({ t: 'join', room: 'tea' });
    await told();
    expect(present(eve)).toEqual(['Ann', 'Bob', 'Eve']);
    expect(eve.last('presence').count).toBe(3);
    ann.end(closeCodes.left.code);
    await told();
    expect(present(eve)).toEqual(['Bob', 'Eve']);
  });

  it('is known to who comes back into a room that was watched meanwhile', async () => {
    const { told, chats, eve, bob } = await watched();
    const cas = await chats[0].enter('Cas', 'tea');
    await told();
    cas.send({ t: 'leave', room: 'tea' });
    bob.end(closeCodes.left.code);
    await told();
    cas.clear();
    cas.send({ t: 'join', room: 'tea' });
    await told();
    expect(present(cas)).toEqual(['Ann', 'Cas']);
    expect(eve.all('presence')).toEqual([]);
  });

  it('is nobody who has left, or whose gateway has ended, while the room was only watched', async () => {
    const { cluster, told, eve, ann } = await watched();
    ann.end(closeCodes.left.code);
    cluster.kill('c');
    await told();
    eve.send({ t: 'join', room: 'tea' });
    await told();
    expect(present(eve)).toEqual(['Eve']);
  });

  it('is one person with lines at two gateways to who comes later, until both have ended', async () => {
    const { chats, told, eve, ann } = await watched();
    const phone = chats[2].connect();
    const { token } = ann.last('ready');
    phone.send({ t: 'auth', name: 'Ann', token, resume: [] }, { t: 'join', room: 'tea' });
    await told();
    eve.send({ t: 'join', room: 'tea' });
    await told();
    ann.end(closeCodes.left.code);
    await told();
    expect(present(eve)).toEqual(['Ann', 'Bob', 'Eve']);
    phone.end(closeCodes.left.code);
    await told();
    expect(present(eve)).toEqual(['Bob', 'Eve']);
  });
});

describe('a room', () => {
  /** Ann, alone at the first gateway, whose line breaks, and who comes back at the second. */
  async function annMoves() {
    const gateways = createTestGateways();
    const { chats, told } = gateways;
    const ann = await chats[0].enter('Ann', 'tea');
    const { token } = ann.last('ready');
    const comeBack = async () => {
      const again = chats[1].connect();
      again.send({ t: 'auth', name: 'Ann', token, resume: [] }, { t: 'join', room: 'tea' });
      await told();
      return again;
    };
    return { ...gateways, ann, comeBack };
  }

  it('is forgotten by a gateway whose last member has come back at another', async () => {
    const { chats, cluster, told, ann, comeBack } = await annMoves();
    ann.end();
    await told();
    expect([cluster.enteredBy('a'), chats[0].server.counts().rooms]).toEqual([['tea'], 1]);
    const again = await comeBack();
    expect([cluster.enteredBy('a'), chats[0].server.counts().rooms]).toEqual([[], 0]);
    chats[0].time.advance(graceMs);
    expect(chats[0].time.armed).toBe(0);
    await told();
    expect(present(again)).toEqual(['Ann']);
  });

  it('is forgotten by a gateway whose last member has had a line to another all the while', async () => {
    const { chats, cluster, told, ann, comeBack } = await annMoves();
    const other = await comeBack();
    expect(cluster.enteredBy('a')).toEqual(['tea']);
    ann.end();
    await told();
    expect([cluster.enteredBy('a'), chats[0].server.counts().rooms]).toEqual([[], 0]);
    say(other, 'one');
    await told();
    expect(heard(other)).toEqual(['1 one']);
    expect(chats[0].errors).toEqual([]);
  });

  it('is kept as long as somebody else may come back unseen', async () => {
    const { chats, cluster, told, ann, comeBack } = await annMoves();
    const bob = await chats[0].enter('Bob', 'tea');
    ann.end();
    bob.end();
    await told();
    const again = await comeBack();
    expect(cluster.enteredBy('a')).toEqual(['tea']);
    expect(present(again)).toEqual(['Ann', 'Bob']);
    chats[0].time.advance(graceMs);
    await told();
    expect(cluster.enteredBy('a')).toEqual([]);
    expect(present(again)).toEqual(['Ann']);
  });

  it('is heard of as long as somebody watches it', async () => {
    const { chats, cluster, told, ann, comeBack } = await annMoves();
    const eve = await chats[0].enter('Eve');
    eve.send({ t: 'watch', rooms: [{ room: 'tea' }] });
    await told();
    ann.end();
    const again = await comeBack();
    expect([cluster.enteredBy('a'), chats[0].server.counts().rooms]).toEqual([['tea'], 0]);
    chats[0].time.advance(1_000);
    say(again, 'one');
    await told();
    expect(eve.last('summary')).toMatchObject({ seq: 1, last: { body: 'one' } });
    eve.end();
    await told();
    expect(cluster.enteredBy('a')).toEqual([]);
  });
});

describe('what counts while it is fresh', () => {
  it('is told across gateways: who writes, and who has read what', async () => {
    const { chats, told } = createTestGateways();
    const ann = await chats[0].enter('Ann', 'tea');
    const bob = await chats[1].enter('Bob', 'tea');
    await told();
    ann.send({ t: 'typing', room: 'tea' });
    await told();
    expect(bob.last('typing').user.name).toBe('Ann');
    say(ann, 'one');
    await told();
    bob.send({ t: 'read', room: 'tea', seq: 1 });
    await told();
    expect(ann.last('reads').marks).toMatchObject([{ user: { name: 'Bob' }, seq: 1 }]);
  });
});

describe('a sign-out', () => {
  it('ends the lines of the user at every gateway, and nobody else’s', async () => {
    const { chats, told } = createTestGateways();
    const ann = await chats[0].enter('Ann', 'tea');
    const phone = chats[1].connect();
    const { token } = ann.last('ready');
    phone.send({ t: 'auth', name: 'Ann', token, resume: [] });
    const bob = await chats[1].enter('Bob', 'tea');
    ann.send({ t: 'signout' });
    await told();
    expect([ann, phone, bob].map(({ closedWith }) => closedWith)).toEqual([
      closeCodes.signedOut.code,
      closeCodes.signedOut.code,
      undefined,
    ]);
  });
});

describe('a sign-out that a gateway did not hear of', () => {
  it('ends the lines of the user there once it hears again, and nobody else’s', async () => {
    const { chats, cluster, told } = createTestGateways();
    const ann = await chats[0].enter('Ann', 'tea');
    const phone = chats[1].connect();
    const { token } = ann.last('ready');
    phone.send({ t: 'auth', name: 'Ann', token, resume: [] });
    const bob = await chats[1].enter('Bob', 'tea');
    await told();
    ann.send({ t: 'signout' });
    await settle();
    while (cluster.waiting > 0) cluster.lose(0);
    await told();
    expect([ann, phone].map(({ closedWith }) => closedWith)).toEqual([
      closeCodes.signedOut.code,
      undefined,
    ]);
    cluster.setAway(false);
    await told();
    expect([phone, bob].map(({ closedWith }) => closedWith)).toEqual([
      closeCodes.signedOut.code,
      undefined,
    ]);
  });
});

describe('a gateway that ends', () => {
  it('says of nobody that they have left: they come back to another', async () => {
    const { chats, told } = createTestGateways();
    const ann = await chats[0].enter('Ann', 'tea');
    const bob = await chats[1].enter('Bob', 'tea');
    await told();
    ann.clear();
    const ended = chats[1].server.drain([0, 0]);
    bob.end(closeCodes.draining.code);
    await ended;
    await told();
    expect(ann.all('presence')).toEqual([]);
    // And it hears nothing more.
    ann.send({ t: 'typing', room: 'tea' });
    say(ann, 'one');
    await told();
    expect(chats[1].errors).toEqual([]);
  });

  it('leaves no timer', async () => {
    const { chats, told } = createTestGateways();
    const ann = await chats[0].enter('Ann', 'tea');
    const bob = await chats[1].enter('Bob', 'tea');
    await told();
    say(ann, 'one');
    await settle();
    bob.end();
    const ended = chats[1].server.drain([0, 0]);
    await settle();
    await ended;
    expect(chats[1].time.armed).toBe(0);
  });
});
