/**
 * Whether this browser is pushed to for a room while the user is away. The wish is remembered here, what
 * the browser and the server keep may be lost: so at every `ready` both are brought in line with it.
 * Permission is asked for only when the user turns it on.
 */
import type { Cancel } from '../connection/ports';
import type { ClientFrame, ServerFrameOf } from '../protocol/frames';
import type { PushSubscriptionKeys } from '../protocol/pushSubscription';
import type { PushState } from './types';

export type PushPermission = 'default' | 'granted' | 'denied';

/** The browser's part; there is none where a browser cannot be pushed to. */
export interface PushBrowser {
  permission(): PushPermission;
  /** Asks the user. To be called in their click. */
  askPermission(): Promise<PushPermission>;
  onPermissionChange(listener: () => void): Cancel;
  /** The subscription for the server's key: the one there is, or a new one. Rejects without a push service. */
  subscribe(key: string): Promise<PushSubscriptionKeys>;
  /** The endpoint of the subscription there is. */
  endpoint(): Promise<string | undefined>;
  /** Ends the subscription: nothing can be pushed to it any more. */
  unsubscribe(): Promise<void>;
  /** Takes away what was shown of a room. */
  clearShown(room: string): Promise<void>;
}

/** What the user wants for this room, kept over a reload. `ending`: off, and the server is to be told. */
export interface PushMemory {
  get(): 'on' | 'ending' | undefined;
  set(wish: 'on' | 'ending'): void;
  clear(): void;
  /** Forgets it for all of the user's rooms. */
  clearAll(): void;
  /** It is on for another room or another user of this browser. */
  isOnElsewhere(): boolean;
}

export interface PushSwitchOptions {
  room: string;
  browser: PushBrowser;
  memory: PushMemory;
  send(frame: ClientFrame): boolean;
  onChange(state: PushState): void;
}

export interface PushSwitch {
  turn(on: boolean): void;
  /** The line is open; `key` is what the server pushes with, if it does. */
  ready(key: string | undefined): void;
  pushed(frame: ServerFrameOf<'pushed'>): void;
  refused(): void;
  lineLost(): void;
  /** Ends it for all of the user's rooms. Resolves when the server has been told, as far as it can be. */
  signOut(): Promise<void>;
  stop(): void;
}

export function createPushSwitch(options: PushSwitchOptions): PushSwitch {
  const { room, browser, memory, send, onChange } = options;
  let state: PushState = { status: 'impossible' };
  let key: string | undefined;
  let isLineOpen = false;
  /** The user has been asked for permission and not answered yet. */
  let isQuestionOpen = false;
  /** What was begun before the latest wish or line no longer counts. */
  let generation = 0;
  const unlisten = browser.onPermissionChange(() => {
    if (!isQuestionOpen) look();
  });

  function set(next: PushState) {
    state = next;
    onChange(next);
  }

  /** Brings browser and server in line with what the user wants. */
  function look() {
    if (key === undefined) return set({ status: 'impossible' });
    if (memory.get() === 'ending') void end(generation);
    const permission = browser.permission();
    if (permission === 'denied') return set({ status: 'blocked' });
    if (memory.get() === 'on' && permission === 'granted') return void register(key, generation);
    // The user has taken the permission back, and may give it again here.
    if (memory.get() === 'on') memory.clear();
    set({ status: 'off' });
  }

  async function register(withKey: string, begun: number) {
    if (state.status !== 'on') set({ status: 'asking' });
    try {
      const subscription = await browser.subscribe(withKey);
      if (begun !== generation) return;
      memory.set('on');
      // Without a line it is said at the next `ready`.
      if (isLineOpen) send({ t: 'push', room, ...subscription });
    } catch {
      if (begun === generation) set({ status: 'off', problem: 'no service' });
    }
  }

  async function turnOn() {
    if (key === undefined) return;
    const begun = ++generation;
    if (state.status !== 'on') set({ status: 'asking' });
    const permission = await permissionOfUser();
    if (begun !== generation) return;
    if (permission === 'granted' && key !== undefined) return register(key, begun);
    set({ status: permission === 'denied' ? 'blocked' : 'off' });
  }

  async function permissionOfUser(): Promise<PushPermission> {
    const known = browser.permission();
    if (known !== 'default') return known;
    isQuestionOpen = true;
    try {
      return await browser.askPermission();
    } finally {
      isQuestionOpen = false;
    }
  }

  function turnOff() {
    generation += 1;
    memory.set('ending');
    set({ status: 'off' });
    void end(generation);
  }

  async function end(begun: number) {
    const endpoint = await browser.endpoint();
    if (begun !== generation) return;
    if (endpoint === undefined) return memory.clear();
    if (isLineOpen && send({ t: 'unpush', room, endpoint })) return;
    // Nobody hears it now. But without a subscription nothing can come any more.
    if (!memory.isOnElsewhere()) ended();
  }

  function ended() {
    memory.clear();
    if (!memory.isOnElsewhere()) browser.unsubscribe().catch(() => {});
  }

  return {
    turn(on) {
      if (on) void turnOn();
      else turnOff();
    },
    ready(offered) {
      key = offered;
      isLineOpen = true;
      // Their answer is still to come, and counts.
      if (isQuestionOpen) return;
      generation += 1;
      void browser.clearShown(room).catch(() => {});
      look();
    },
    pushed({ on }) {
      const isWanted = memory.get() === 'on';
      // What was asked for before may be answered after the user has changed their mind.
      if (on && isWanted && state.status === 'asking') set({ status: 'on' });
      if (!on && !isWanted) ended();
    },
    refused() {
      // What is refused otherwise is that it ends: then it is tried again at the next `ready`.
      if (memory.get() !== 'on') return;
      memory.clear();
      set({ status: 'off', problem: 'refused' });
    },
    lineLost() {
      isLineOpen = false;
    },
    async signOut() {
      generation += 1;
      const endpoint = await browser.endpoint().catch(() => undefined);
      memory.clearAll();
      if (endpoint === undefined) return;
      if (isLineOpen) send({ t: 'unpush', endpoint });
      if (!memory.isOnElsewhere()) browser.unsubscribe().catch(() => {});
    },
    stop() {
      generation += 1;
      unlisten();
    },
  };
}
