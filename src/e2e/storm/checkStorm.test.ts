import { describe, expect, it } from 'vitest';
import { checkStorm, type StormMessage, type StormOutcome, type StormRecord } from './checkStorm';

/** A message whose id and author can be told from its text: "ann 1" is ann's, with the id "id-ann-1". */
function message(body: string, seq: number | undefined, state = 'sent'): StormMessage {
  const [author = '', number = ''] = body.split(' ');
  return { id: `id-${author}-${number}`, seq, author, body, state };
}

const inOrder = (...bodies: string[]) => bodies.map((body, index) => message(body, index + 1));

const room = inOrder('ann 1', 'bob 1', 'ann 2');

function client(name: string, change: Partial<StormRecord> = {}): StormRecord {
  return {
    name,
    written: name === 'ann' ? ['ann 1', 'ann 2'] : ['bob 1'],
    shownAsSent: new Set(name === 'ann' ? ['id-ann-1', 'id-ann-2'] : ['id-bob-1']),
    retried: new Set(),
    messages: room,
    ...change,
  };
}

const outcome = (change: Partial<StormOutcome> = {}): StormOutcome => ({
  log: room,
  clients: [client('ann'), client('bob')],
  ...change,
});

const bobWith = (...messages: StormMessage[]) =>
  outcome({ clients: [client('ann'), client('bob', { messages })] });

describe('the judgement of a storm', () => {
  it('finds nothing wrong where all have everything, once, in one order', () => {
    expect(checkStorm(outcome())).toEqual({
      written: 3,
      delivered: 3,
      lost: 0,
      doubled: 0,
      misordered: 0,
      faults: [],
    });
  });

  it('catches a message that nobody has', () => {
    const log = inOrder('ann 1', 'bob 1');
    const messages = log;
    const verdict = checkStorm({
      log,
      clients: [
        client('ann', { messages, shownAsSent: new Set(['id-ann-1']) }),
        client('bob', { messages }),
      ],
    });
    expect(verdict).toMatchObject({ delivered: 2, lost: 1, doubled: 0, misordered: 0 });
    expect(verdict.faults).toContain('G3, G6: the log lacks "ann 2"');
  });

  it('catches a message that one reader lacks', () => {
    const verdict = checkStorm(bobWith(...inOrder('ann 1', 'bob 1')));
    expect(verdict).toMatchObject({ delivered: 2, lost: 1 });
    expect(verdict.faults).toEqual(['G3, G6: bob lacks "ann 2"']);
  });

  it('catches a message that the log has twice', () => {
    const log = [...room, { ...message('bob 1', 4), id: 'another' }];
    const clients = ['ann', 'bob'].map((name) => client(name, { messages: log }));
    const verdict = checkStorm({ log, clients });
    expect(verdict).toMatchObject({ lost: 0, doubled: 1 });
    expect(verdict.faults).toContain('G2: the log has "bob 1" more than once');
  });

  it('catches a message that one reader sees twice', () => {
    const verdict = checkStorm(bobWith(...inOrder('ann 1', 'bob 1', 'bob 1', 'ann 2')));
    expect(verdict).toMatchObject({ lost: 0, doubled: 1 });
    expect(verdict.faults).toContain('G2: bob has "bob 1" more than once');
  });

  it('catches an id that stands for two texts', () => {
    const [first, , third] = room;
    const second = { ...message('bob 1', 2), author: 'ann', id: 'id-ann-1' };
    const verdict = checkStorm(bobWith(...[first, second, third].flatMap((each) => each ?? [])));
    expect(verdict.doubled).toBe(1);
  });

  it('catches two readers that differ in order', () => {
    const verdict = checkStorm(bobWith(...inOrder('bob 1', 'ann 1', 'ann 2')));
    expect(verdict).toMatchObject({ lost: 0, doubled: 0, misordered: 2 });
    expect(verdict.faults).toEqual([
      'G2: bob has "bob 1" in another place than the log',
      'G2: bob has "ann 1" in another place than the log',
    ]);
  });

  it('catches a hole in the sequence', () => {
    const log = [message('ann 1', 1), message('bob 1', 2), message('ann 2', 4)];
    const clients = ['ann', 'bob'].map((name) => client(name, { messages: log }));
    expect(checkStorm({ log, clients }).faults).toEqual([
      'G6: the log has 4 where sequence 3 should be',
      'G6: ann has 4 where sequence 3 should be',
      'G6: bob has 4 where sequence 3 should be',
    ]);
  });

  it('catches a message that was shown as sent and is not in the log', () => {
    const shownAsSent = new Set(['id-bob-1', 'id-bob-2']);
    const clients = [client('ann'), client('bob', { shownAsSent })];
    expect(checkStorm({ log: room, clients }).faults).toEqual([
      'G1: bob was shown id-bob-2 as sent, and the log lacks it',
    ]);
  });

  it('takes an id for nobody but its author', () => {
    const shownAsSent = new Set(['id-bob-1', 'id-ann-1']);
    const clients = [client('ann'), client('bob', { shownAsSent })];
    expect(checkStorm({ log: room, clients }).faults).toHaveLength(1);
  });

  it("catches an author's messages out of order, unless they failed and were sent again", () => {
    const log = inOrder('ann 2', 'bob 1', 'ann 1');
    const bob = client('bob', { messages: log });
    const wrong = checkStorm({ log, clients: [client('ann', { messages: log }), bob] });
    expect(wrong.misordered).toBe(2);
    expect(wrong.faults).toContain('G2: the log has "ann 2" in another turn than ann wrote it');

    const retried = new Set(['ann 1']);
    const right = checkStorm({ log, clients: [client('ann', { messages: log, retried }), bob] });
    expect(right.faults).toEqual([]);
  });

  it('catches a text that was changed, or given to another author', () => {
    const changed = checkStorm(bobWith(...inOrder('ann 1', 'bob 1', 'ann 2!')));
    expect(changed.faults).toContain('G2: bob has "ann 2!" by ann at 3, whose words it is not');
    const [, , last] = room;
    const given = bobWith(...room.slice(0, 2), ...(last ? [{ ...last, author: 'bob' }] : []));
    expect(checkStorm(given).faults).toContain(
      'G2: bob has "ann 2" by bob at 3, whose words it is not',
    );
  });

  it('catches a message that still waits', () => {
    const verdict = checkStorm(
      bobWith(...inOrder('ann 1', 'bob 1'), message('ann 2', 3, 'sending')),
    );
    expect(verdict.faults).toEqual(['G3: bob still has "ann 2" as sending']);
  });

  it('shortens long texts', () => {
    const long = `ann ${'x'.repeat(1_000)}`;
    const clients = [client('ann', { written: ['ann 1', 'ann 2', long] }), client('bob')];
    for (const fault of checkStorm(outcome({ clients })).faults) {
      expect(fault.length).toBeLessThan(100);
    }
  });
});
