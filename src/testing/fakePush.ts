/** A browser that can be pushed to, and what it remembers, in a test's hands. */
import type { PushMemories } from '../chat/pushRooms';
import type { PushBrowser, PushPermission } from '../chat/pushSwitch';

export interface FakePushStart {
  /** For the lobby. */
  wish?: 'on' | 'ending';
  permission?: PushPermission;
  /** What the person answers when they are asked. */
  answer?: PushPermission;
  /** The key of the subscription that there is. */
  subscribedWith?: string;
  isOnElsewhere?: boolean;
}

export function createFakePush({
  wish,
  permission = 'default',
  answer = 'granted',
  subscribedWith,
  isOnElsewhere = false,
}: FakePushStart = {}) {
  let asked = 0;
  let fails = false;
  let key = subscribedWith;
  const wishes = new Map<string, 'on' | 'ending'>();
  if (wish) wishes.set('lobby', wish);
  const cleared: string[] = [];
  const listeners = new Set<() => void>();

  const endpointOf = (of: string) => `https://push.example/${encodeURIComponent(of)}`;
  function setPermission(next: PushPermission) {
    permission = next;
    for (const listener of listeners) listener();
  }

  const browser: PushBrowser = {
    permission: () => permission,
    async askPermission() {
      asked += 1;
      setPermission(answer);
      return answer;
    },
    onPermissionChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async subscribe(next) {
      if (fails) throw new Error('there is no push service');
      key = next;
      const keys = { p256dh: `B${'A'.repeat(86)}`, auth: 'A'.repeat(22) };
      return { endpoint: endpointOf(next), keys };
    },
    endpoint: async () => (key === undefined ? undefined : endpointOf(key)),
    async unsubscribe() {
      key = undefined;
    },
    async clearShown(room) {
      cleared.push(room);
    },
  };
  const memories: PushMemories = {
    of: (room) => ({
      get: () => wishes.get(room),
      set: (next) => void wishes.set(room, next),
      clear: () => void wishes.delete(room),
      clearAll: () => wishes.clear(),
      isOnElsewhere: () =>
        isOnElsewhere || [...wishes].some(([other, each]) => other !== room && each === 'on'),
    }),
    ending: () => [...wishes].flatMap(([room, each]) => (each === 'ending' ? [room] : [])),
  };
  return {
    browser,
    memories,
    wish: (room = 'lobby') => wishes.get(room),
    cleared,
    setPermission,
    asked: () => asked,
    failToSubscribe: (next: boolean) => {
      fails = next;
    },
  };
}
