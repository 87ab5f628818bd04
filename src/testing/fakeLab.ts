/** A lab whose line is what the test says, and which remembers what it was asked to do. */
import { vi } from 'vitest';
import { type ConnectionState, type ConnectionStatus, initialState } from '../connection/machine';
import { createEventRing, type Happening } from '../lab/eventRing';
import type { LabActions, LineEvent, LineLog, StateEvent } from '../lab/types';
import { createLabStore } from '../store/labStore';

/** When the first thing happens. */
export const startsAt = Date.UTC(2026, 0, 15, 12);

export function createFakeLab() {
  let at = startsAt;
  const ring = createEventRing(() => at);
  const actions = {
    cut: vi.fn<LabActions['cut']>(),
    hangUp: vi.fn<LabActions['hangUp']>(),
    skipTime: vi.fn<LabActions['skipTime']>(),
    setFaults: vi.fn<LabActions['setFaults']>((change) =>
      labStore.setState(({ faults }) => ({ faults: { ...faults, ...change } })),
    ),
    clearFaults: vi.fn<LabActions['clearFaults']>(),
    tune: vi.fn<LabActions['tune']>((change) =>
      labStore.setState(({ tuning }) => ({ tuning: { ...tuning, ...change } })),
    ),
    resetTuning: vi.fn<LabActions['resetTuning']>(),
    deadlines: vi.fn<LabActions['deadlines']>(() => ({
      pingAt: undefined,
      deadAt: undefined,
      ackBy: undefined,
      connectBy: undefined,
      retryAt: undefined,
    })),
    effectiveTuning: vi.fn<LabActions['effectiveTuning']>(() => ({
      intervalMs: 25_000,
      timeoutMs: 10_000,
      ackTimeoutMs: 10_000,
      baseMs: 500,
      capMs: 30_000,
      maxRetries: 360,
      isAdaptive: false,
    })),
    now: vi.fn<LabActions['now']>(() => at),
    tuningLink: vi.fn<LabActions['tuningLink']>(
      async () => 'https://chat.example/?tune=interval-1s',
    ),
    exportRecording: vi.fn<LabActions['exportRecording']>(async () => '{}'),
    readRecording: vi.fn<LabActions['readRecording']>(),
  };
  const labStore = createLabStore({ log: ring, actions });
  return {
    labStore,
    actions,
    log: ring as LineLog,
    record: ring.record,
    /** So many ms pass. */
    pass(ms: number) {
      at += ms;
    },
  };
}

/** A frame that carries this as JSON, or this text. */
export function frameOf(direction: 'in' | 'out', carried: unknown): Happening {
  const text = typeof carried === 'string' ? carried : JSON.stringify(carried);
  return { kind: 'frame', direction, text, bytes: text.length, fate: undefined };
}

/** A change of state. */
export function changeOf(
  from: ConnectionStatus,
  status: ConnectionStatus,
  fields: Partial<ConnectionState> = {},
): Omit<StateEvent, 'number' | 'at'> {
  return { kind: 'state', from, state: { ...initialState, status, ...fields } };
}

/** Everything that a log holds. */
export function eventsOf(log: LineLog): LineEvent[] {
  const events: LineEvent[] = [];
  for (let number = log.firstNumber; number < log.nextNumber; number += 1) {
    const event = log.at(number);
    if (event) events.push(event);
  }
  return events;
}
