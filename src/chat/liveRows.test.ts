import { describe, expect, it } from 'vitest';
import type { ServerFrameOf } from '../protocol/frames';
import { ann, bob, logged } from '../testing/chatWorld';
import { createManualTime } from '../testing/manualTime';
import { createLiveRows } from './liveRows';
import { append, emptyTimeline, prepend, startFrom } from './timeline';

const piece = (text: string, fields: Partial<ServerFrameOf<'stream'>> = {}) =>
  ({ t: 'stream', room: 'lobby', id: 's1', from: bob, at: 0, text, ...fields }) as const;

const epoch = 'e1';

function setUp() {
  const time = createManualTime();
  let timeline = startFrom(emptyTimeline, { epoch, messages: [] });
  let changes = 0;
  const rows = createLiveRows({
    time,
    timeline: () => timeline,
    onChange: () => {
      changes += 1;
    },
  });
  return {
    time,
    rows,
    changes: () => changes,
    shown: () => rows.all().map(({ body, live }) => `${body} (${live})`),
    log(...messages: Parameters<typeof logged>[]) {
      const page = messages.map((each) => logged(...each));
      const isFirst = timeline.messages.length === 0;
      timeline = isFirst ? startFrom(timeline, { epoch, messages: page }) : append(timeline, page);
      rows.logged();
    },
    older(...messages: Parameters<typeof logged>[]) {
      timeline = prepend(timeline, { epoch, messages: messages.map((each) => logged(...each)) });
      rows.logged();
    },
  };
}

describe('what is being written', () => {
  it('is told as it grows, and a piece that says nothing new is no change', () => {
    const { rows, shown, changes } = setUp();
    rows.piece(piece('one '));
    rows.piece(piece('two', { at: 4 }));
    rows.piece(piece('one two'));
    expect(shown()).toEqual(['one two (writing)']);
    expect(changes()).toBe(2);
  });

  it('leaves the others the same objects', () => {
    const { rows } = setUp();
    rows.piece(piece('one'));
    rows.piece(piece('other', { from: ann }));
    const [before] = rows.all();
    rows.piece(piece('!', { from: ann, at: 5 }));
    expect(rows.all()[0]).toBe(before);
    expect(rows.all()[1]).toMatchObject({ author: ann, body: 'other!' });
  });

  it('is not told while its beginning is missing', () => {
    const { rows, shown } = setUp();
    rows.piece(piece('the end', { at: 4 }));
    expect(shown()).toEqual([]);
    rows.piece(piece('and the end'));
    expect(shown()).toEqual(['and the end (writing)']);
  });

  it('gives way to its message, whatever comes late of it', () => {
    const { rows, shown, log, time } = setUp();
    rows.piece(piece('one'));
    rows.piece(piece('one', { id: 's2' }));
    log([1, bob, 's1']);
    rows.piece(piece(' and more', { at: 3 }));
    expect(rows.all().map(({ id }) => id)).toEqual(['s2']);
    log([2, ann, 's2']);
    expect(shown()).toEqual(['one (writing)']);
    log([3, bob, 's2']);
    expect(shown()).toEqual([]);
    expect(time.armed).toBe(0);
  });

  it('gives way to its message that is found among older ones', () => {
    const { rows, shown, log, older } = setUp();
    log([9, ann, 'a'], [10, ann, 'b']);
    rows.piece(piece('told of late'));
    rows.piece(piece('another', { id: 's2' }));
    older([7, bob, 's1'], [8, ann, 'c']);
    expect(shown()).toEqual(['another (writing)']);
    older([5, ann, 's2'], [6, bob, 'd']);
    expect(shown()).toEqual(['another (writing)']);
    older([4, bob, 's2']);
    expect(shown()).toEqual([]);
  });

  it('is taken to have broken off after 75 s without a word, and goes on if there is one', () => {
    const { rows, shown, time } = setUp();
    rows.piece(piece('one'));
    time.advance(74_000);
    // Nothing new is a word too.
    rows.piece(piece('', { at: 3 }));
    time.advance(74_000);
    expect(shown()).toEqual(['one (writing)']);
    time.advance(1_000);
    expect(shown()).toEqual(['one (broken)']);
    time.advance(1_000_000);
    expect(shown()).toEqual(['one (broken)']);
    rows.piece(piece(' two', { at: 3 }));
    expect(shown()).toEqual(['one two (writing)']);
  });

  it('has broken off where the server says so, and is gone where nothing of it was shown', () => {
    const { rows, shown, time } = setUp();
    rows.piece(piece('one'));
    rows.piece(piece('', { id: 's2' }));
    rows.piece(piece(' two', { at: 3, cut: true }));
    rows.piece(piece('', { id: 's2', cut: true }));
    rows.piece(piece('', { id: 'never heard of', cut: true }));
    expect(shown()).toEqual(['one two (broken)']);
    expect(time.armed).toBe(0);
  });

  it('is not taken to have broken off while nothing can be heard, but if it is not told of after that', () => {
    const { rows, shown, time } = setUp();
    rows.piece(piece('one'));
    rows.piece(piece('two', { id: 's2' }));
    rows.lineLost();
    expect(time.armed).toBe(0);
    time.advance(600_000);
    expect(shown()).toEqual(['one (writing)', 'two (writing)']);
    rows.entered();
    rows.piece(piece('two and three', { id: 's2' }));
    // A further page is no new line.
    time.advance(14_000);
    rows.entered();
    time.advance(1_000);
    expect(shown()).toEqual(['one (broken)', 'two and three (writing)']);
  });

  it('is forgotten with the room that it was written in', () => {
    const { rows, shown, time } = setUp();
    rows.piece(piece('one'));
    rows.forget();
    expect(shown()).toEqual([]);
    expect(time.armed).toBe(0);
  });

  it('has bounds: what broke off gives way to what is alive, and nothing that is alive does', () => {
    const { rows, time } = setUp();
    rows.piece(piece('silent', { id: 'silent' }));
    time.advance(75_000);
    for (let n = 1; n < 50; n += 1) rows.piece(piece('alive', { id: `s${n}` }));
    rows.piece(piece('last', { id: 'last' }));
    rows.piece(piece('too many', { id: 'too-many' }));
    const ids = rows.all().map(({ id }) => id);
    expect(ids).toHaveLength(50);
    expect(ids).toContain('last');
    expect(ids).not.toContain('silent');
    expect(ids).not.toContain('too-many');
  });
});
