/** What the connection lab hands to whoever draws it: what is wrong on purpose, and what happened on the line. */
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Faults, type LabActions, type LineLog, noFaults, type Tuning } from '../lab/types';
import { createProvided } from './provided';

export type {
  Deadlines,
  EffectiveTuning,
  Faults,
  FrameEvent,
  LabActions,
  LineEvent,
  LineLog,
  Recording,
  RecordingProblem,
  SocketEvent,
  StateEvent,
  TunedNumber,
  Tuning,
} from '../lab/types';
export {
  faultRanges,
  RecordingError,
  tuningRanges,
} from '../lab/types';

export interface LabState {
  readonly faults: Faults;
  readonly tuning: Tuning;
  /** How far the lab's clock is ahead of the machine's, in ms; until the page is loaded anew. */
  readonly skippedMs: number;
  /** What happened. It changes in place: who draws it reads it once a frame while it is shown. */
  readonly log: LineLog;
  readonly actions: LabActions;
}

export type LabStore = StoreApi<LabState>;

export function createLabStore(options: Pick<LabState, 'log' | 'actions'>): LabStore {
  return createStore<LabState>(() => ({ faults: noFaults, tuning: {}, skippedMs: 0, ...options }));
}

/** Whether anything stays wrong with the line on purpose. */
export function isFaulty(faults: Faults): boolean {
  return (
    faults.frozen !== 'no' ||
    Object.values(faults).some((value) => value === true || Number(value) > 0)
  );
}

/** Whether anything is tuned by hand. */
export function isTuned(tuning: Tuning): boolean {
  return Object.values(tuning).some((value) => value !== undefined);
}

const provided = createProvided<LabStore>('the lab');

/** Gives the components below it the lab of the page. */
export const LabStoreProvider = provided.Provider;

/** Reads from the lab; re-renders only when what `selector` returns has changed. */
export function useLab<Selected>(selector: (state: LabState) => Selected): Selected {
  return useStore(useLabStoreApi(), selector);
}

/** The store itself, for what is read when something happens and is not drawn. */
export const useLabStoreApi = provided.useProvided;
