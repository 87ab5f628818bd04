import { describe, expect, it } from 'vitest';
import type { ServerFrameOf } from '../protocol/frames';
import { bob } from '../testing/chatWorld';
import { createManualTime } from '../testing/manualTime';
import { settle } from '../testing/settle';
import { createLateLiveRows } from './lateLiveRows';
import { createLiveRows, type LiveRows, type LiveRowsOptions } from './liveRows';
import { emptyTimeline, startFrom } from './timeline';

const piece = (at: number, text: string): ServerFrameOf<'stream'> => ({
  t: 'stream',
  room: 'lobby',
  id: 's1',
  from: bob,
  at,
  text,
});

function setUp(load: () => Promise<(options: LiveRowsOptions) => LiveRows>) {
  let loads = 0;
  let changes = 0;
  const rows = createLateLiveRows(
    () => {
      loads += 1;
      return load();
    },
    {
      time: createManualTime(),
      timeline: () => startFrom(emptyTimeline, { epoch: 'e1', messages: [] }),
      onChange: () => {
        changes += 1;
      },
    },
  );
  const bodies = () => rows.all().map(({ body }) => body);
  return { rows, bodies, loads: () => loads, changes: () => changes };
}

describe('reading what is being written', () => {
  it('is fetched with the first piece, once, and lacks nothing that came meanwhile', async () => {
    const { rows, bodies, loads, changes } = setUp(async () => createLiveRows);
    rows.entered();
    rows.logged();
    expect(loads()).toBe(0);
    rows.piece(piece(0, 'one '));
    rows.piece(piece(4, 'two '));
    expect(bodies()).toEqual([]);
    await settle();
    expect(changes()).toBeGreaterThan(0);
    rows.piece(piece(8, 'three'));
    expect(bodies()).toEqual(['one two three']);
    expect(loads()).toBe(1);
  });

  it('does not show what a line that was lost meanwhile had told', async () => {
    const { rows, bodies } = setUp(async () => createLiveRows);
    rows.piece(piece(0, 'one '));
    rows.lineLost();
    await settle();
    expect(bodies()).toEqual([]);
    rows.piece(piece(0, 'one two'));
    expect(bodies()).toEqual(['one two']);
    rows.forget();
    expect(bodies()).toEqual([]);
  });

  it('is fetched again where that failed, and shows what joins on from the beginning', async () => {
    let isThere = false;
    const { rows, bodies, loads } = setUp(async () => {
      if (!isThere) throw new Error('offline');
      return createLiveRows;
    });
    rows.piece(piece(0, 'one '));
    await settle();
    isThere = true;
    rows.piece(piece(4, 'two '));
    await settle();
    expect(loads()).toBe(2);
    expect(bodies()).toEqual([]);
    rows.piece(piece(0, 'one two three'));
    expect(bodies()).toEqual(['one two three']);
  });
});
