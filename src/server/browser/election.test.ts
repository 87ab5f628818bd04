import { describe, expect, it } from 'vitest';
import { createFakeLocks } from '../../testing/fakeLocks';
import { createManualTime } from '../../testing/manualTime';
import { type Candidacy, type Channel, standForElection } from './election';
import type { Locks } from './lockWatch';

/** A browser in which candidates hear each other, one after another. */
function createBrowser({ hasLocks = true }: { hasLocks?: boolean } = {}) {
  const time = createManualTime();
  const locks: Locks | undefined = hasLocks ? createFakeLocks() : undefined;
  const channels = new Set<Channel>();
  /** Those that stand still hear nothing, and say nothing. */
  const frozen = new Set<Channel>();

  function openChannel(): Channel {
    const channel: Channel = {
      onmessage: null,
      postMessage(data) {
        if (frozen.has(channel)) return;
        for (const other of channels) {
          if (other === channel || frozen.has(other)) continue;
          queueMicrotask(() => other.onmessage?.(new MessageEvent('message', { data })));
        }
      },
      close: () => channels.delete(channel),
    };
    channels.add(channel);
    return channel;
  }

  function stand(rank: number) {
    const heard: string[] = [];
    let channel: Channel | undefined;
    const candidacy: Candidacy = standForElection({
      name: 'office',
      rank,
      time,
      locks,
      openChannel: () => {
        channel = openChannel();
        return channel;
      },
      onElected: () => heard.push('elected'),
      onOutdated: () => heard.push('outdated'),
      onWaiting: () => heard.push('waiting'),
      async onReplaced(why) {
        heard.push(why);
      },
    });
    return {
      ...candidacy,
      heard,
      freeze() {
        if (channel) frozen.add(channel);
      },
    };
  }
  return { time, stand };
}

const settle = async () => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe.each([true, false])('with Web Locks: %s', (hasLocks) => {
  const opened = () => {
    const { time, stand } = createBrowser({ hasLocks });
    const pass = async (ms = 0) => {
      await settle();
      time.advance(ms);
      await settle();
    };
    return { stand, pass };
  };

  it('who is alone is in charge', async () => {
    const { stand, pass } = opened();
    const only = stand(1);
    await pass(500);
    expect(only.heard).toEqual(['elected']);
  });

  it('an older one gives way to a newer one, and all is let go of first', async () => {
    const { stand, pass } = opened();
    const older = stand(1);
    await pass(500);
    const newer = stand(2);
    await pass(500);
    expect(older.heard).toEqual(['elected', 'outdated']);
    expect(newer.heard).toEqual(['elected']);
  });

  it('one that is older than the one in charge learns that it is out of date', async () => {
    const { stand, pass } = opened();
    const newer = stand(2);
    await pass(500);
    const older = stand(1);
    await pass(5_000);
    expect(older.heard).toEqual(['outdated']);
    expect(newer.heard).toEqual(['elected']);
  });

  it('of two alike the second waits, and comes in when the first is gone', async () => {
    const { stand, pass } = opened();
    const first = stand(1);
    await pass(500);
    const second = stand(1);
    await pass(60_000);
    expect(second.heard).toEqual(['waiting']);
    first.withdraw();
    await pass();
    expect(first.heard).toEqual(['elected']);
    expect(second.heard).toEqual(['waiting', 'elected']);
  });

  it('the second can be put in the place of the first', async () => {
    const { stand, pass } = opened();
    const first = stand(1);
    await pass(500);
    const second = stand(1);
    await pass(500);
    second.insist();
    await pass();
    expect(first.heard).toEqual(['elected', 'robbed']);
    expect(second.heard).toEqual(['waiting', 'elected']);
  });

  it('one that stands still and answers nothing is passed over', async () => {
    const { stand, pass } = opened();
    const still = stand(1);
    await pass(500);
    still.freeze();
    const newer = stand(2);
    await pass(5_000);
    expect(newer.heard).toEqual(['elected']);
  });

  it('who has withdrawn before is never in charge', async () => {
    const { stand, pass } = opened();
    const first = stand(1);
    await pass(500);
    const second = stand(1);
    await pass(500);
    second.withdraw();
    first.withdraw();
    await pass(10_000);
    expect(second.heard).toEqual(['waiting']);
  });
});

describe('with Web Locks', () => {
  it('a waiting one of an older version makes way for a newer one that came later', async () => {
    const { time, stand } = createBrowser();
    const first = stand(1);
    await settle();
    const second = stand(1);
    await settle();
    const newer = stand(2);
    for (let second = 0; second < 5; second += 1) {
      time.advance(1_000);
      await settle();
    }
    expect(newer.heard).toEqual(['elected']);
    expect(first.heard.at(-1)).toBe('outdated');
    expect(second.heard.at(-1)).toBe('outdated');
  });
});
