/**
 * The guided tour as a table: which step is open, which one is under way and what of it was seen, and what
 * is to be done next. Pure; `useTour.ts` listens to the line and does the deeds.
 */
import type { Happening } from './happenings';
import {
  type Check,
  type Deed,
  type Kept,
  type PushWay,
  type StepName,
  stepNames,
  stepOf,
  type Telling,
  type World,
} from './steps';

/** A step that is under way. */
export interface Run {
  readonly step: StepName;
  readonly world: World;
  readonly begunAt: number;
  /** What was seen so far, in the order of the step's checks. */
  readonly sights: readonly Telling[];
  /** How often the check that is waited for was seen already. */
  readonly times: number;
  readonly kept: Kept;
}

/** How a step ended that was begun on this page. */
export interface Ending {
  readonly pushWay: PushWay;
  readonly sights: readonly Telling[];
  readonly wasSeen: boolean;
}

export interface TourState {
  /** The step that is told of; undefined while all are folded. */
  readonly open: StepName | undefined;
  readonly done: readonly StepName[];
  readonly run: Run | undefined;
  readonly endings: { readonly [Name in StepName]?: Ending };
}

export type TourEvent =
  /** The person unfolds a step, or folds it. */
  | { readonly type: 'open'; readonly step: StepName | undefined }
  /** They press its button. */
  | { readonly type: 'begin'; readonly step: StepName; readonly world: World; readonly at: number }
  /** They stop it, or the tour goes away. */
  | { readonly type: 'stop' }
  | { readonly type: 'restart' }
  | { readonly type: 'happened'; readonly happening: Happening };

export interface TourTransition {
  readonly state: TourState;
  /** To be done in this order. */
  readonly deeds: readonly Deed[];
}

const defaultPatienceMs = 20_000;

/** The tour as it begins, or goes on: at the first step that was not seen. */
export function startTour(done: readonly StepName[]): TourState {
  const open = stepNames.find((name) => !done.includes(name));
  return { open, done, run: undefined, endings: {} };
}

export function advance(state: TourState, event: TourEvent): TourTransition {
  switch (event.type) {
    case 'open':
      return stay({ ...state, open: event.step });
    case 'begin': {
      const { step, world, at } = event;
      const stopped = stop(state);
      const run: Run = { step, world, begunAt: at, sights: [], times: 0, kept: { at } };
      const { begins } = stepOf(step, world.pushWay);
      return {
        state: { ...stopped.state, open: step, run },
        deeds: [...stopped.deeds, ...begins],
      };
    }
    case 'stop':
      return stop(state);
    case 'restart':
      return { state: startTour([]), deeds: stop(state).deeds };
    case 'happened':
      return state.run ? look(state, state.run, event.happening) : stay(state);
  }
}

/** The check of a run that is waited for. */
export function awaited({ step, world, sights }: Run): Check | undefined {
  return stepOf(step, world.pushWay).checks[sights.length];
}

function look(state: TourState, run: Run, happening: Happening): TourTransition {
  const check = awaited(run);
  const sight = check?.sees(happening, run.kept, run.world);
  if (check && sight) {
    const times = run.times + 1;
    if (times < (check.times ?? 1)) return stay({ ...state, run: { ...run, times } });
    const seen: Run = {
      ...run,
      sights: [...run.sights, sight.tell],
      times: 0,
      kept: { ...run.kept, ...sight.keep, at: happening.at },
    };
    const deeds = check.followedBy ?? [];
    if (awaited(seen)) return { state: { ...state, run: seen }, deeds };
    const ended = end({ ...state, run: seen }, seen, true);
    const done = state.done.includes(run.step) ? state.done : [...state.done, run.step];
    return { state: { ...ended.state, done }, deeds: [...deeds, ...ended.deeds] };
  }
  const { patienceMs = defaultPatienceMs } = stepOf(run.step, run.world.pushWay);
  const isOver = happening.kind === 'failed' || happening.at - run.begunAt > patienceMs;
  return isOver || check?.breaksBy?.(happening) ? end(state, run, false) : stay(state);
}

/** What was begun is put right; it says nothing of whether it could be seen. */
function stop(state: TourState): TourTransition {
  if (!state.run) return stay(state);
  const { deeds } = end(state, state.run, false);
  return { state: { ...state, run: undefined }, deeds };
}

function end(state: TourState, run: Run, wasSeen: boolean): TourTransition {
  const { step, world, sights } = run;
  const ending: Ending = { pushWay: world.pushWay, sights, wasSeen };
  return {
    state: { ...state, run: undefined, endings: { ...state.endings, [step]: ending } },
    deeds: stepOf(step, world.pushWay).ends ?? [],
  };
}

function stay(state: TourState): TourTransition {
  return { state, deeds: [] };
}
