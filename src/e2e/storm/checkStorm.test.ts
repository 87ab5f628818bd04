import { describe, expect, it } from 'vitest';
import { checkStorm } from './checkStorm';
import type { StormMessage, StormRecord, StormStream } from './stormOutcome';
import { client, inOrder, message, outcome, room } from './testOutcome';

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
      changes: [],
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
    const verdict = checkStorm({ log, changes: [], clients });
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
    expect(checkStorm({ log, changes: [], clients }).faults).toEqual([
      'G6: the log has 4 where sequence 3 should be',
      'G6: ann has 4 where sequence 3 should be',
      'G6: bob has 4 where sequence 3 should be',
    ]);
  });

  it('catches a message that was shown as sent and is not in the log', () => {
    const shownAsSent = new Set(['id-bob-1', 'id-bob-2']);
    const clients = [client('ann'), client('bob', { shownAsSent })];
    expect(checkStorm({ log: room, changes: [], clients }).faults).toEqual([
      'G1: bob was shown id-bob-2 as sent, and the log lacks it',
    ]);
  });

  it('takes an id for nobody but its author', () => {
    const shownAsSent = new Set(['id-bob-1', 'id-ann-1']);
    const clients = [client('ann'), client('bob', { shownAsSent })];
    expect(checkStorm({ log: room, changes: [], clients }).faults).toHaveLength(1);
  });

  it("catches an author's messages out of order, unless they failed and were sent again", () => {
    const log = inOrder('ann 2', 'bob 1', 'ann 1');
    const bob = client('bob', { messages: log });
    const wrong = checkStorm({
      log,
      changes: [],
      clients: [client('ann', { messages: log }), bob],
    });
    expect(wrong.misordered).toBe(2);
    expect(wrong.faults).toContain('G2: the log has "ann 2" in another turn than ann wrote it');

    const retried = new Set(['ann 1']);
    const right = checkStorm({
      log,
      changes: [],
      clients: [client('ann', { messages: log, retried }), bob],
    });
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

describe('the judgement of what was written before everybody’s eyes', () => {
  const whole = 'ann 2 and so on';
  const stream = (fields: Partial<StormStream> = {}): StormStream => ({
    id: 'id-ann-2',
    text: whole,
    isEnded: true,
    ...fields,
  });
  const died = stream({ isEnded: false });
  const ended = { ...message('ann 2', 3), body: whole };
  const left = { ...message('ann 2', 3), isCut: true };
  const broken = { ...message('ann 2', undefined, 'sending'), live: 'broken' };
  const seen = (text: string) => ({ id: 'id-ann-2', author: 'ann', text });
  const [first = ended, second = ended] = room;

  /** What is wrong where the room has these, and Bob these too, or others. */
  function faultsOf(
    of: StormStream,
    log: readonly StormMessage[],
    bobs: Partial<StormRecord> = {},
    changes: readonly number[] = [],
  ) {
    const written = of.isEnded ? ['ann 1', whole] : ['ann 1'];
    const ids = of.isEnded ? ['id-ann-1', 'id-ann-2'] : ['id-ann-1'];
    const ann = { written, shownAsSent: new Set(ids), streams: [of], messages: log };
    const clients = [client('ann', ann), client('bob', { messages: log, ...bobs })];
    return checkStorm({ log, changes, clients }).faults;
  }

  it('finds nothing wrong where readers saw it grow, and have its end', () => {
    const seenStreams = [seen('ann 2 and'), seen(''), seen(whole)];
    expect(faultsOf(stream(), [first, second, ended], { seenStreams })).toEqual([]);
  });

  it('finds nothing wrong where what a writer left that died is kept, or is nowhere', () => {
    expect(faultsOf(died, [first, second, left])).toEqual([]);
    expect(faultsOf(died, [first, second], { messages: [first, second, broken] })).toEqual([]);
  });

  it('takes what is left of two that died for two, though it reads alike', () => {
    const streams = [died, stream({ id: 'id-ann-3', text: 'ann 2, otherwise', isEnded: false })];
    const log = [first, second, left, { ...left, id: 'id-ann-3', seq: 4 }];
    const ann = { written: ['ann 1'], shownAsSent: new Set(['id-ann-1']), streams, messages: log };
    const clients = [client('ann', ann), client('bob', { messages: log })];
    expect(checkStorm({ log, changes: [], clients }).faults).toEqual([]);
  });

  it('does not take what is left of one that died for a message that is missing', () => {
    const longer = stream({ text: 'bob 1 and so on', isEnded: false });
    const log = [first, { ...left, body: 'bob 1', seq: 2 }];
    expect(faultsOf(longer, log)).toContain('G3, G6: the log lacks "bob 1"');
  });

  it('finds nothing wrong where it ended after other messages, or was put right by a change', () => {
    const early = [first, { ...ended, seq: 2 }, { ...second, seq: 4 }];
    expect(faultsOf(stream(), early, {}, [3])).toEqual([]);
  });

  it('catches a text that was shown and is not how it begins', () => {
    for (const text of ['ann 2 but', `${whole} and on`, 'nn 2']) {
      expect(faultsOf(stream(), [first, second, ended], { seenStreams: [seen(text)] })).toEqual([
        `G2: bob was shown "${text}" by ann, which does not begin what was written`,
      ]);
    }
  });

  it('catches one that was shown as somebody else’s, or that nobody wrote', () => {
    const foreign = { ...seen('ann 2'), author: 'bob' };
    const unknown = { ...seen('ann 2'), id: 'another' };
    const seenStreams = [foreign, unknown];
    expect(faultsOf(stream(), [first, second, ended], { seenStreams })).toHaveLength(2);
  });

  it('catches an end that is lost, or there twice', () => {
    expect(faultsOf(stream(), [first, second])).toContain(`G3, G6: the log lacks "${whole}"`);
    const twice = [first, second, ended, { ...ended, seq: 4 }];
    expect(faultsOf(stream(), twice)).toContain(`G2: the log has "${whole}" more than once`);
  });

  it('catches an end that stayed broken off though it was sent', () => {
    const faults = faultsOf(stream(), [first, second, { ...ended, isCut: true }]);
    expect(faults).toEqual([`G3: the log has "${whole}" as broken off, though it was sent whole`]);
  });

  it('catches what is left of a writer and is not theirs', () => {
    expect(faultsOf(died, [first, second, { ...left, body: 'nn 2' }])).toHaveLength(3);
    expect(faultsOf(died, [first, second, { ...left, isCut: false }])).toHaveLength(3);
  });

  it('catches a reader who still sees it in the making, or beside its message', () => {
    const log = [first, second, ended];
    const writing = { ...broken, live: 'writing' };
    expect(faultsOf(stream(), log, { messages: [...log, writing] })).toEqual([
      'G6: bob still has "ann 2" as being written',
    ]);
    expect(faultsOf(stream(), log, { messages: [...log, broken] })).toEqual([
      'G2: bob still has "ann 2" as broken off, and the log has its message',
    ]);
  });

  it('catches a hole that no change explains', () => {
    const log = [first, second, { ...ended, seq: 4 }];
    expect(faultsOf(stream(), log)).toContain('G6: the log has 4 where sequence 3 should be');
    expect(faultsOf(stream(), log, {}, [3])).toEqual([]);
  });
});
