import { describe, expect, it } from 'vitest';
import { changeOf, createFakeLab, frameOf, startsAt } from '../../testing/fakeLab';
import { heartModelOf } from './heartModel';

const view = { from: startsAt, to: startsAt + 10_000, columns: 10, status: 'open' } as const;

describe('the running trace', () => {
  it('has a mark for each ping, answer and ack, where it happened', () => {
    const { log, record, pass } = createFakeLab();
    record(frameOf('out', { t: 'ping', n: 1 }));
    pass(40);
    record({ kind: 'answer', to: 'ping', rttMs: 40 });
    pass(100);
    record({ kind: 'answer', to: 'message', rttMs: 9 });
    expect(heartModelOf(log, view).marks).toEqual([
      { kind: 'ping', at: startsAt, rttMs: undefined },
      { kind: 'beat', at: startsAt + 40, rttMs: 40 },
      { kind: 'ack', at: startsAt + 140, rttMs: 9 },
    ]);
  });

  it('has a miss where an answer did not come, and none where a person closed the line', () => {
    const { log, record } = createFakeLab();
    record(changeOf('open', 'waiting', { cause: { kind: 'heartbeat timeout' } }));
    record(changeOf('waiting', 'connecting', { cause: { kind: 'heartbeat timeout' } }));
    record(changeOf('connecting', 'waiting', { cause: { kind: 'connect timeout' } }));
    record(changeOf('waiting', 'closed'));
    expect(heartModelOf(log, view).marks.map(({ kind }) => kind)).toEqual(['miss', 'miss']);
  });

  it('knows how the line was along it, before its first change too', () => {
    const { log, record, pass } = createFakeLab();
    pass(2_000);
    record(changeOf('open', 'waiting'));
    pass(1_000);
    record(changeOf('waiting', 'connecting'));
    expect(heartModelOf(log, { ...view, status: 'connecting' }).stretches).toEqual([
      { at: startsAt, status: 'open' },
      { at: startsAt + 2_000, status: 'waiting' },
      { at: startsAt + 3_000, status: 'connecting' },
    ]);
    const later = { ...view, from: startsAt + 3_500, to: startsAt + 13_500 } as const;
    expect(heartModelOf(log, { ...later, status: 'connecting' }).stretches).toEqual([
      { at: startsAt + 3_500, status: 'connecting' },
    ]);
  });

  it('counts what passed by columns, heartbeats aside', () => {
    const { log, record, pass } = createFakeLab();
    for (const body of ['a', 'b']) record(frameOf('in', { t: 'msg', body }));
    record(frameOf('in', { t: 'pong', n: 1 }));
    pass(10_000);
    record(frameOf('out', { t: 'send', body: 'c' }));
    const { framesIn, framesOut } = heartModelOf(log, view);
    expect([...framesIn]).toEqual([2, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect([...framesOut]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  });
});
