/**
 * One notification for each message, however many pages of a user are open in a browser, and none while one
 * of them is being looked at. A Web Lock is a claim: it ends with its page however that ends.
 */
import type { Cancel } from '../connection/ports';

export interface NewsClaims {
  /**
   * Whether this page is the one to tell of the message of a room: the first to ask, if nobody looks at
   * another page. `id` is the same for a message on every page.
   */
  claim(room: string, id: string): Promise<boolean>;
  /** This page is looked at, until the function that this returns is called. */
  lookAt(): Cancel;
  /** Lets go of every claim. */
  stop(): void;
}

export interface NewsClaimsOptions {
  /** Whose pages they are: a server and a name. */
  owner: string;
  locks?: Pick<LockManager, 'request'> | undefined;
}

export function createNewsClaims({
  owner,
  locks = globalThis.navigator?.locks,
}: NewsClaimsOptions): NewsClaims {
  const looking = `heartline looking ${owner}`;
  /** By room: the claim on its latest message, which pages that lag behind may still ask for. */
  const held = new Map<string, Cancel>();

  /** Takes a lock for as long as the function that it is released with has not been called. */
  function hold(name: string, how: LockOptions): Promise<Cancel | undefined> {
    return new Promise((resolve) => {
      if (!locks) return resolve(() => {});
      locks
        .request(name, how, (lock) => {
          if (!lock) return resolve(undefined);
          return new Promise<void>((release) => resolve(release));
        })
        .catch(() => resolve(undefined));
    });
  }

  /** One at a time: who asks holds for a moment what they ask for. */
  async function isLookedAt(): Promise<boolean> {
    const done = await hold(`${looking} asked`, {});
    const release = await hold(looking, { ifAvailable: true });
    release?.();
    done?.();
    return release === undefined;
  }

  return {
    async claim(room, id) {
      const release = await hold(`heartline news ${owner} ${room} ${id}`, { ifAvailable: true });
      if (!release) return false;
      held.get(room)?.();
      held.set(room, release);
      return !(await isLookedAt());
    },
    lookAt() {
      const holding = hold(looking, { mode: 'shared' });
      return () => void holding.then((release) => release?.());
    },
    stop() {
      for (const release of held.values()) release();
      held.clear();
    },
  };
}
