import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { limits } from '../protocol/limits';
import { logged } from '../testing/chatWorld';
import { createManualTime } from '../testing/manualTime';
import { createModelStreams } from '../testing/modelStreams';
import { createLiveRows } from './liveRows';
import { createStreamWriter } from './streamWriter';
import { emptyTimeline, startFrom, type Timeline } from './timeline';

function setUp() {
  const time = createManualTime();
  let timeline: Timeline = startFrom(emptyTimeline, { epoch: 'e1', messages: [] });
  const rows = createLiveRows({ time, timeline: () => timeline, onChange() {} });
  const model = createModelStreams(rows.piece);
  const writer = createStreamWriter({ line: model.line, id: 's1', room: 'lobby', time });
  return {
    time,
    model,
    writer,
    rows,
    shown: () => rows.all().map(({ body }) => body),
    /** The message is in the reader's room. */
    log(body: string) {
      const message = { ...logged(1, { id: 'u1', name: 'Ann' }, 's1'), body };
      timeline = startFrom(emptyTimeline, { epoch: 'e1', messages: [message] });
      rows.logged();
      return timeline.messages;
    },
  };
}

let world: ReturnType<typeof setUp>;
beforeEach(() => {
  world = setUp();
  world.model.open();
});
const saidAt = () => world.model.said.map(({ at, text }) => [at, text]);

describe('what a program writes', () => {
  it('is said at once, then in one piece for each 50 ms', () => {
    const { writer, time } = world;
    for (let n = 0; n < 100; n += 1) {
      writer.write(`${n % 10}`);
      time.advance(5);
    }
    expect(world.model.said[0]).toMatchObject({ at: 0, text: '0' });
    expect(world.model.said.length).toBeLessThanOrEqual(11);
    expect(world.model.said.map(({ text }) => text).join('')).toBe(writer.text);
  });

  it('is never said up to the middle of a character', () => {
    const { writer, time, model } = world;
    writer.write('a\ud83d');
    time.advance(1_000);
    writer.write('\udc93!');
    time.advance(1_000);
    expect(saidAt()).toEqual([
      [0, 'a'],
      [1, '\ud83d\udc93!'],
    ]);
    expect(model.said.every(({ text }) => text.isWellFormed())).toBe(true);
    expect(writer.charactersLeft).toBe(limits.bodyLength - 3);
  });

  it('is said from the beginning once there is a line again', () => {
    const { writer, time, model } = world;
    writer.write('one ');
    model.cut();
    writer.write('two ');
    time.advance(10_000);
    expect(model.said).toHaveLength(1);
    model.open();
    expect(saidAt()).toEqual([
      [0, 'one '],
      [0, 'one two '],
    ]);
  });

  it('is said from the beginning where the server lacks some of it', () => {
    const { writer, time, model, shown } = world;
    writer.write('one ');
    model.carry();
    model.texts.clear();
    time.advance(100);
    writer.write('two');
    model.carry();
    time.advance(100);
    model.carry();
    expect(shown()).toEqual(['one two']);
  });

  it('shows that it goes on when there is nothing to say for long', () => {
    const { writer, time, model } = world;
    writer.write('thinking');
    time.advance(60_000);
    expect(saidAt()).toEqual([
      [0, 'thinking'],
      [8, ''],
      [8, ''],
      [8, ''],
    ]);
    model.cut();
    expect(time.armed).toBe(0);
  });

  it('waits where too much is being written, and then is shown whole', () => {
    const { writer, time, model, shown } = world;
    writer.write('one ');
    model.carry();
    model.texts.clear();
    model.refuse('s1', 'too_many_streams', true, 7_000);
    model.carry();
    writer.write('two');
    time.advance(6_900);
    expect(model.said).toHaveLength(1);
    time.advance(100);
    model.carry();
    expect(shown()).toEqual(['one two']);
  });

  it('is no more said once the server took it to be broken off, and is sent all the same', async () => {
    const { writer, time, model } = world;
    writer.write('one ');
    model.carry();
    model.breakOff('s1');
    time.advance(100);
    writer.write('two ');
    model.carry();
    writer.write('three');
    time.advance(100_000);
    model.cut();
    model.open();
    expect(model.said).toHaveLength(2);
    const end = writer.end();
    expect(model.finished).toMatchObject([{ id: 's1', body: 'one two three' }]);
    model.ack('s1', 7);
    await expect(end).resolves.toBe(7);
  });

  it('names what it answers with each piece, and at the end', () => {
    const { model, time } = world;
    const about = { kind: 'reply', seq: 1, mid: 'm1' } as const;
    const writer = createStreamWriter({ line: model.line, id: 's2', room: 'lobby', about, time });
    writer.write('yes');
    void writer.end();
    expect(model.said[0]).toMatchObject({ about });
    expect(model.finished[0]).toMatchObject({ about });
  });
});

describe('a text that is too long', () => {
  it('is refused before anything of it is taken, and what was written can be sent', () => {
    const { writer, model } = world;
    writer.write('💓'.repeat(limits.bodyLength - 2));
    expect(() => writer.write('abc')).toThrow(
      new RangeError('a message has at most 10000 characters: this one takes 2 more'),
    );
    expect(writer.charactersLeft).toBe(2);
    writer.write('ab');
    expect(() => writer.write('c')).toThrow('takes 0 more');
    void writer.end();
    expect(model.finished[0]?.body).toBe(`${'💓'.repeat(limits.bodyLength - 2)}ab`);
  });

  it('is measured as the server measures it, a character that comes in halves as one', () => {
    const { writer } = world;
    writer.write('x'.repeat(limits.bodyLength - 1));
    writer.write('\ud83d');
    writer.write('\udc93');
    expect(writer.charactersLeft).toBe(0);
  });
});

