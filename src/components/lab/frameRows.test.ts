import { describe, expect, it } from 'vitest';
import { createEventRing } from '../../lab/eventRing';
import { changeOf, createFakeLab, frameOf } from '../../testing/fakeLab';
import { createFrameRows, type FrameFilter, type FrameRow, showsAll } from './frameRows';
import { frozenLog } from './staticLog';

const ping = frameOf('out', { t: 'ping', n: 1 });
const pong = frameOf('in', { t: 'pong', n: 1 });
const message = (body: string) => frameOf('in', { t: 'msg', body });

function setUp(filter: Partial<FrameFilter> = {}) {
  const lab = createFakeLab();
  const rows = createFrameRows({ ...showsAll, ...filter });
  return { ...lab, rows, read: () => rows.read(lab.log), shown: () => rows.rows.map(shownAs) };
}

function shownAs(row: FrameRow): string {
  if (row.kind === 'beats') return `${row.frames} beats${row.isUnfolded ? ' open' : ''}`;
  const { event } = row;
  return event.kind === 'frame' ? `${event.direction} ${event.text}` : event.kind;
}

describe('heartbeats in a row', () => {
  it('are one row, with the latest answer, until something else comes', () => {
    const { record, read, rows, shown } = setUp();
    for (const event of [ping, pong]) record(event);
    record({ kind: 'answer', to: 'ping', rttMs: 7 });
    read();
    for (const event of [ping, pong, message('x'), ping]) record(event);
    read();
    expect(shown()).toEqual(['4 beats', 'in {"t":"msg","body":"x"}', '1 beats']);
    expect(rows.rows[0]).toMatchObject({ rttMs: 7 });
  });

  it('can be unfolded, and grow while they are', () => {
    const { record, read, rows, shown } = setUp();
    record(ping);
    read();
    rows.toggle(0);
    record(pong);
    read();
    expect(shown()).toEqual(['2 beats open', 'out {"t":"ping","n":1}', 'in {"t":"pong","n":1}']);
    rows.toggle(0);
    read();
    expect(shown()).toEqual(['2 beats']);
  });

  it('are rows of their own where nothing is folded', () => {
    const { record, read, shown } = setUp({ isFolding: false });
    for (const event of [ping, pong]) record(event);
    read();
    expect(shown()).toHaveLength(2);
  });
});

describe('what is shown', () => {
  function three(filter: Partial<FrameFilter>) {
    const { record, read, shown } = setUp({ isFolding: false, ...filter });
    record(changeOf('connecting', 'open'));
    record(message('Tea'));
    record(frameOf('out', { t: 'send', body: 'tea' }));
    record(ping);
    read();
    return shown();
  }

  it('is everything, or what goes in one direction', () => {
    expect(three({})).toHaveLength(4);
    expect(three({ direction: 'in' })).toEqual(['in {"t":"msg","body":"Tea"}']);
  });

  it('is what has a type, or a text in any case', () => {
    expect(three({ type: 'send' })).toEqual(['out {"t":"send","body":"tea"}']);
    expect(three({ text: 'TEA' })).toHaveLength(2);
  });

  it('is what is no frame, if that is asked for', () => {
    expect(three({ type: 'line' })).toEqual(['state']);
  });

  it('has one row for a knob that is being turned', () => {
    const { record, read, shown } = setUp();
    for (let turn = 0; turn < 5; turn += 1) record({ kind: 'fault', what: 'tuning changed' });
    record({ kind: 'fault', what: 'cut' });
    record({ kind: 'fault', what: 'cut' });
    read();
    expect(shown()).toEqual(['fault', 'fault', 'fault']);
  });
});

describe('the rows', () => {
  it('know the types that were seen, shown or not', () => {
    const { record, read, rows } = setUp({ direction: 'out' });
    for (const event of [message('x'), ping, message('y')]) record(event);
    read();
    expect(rows.types).toEqual(['msg', 'ping']);
  });

  it('tell whether there is anything new', () => {
    const { record, read } = setUp();
    expect(read().isChanged).toBe(false);
    record(message('x'));
    expect(read().isChanged).toBe(true);
    expect(read().isChanged).toBe(false);
  });

  it('hold no more than the log does, and tell how many are gone', () => {
    const ring = createEventRing(() => 0, { events: 3, bytes: 10_000, textBytes: 1_000 });
    const rows = createFrameRows(showsAll);
    for (const body of ['a', 'b', 'c']) ring.record(message(body));
    rows.read(ring);
    for (const body of ['d', 'e']) ring.record(message(body));
    expect(rows.read(ring)).toEqual({ isChanged: true, dropped: 2 });
    expect(rows.rows.map(({ number }) => number)).toEqual([2, 3, 4]);
  });

  it('keep the heartbeats that go on, though their first are gone', () => {
    const ring = createEventRing(() => 0, { events: 2, bytes: 10_000, textBytes: 1_000 });
    const rows = createFrameRows(showsAll);
    for (const event of [ping, pong, ping, pong]) {
      ring.record(event);
      rows.read(ring);
    }
    expect(rows.rows.map(shownAs)).toEqual(['4 beats']);
  });

  it('stay as they were when the log was frozen, whatever comes', () => {
    const { log, record } = setUp();
    record(message('x'));
    const rows = createFrameRows(showsAll);
    const frozen = frozenLog(log);
    record(message('y'));
    rows.read(frozen);
    expect(rows.rows).toHaveLength(1);
  });
});
