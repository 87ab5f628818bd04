import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { initialState } from '../connection/machine';
import { fuzzing } from '../testing/fuzzing';
import { createEventRing } from './eventRing';
import { mostCharacters, readRecording, writeRecording } from './recording';
import { RecordingError, type RecordingProblem } from './types';

function fileOf(change: object = {}, events: unknown[] = []): string {
  const file = { format: 'heartline-recording', version: 1, savedAt: 5, url: 'ws://a/', events };
  return JSON.stringify({ ...file, ...change });
}

/** What is wrong with a file; undefined if nothing is. */
function problemOf(text: string): RecordingProblem | undefined {
  try {
    readRecording(text);
    return undefined;
  } catch (error) {
    if (error instanceof RecordingError) return error.problem;
    throw error;
  }
}

const pushed = (number: number) => ({ number, at: 1, kind: 'push', by: 'page' });

describe('a recording', () => {
  it('brings every kind of event back as it was', () => {
    const ring = createEventRing(() => 1.5);
    ring.record({ kind: 'socket', what: 'opening', url: 'ws://a/' });
    ring.record({ kind: 'frame', direction: 'in', text: undefined, bytes: 3, fate: 'delayed' });
    ring.record({ kind: 'frame', direction: 'out', text: 'hi', bytes: 2, fate: undefined });
    ring.record({ kind: 'answer', to: 'ping', rttMs: 3.25 });
    ring.record({ kind: 'fault', what: 'time skipped' });
    ring.record({ kind: 'push', by: 'service' });
    const closed = { code: 1006, reason: '', wasClean: false };
    ring.record({ kind: 'socket', what: 'closed', url: 'ws://a/', ...closed });
    ring.record({
      kind: 'state',
      from: 'open',
      state: { ...initialState, status: 'waiting', cause: { kind: 'closed', ...closed } },
    });
    const recording = readRecording(writeRecording(ring, 9));
    expect(recording.savedAt).toBe(9);
    expect(recording.url).toBe('ws://a/');
    expect(recording.events).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((number) => ring.at(number)));
  });

  it('holds nothing by which its reader could speak as another, or open a room', () => {
    const ring = createEventRing(() => 0);
    const text =
      '{"t":"auth","name":"Ann","token":"secret","resume":[{"room":"p","key":"secret"}]}';
    ring.record({ kind: 'frame', direction: 'out', text, bytes: 90, fate: undefined });
    const file = writeRecording(ring, 0);
    expect(file).not.toContain('secret');
    const [event] = readRecording(file).events;
    const told = '{"t":"auth","name":"Ann","token":"…","resume":[{"room":"p","key":"…"}]}';
    expect(event).toMatchObject({ text: told, bytes: 90 });
  });

  it('begins with the oldest event that is kept', () => {
    const ring = createEventRing(() => 0, { events: 2, bytes: 1_000, textBytes: 10 });
    for (let count = 0; count < 3; count += 1) ring.record({ kind: 'push', by: 'page' });
    const { events } = readRecording(writeRecording(ring, 0));
    expect(events.map(({ number }) => number)).toEqual([1, 2]);
  });
});

describe('a file that is no such recording', () => {
  it.each<[string, string, RecordingProblem]>([
    ['is no JSON', 'hello', { kind: 'not json' }],
    ['is empty', '', { kind: 'not json' }],
    ['is something else', '[1, 2]', { kind: 'no recording' }],
    ['is another program’s', JSON.stringify({ format: 'x', version: 1 }), { kind: 'no recording' }],
    ['is of a newer page', fileOf({ version: 2 }), { kind: 'newer', version: 2 }],
    ['lacks its events', fileOf({ events: 'none' }), { kind: 'bad field', field: 'events' }],
    ['has no date', fileOf({ savedAt: 'today' }), { kind: 'bad field', field: 'savedAt' }],
    [
      'has an event of an unknown kind',
      fileOf({}, [pushed(0), { ...pushed(1), kind: 'miracle' }]),
      { kind: 'bad event', event: 2, field: 'kind' },
    ],
    [
      'has an event with a wrong field',
      fileOf({}, [{ ...pushed(0), at: 'now' }]),
      { kind: 'bad event', event: 1, field: 'at' },
    ],
    [
      'has an event at a time that no calendar has',
      fileOf({}, [{ ...pushed(0), at: 1e300 }]),
      { kind: 'bad event', event: 1, field: 'at' },
    ],
    ['was saved at none', fileOf({ savedAt: 1e300 }), { kind: 'bad field', field: 'savedAt' }],
    ['has an event that is none', fileOf({}, [5]), { kind: 'bad event', event: 1, field: '' }],
    [
      'is out of order',
      fileOf({}, [pushed(1), pushed(1)]),
      { kind: 'bad event', event: 2, field: 'number' },
    ],
    ['is huge', ' '.repeat(mostCharacters + 1), { kind: 'too large', most: mostCharacters }],
  ])('%s: that is said', (_, text, problem) => {
    expect(problemOf(text)).toEqual(problem);
  });

  it('is named in words for developers, too', () => {
    expect(() => readRecording(fileOf({}, [{ ...pushed(0), by: 'fate' }]))).toThrow(
      'by of event 1 is missing or wrong',
    );
  });

  it('is read or refused with the reason, whatever it is', () => {
    const odd = fc.oneof(fc.string(), fc.double(), fc.constant(null));
    const mostly = <T>(...usual: T[]) =>
      fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...usual) }, odd);
    const event = fc.record(
      {
        kind: fc.constantFrom('frame', 'socket', 'state', 'answer', 'fault', 'push', 'x'),
        ...{ number: mostly(0, 1), at: mostly(5, 6), direction: mostly('in', 'out') },
        ...{ text: mostly('hi', null), bytes: mostly(2), fate: mostly(null, 'lost') },
        ...{ what: mostly('open', 'closed', 'cut'), url: mostly('ws://a/'), code: mostly(1006) },
        ...{ from: mostly('open'), state: fc.constant(initialState), to: mostly('ping') },
        ...{ rttMs: mostly(1), by: mostly('page') },
      },
      { requiredKeys: ['kind', 'number', 'at'] },
    );
    let read = 0;
    fc.assert(
      fc.property(fc.array(fc.oneof(event, fc.jsonValue()), { maxLength: 2 }), (events) => {
        if (problemOf(fileOf({}, events)) === undefined && events.length > 0) read += 1;
      }),
      fuzzing(3_000),
    );
    expect(read).toBeGreaterThan(20);
  });
});