describe('the end', () => {
  it('is an ordinary message of the same id, and known once it is durable', async () => {
    const { writer, model, time } = world;
    writer.write('all of it');
    const end = writer.end();
    expect(model.finished).toEqual([
      {
        id: 's1',
        room: 'lobby',
        roomKey: undefined,
        about: undefined,
        body: 'all of it',
        at: time.now(),
      },
    ]);
    expect(() => writer.write('more')).toThrow('has ended');
    model.ack('another', 1);
    model.ack('s1', 2);
    await expect(end).resolves.toBe(2);
    expect(model.listeners).toBe(0);
    expect(time.armed).toBe(0);
  });

  it('does not take the refusal of a piece for its own', async () => {
    const { writer, model } = world;
    writer.write('one');
    const end = writer.end();
    model.refuse('s1', 'stream_gap', true);
    model.refuse('s1', 'unavailable', true);
    model.carry();
    model.ack('s1', 1);
    await expect(end).resolves.toBe(1);
  });

  it('goes once more where the line was not in its room', async () => {
    const { writer, model } = world;
    writer.write('one');
    const end = writer.end();
    model.refuse('s1', 'not_in_room', false);
    model.carry();
    model.ack('s1', 1);
    await expect(end).resolves.toBe(1);
  });

  it('tells why it was refused', async () => {
    const { writer, model } = world;
    writer.write('one');
    const end = writer.end();
    model.refuse('s1', 'forbidden', false);
    model.carry();
    await expect(end).rejects.toThrow('forbidden');
    expect(model.listeners).toBe(0);
  });

  it('can be tried again where the outbox is full: nothing is lost', async () => {
    const { writer, model } = world;
    writer.write('one');
    model.setOutboxFull(true);
    await expect(writer.end()).rejects.toThrow('too many messages wait');
    model.setOutboxFull(false);
    writer.write(' two');
    void writer.end();
    expect(model.finished).toMatchObject([{ body: 'one two' }]);
    await expect(writer.end()).rejects.toThrow('has ended already');
  });

  it('of nothing is no message', async () => {
    const { writer, model } = world;
    writer.write('');
    await expect(writer.end()).resolves.toBeUndefined();
    expect([model.said, model.finished, model.listeners]).toEqual([[], [], 0]);
  });
});

describe('a writer that breaks off', () => {
  it('says so with all that it has not said yet, and leaves nothing behind', () => {
    const { writer, model, time, rows } = world;
    writer.write('one ');
    writer.write('two');
    writer.cut();
    model.carry();
    expect(model.cuts).toEqual(['one two']);
    expect(() => writer.write('more')).toThrow('has ended');
    time.advance(10_000);
    rows.lineLost();
    expect([time.armed, model.listeners, model.finished]).toEqual([0, 0, []]);
  });

  it('says so on the next line if this one is lost', () => {
    const { writer, model, time, rows } = world;
    writer.write('one ');
    writer.cut();
    model.cut();
    time.advance(5_000);
    model.open();
    model.carry();
    expect(model.cuts).toEqual(['one ']);
    model.cut();
    model.open();
    model.carry();
    expect(model.cuts).toEqual(['one ']);
    rows.lineLost();
    expect([time.armed, model.listeners]).toEqual([0, 0]);
  });
});

type Step =
  | { do: 'write'; text: string }
  | { do: 'pass' | 'carry'; by: number }
  | { do: 'cut' | 'open' | 'cut reader' | 'open reader' | 'restart' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      text: fc.string({ unit: 'grapheme', maxLength: 6 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('pass' as const), by: fc.nat(200) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('carry' as const), by: fc.nat(3) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'cut' as const,
        'open' as const,
        'cut reader' as const,
        'open reader' as const,
        'restart' as const,
      ),
    }),
  },
);

describe('whatever becomes of lines and server', () => {
  it('a reader sees a beginning of what was written, then all of it, then the message once', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { writer, model, time, shown, rows, log } = setUp();
        const act = (each: Step) => {
          if (each.do === 'write') writer.write(each.text);
          else if (each.do === 'pass') time.advance(each.by);
          else if (each.do === 'carry') model.carry(each.by);
          else if (each.do === 'cut') model.cut();
          else if (each.do === 'open') model.open();
          else if (each.do === 'cut reader') model.cutReader();
          else if (each.do === 'open reader') model.openReader();
          else model.restart();
        };
        for (const each of steps) {
          act(each);
          for (const text of shown()) expect(writer.text.startsWith(text)).toBe(true);
        }
        model.open();
        model.openReader();
        // A gap is told of, and mended, within two pieces.
        for (let turn = 0; turn < 4; turn += 1) {
          model.carry();
          time.advance(100);
        }
        model.carry();
        expect(shown()).toEqual(writer.text === '' ? [] : [writer.text]);
        void writer.end();
        expect(model.finished.map(({ body }) => body)).toEqual(
          writer.text === '' ? [] : [writer.text],
        );
        if (writer.text !== '') log(writer.text);
        model.carry();
        expect(rows.all()).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });
});
