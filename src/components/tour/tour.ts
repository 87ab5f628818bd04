/**
 * The tour on a live line: hears what happens, and does to line and room what the table asks for. Whatever
 * it changed is put right when a step ends, however it ends, and when the tour goes away.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ChatStore } from '../../store/chatStore';
import type { LabStore, Tuning } from '../../store/labStore';
import type { PageControls } from '../pageControls';
import { type Happening, happeningsOf } from './happenings';
import { type Deed, type StepName, slowCommand, type World } from './steps';
import { advance, startTour, type TourEvent, type TourState } from './tourMachine';

export interface TourOptions {
  chat: ChatStore;
  lab: LabStore;
  /** The steps that were seen before. */
  done: readonly StepName[];
  /** Remembers which were. */
  keep(done: readonly StepName[]): void;
  /** Hands a push to the service worker; undefined where there can be none. */
  handOverPush: PageControls['handOverPush'];
}

export interface Tour {
  readonly store: StoreApi<TourState>;
  open(step: StepName | undefined): void;
  begin(step: StepName, world: Omit<World, 'mode'>): void;
  stop(): void;
  restart(): void;
  /** Listens until cancelled; what is under way then is stopped. */
  start(): () => void;
}

/** A beat a second, and two for its answer: quick enough to watch. */
const quickBeats = { intervalMs: 1_000, timeoutMs: 2_000, isAdaptive: false } as const;

/** How often it is told that time passes, in ms. */
const tickMs = 250;

export function createTour({ chat, lab, done, keep, handOverPush }: TourOptions): Tour {
  const store = createStore<TourState>(() => startTour(done));
  /** How the line was tuned before the tour did it. */
  let tunedBefore: Tuning | undefined;
  const now = () => lab.getState().actions.now();

  function dispatch(event: TourEvent) {
    const before = store.getState();
    const world = before.run?.world;
    const { state, deeds } = advance(before, event);
    store.setState(state, true);
    if (state.done !== before.done) keep(state.done);
    const forWorld = world ?? state.run?.world;
    // Not at once: it may be in the middle of a frame's way.
    if (forWorld) for (const deed of deeds) queueMicrotask(() => perform(deed, forWorld));
    const hasSeen = state.run !== undefined && state.run.sights !== before.run?.sights;
    // What comes next may be there already.
    if (event.type === 'happened' && hasSeen) queueMicrotask(tellMessages);
  }

  const failed = (): Happening => ({ kind: 'failed', at: now() });
  const happened = (happening: Happening) => dispatch({ type: 'happened', happening });

  function tellMessages() {
    happened({ kind: 'messages', at: now(), messages: chat.getState().messages });
  }

  function perform(deed: Deed, { mode, says, pushed }: World) {
    const { actions: talk } = chat.getState();
    const { actions: line } = lab.getState();
    switch (deed) {
      case 'open anew':
        talk.disconnect();
        return talk.reconnect();
      case 'leave':
        return talk.disconnect();
      case 'connect':
        return talk.reconnect();
      case 'send a frame':
        return mode === 'plain' ? say(says.hello) : talk.typing();
      case 'say hello':
        return say(says.hello);
      case 'say something meanwhile':
        return say(says.meanwhile);
      case 'ask the companion':
        return say(slowCommand);
      case 'beat every second':
        return beatQuickly();
      case 'beat as before':
        return beatAsBefore();
      case 'freeze what comes in':
        return line.setFaults({ frozen: 'in' });
      case 'thaw':
        return line.setFaults({ frozen: 'no' });
      case 'cut':
        return line.cut();
      case 'refuse connections':
        return line.setFaults({ isRefusing: true });
      case 'allow connections':
        return line.setFaults({ isRefusing: false });
      case 'hand over a push':
        return void pushByHand(pushed);
    }
  }

  function say(body: string) {
    if (!chat.getState().actions.send(body)) happened(failed());
  }

  function beatQuickly() {
    const { tuning, actions } = lab.getState();
    const { intervalMs, timeoutMs, isAdaptive } = tuning;
    tunedBefore ??= { intervalMs, timeoutMs, isAdaptive };
    actions.tune(quickBeats);
  }

  function beatAsBefore() {
    if (tunedBefore) lab.getState().actions.tune(tunedBefore);
    tunedBefore = undefined;
  }

  async function pushByHand(pushed: World['pushed']) {
    const { room, messages } = chat.getState();
    // Notifications of what comes later take its place.
    const seq = messages.findLast((message) => message.seq !== undefined)?.seq ?? 0;
    try {
      const outcome = await handOverPush?.({ room, seq, ...pushed });
      happened(outcome ? { kind: 'push outcome', outcome, at: now() } : failed());
    } catch {
      happened(failed());
    }
  }

  function tick() {
    if (!store.getState().run) return;
    happened({ kind: 'time', at: now() });
    // That one writes is said every few seconds only: if it has just been said, it is soon due again.
    if (store.getState().run?.step === 'frames') chat.getState().actions.typing();
  }

  return {
    store,
    open: (step) => dispatch({ type: 'open', step }),
    begin(step, world) {
      const { mode } = chat.getState();
      dispatch({ type: 'begin', step, world: { mode, ...world }, at: now() });
    },
    stop: () => dispatch({ type: 'stop' }),
    restart: () => dispatch({ type: 'restart' }),
    start() {
      const unlisten = lab.getState().log.listen((event) => {
        for (const happening of happeningsOf(event)) happened(happening);
      });
      const unsubscribe = chat.subscribe(({ messages }, before) => {
        if (messages !== before.messages && store.getState().run) tellMessages();
      });
      const ticking = setInterval(tick, tickMs);
      return () => {
        unlisten();
        unsubscribe();
        clearInterval(ticking);
        dispatch({ type: 'stop' });
      };
    },
  };
}
