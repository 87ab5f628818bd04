import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createFakeLocks } from '../testing/fakeLocks';
import { createManualTime } from '../testing/manualTime';
import { settle } from '../testing/settle';
import type { ShareMessage } from './outboxEntry';
import { type Channel, createOutboxShare } from './outboxShare';

/** A browser in which pages can be opened, and can stand still. */
function createBrowser({ hasLocks = true } = {}) {
  const time = createManualTime();
  const locks = hasLocks ? createFakeLocks() : undefined;
  const channels = new Map<Channel, { name: string; isStill: boolean }>();
  const openChannel = (name: string): Channel => {
    const channel: Channel = {
      onmessage: null,
      postMessage(data) {
        for (const [other, { name: otherName, isStill }] of channels) {
          if (other === channel || otherName !== name || isStill) continue;
          other.onmessage?.(new MessageEvent('message', { data }));
        }
      },
      close: () => void channels.delete(channel),
    };
    channels.set(channel, { name, isStill: false });
    return channel;
  };
  const openPage = (page: string, owner = 'ann') => {
    const heard: ShareMessage[] = [];
    const share = createOutboxShare({ owner, page, time, locks, openChannel });
    const before = new Set(channels.keys());
    const unlisten = share.listen((message) => heard.push(message));
    const [channel] = [...channels.keys()].filter((each) => !before.has(each));
    const freeze = () => {
      if (channel) channels.set(channel, { name: `heartline outbox ${owner}`, isStill: true });
    };
    return { share, heard, unlisten, freeze, channel };
  };
  return { time, openPage, channels };
}

describe('what pages tell each other', () => {
  it('reaches the other pages of the same user, and nobody else', () => {
    const { openPage } = createBrowser();
    const one = openPage('one');
    const two = openPage('two');
    const other = openPage('other', 'bob');
    one.share.tell({ kind: 'acked', id: 'a', seq: 7 });
    expect(two.heard).toEqual([{ kind: 'acked', id: 'a', seq: 7 }]);
    expect([one.heard, other.heard]).toEqual([[], []]);
  });

  it('is not believed if it cannot be read: an older page may have said it', () => {
    const { openPage } = createBrowser();
    const one = openPage('one');
    const two = openPage('two');
    one.channel?.postMessage({ kind: 'removed', id: 7 });
    one.channel?.postMessage('hello');
    expect(two.heard).toEqual([]);
  });

  it('is no longer heard after listening has ended, and nothing is left open', () => {
    const { openPage, channels } = createBrowser();
    const one = openPage('one');
    one.unlisten();
    expect(channels.size).toBe(0);
  });
});

describe('a claim', () => {
  it('is held by one page at a time, in turn', async () => {
    const { openPage } = createBrowser();
    const order: string[] = [];
    const one = openPage('one').share.claim('one', () => order.push('one holds'));
    openPage('two').share.claim('one', () => order.push('two holds'));
    await settle();
    expect(order).toEqual(['one holds']);
    one();
    await settle();
    expect(order).toEqual(['one holds', 'two holds']);
  });

  it('that is no longer waited for is never held, and nothing is left', async () => {
    const { openPage, time } = createBrowser();
    const release = openPage('one').share.claim('one', () => {});
    const onHeld = vi.fn();
    const cancel = openPage('two').share.claim('one', onHeld);
    cancel();
    release();
    await settle();
    expect(onHeld).not.toHaveBeenCalled();
    expect(time.armed).toBe(0);
  });

  it('stays with a page that still moves, however long another waits', async () => {
    const { openPage, time } = createBrowser();
    const onTaken = vi.fn();
    openPage('one').share.claim('one', () => {}, onTaken);
    const onHeld = vi.fn();
    openPage('two').share.claim('one', onHeld);
    for (let round = 0; round < 10; round += 1) {
      time.advance(8_000);
      await settle();
    }
    expect(onHeld).not.toHaveBeenCalled();
    expect(onTaken).not.toHaveBeenCalled();
  });

  it('can be had if it is free, and only then, without waiting for it', async () => {
    const { openPage } = createBrowser();
    const release = openPage('one').share.claim('one', () => {});
    await settle();
    const two = openPage('two').share;
    expect(await two.claimIfFree('one')).toBeUndefined();
    release();
    await settle();
    const releaseAgain = await two.claimIfFree('one');
    expect(releaseAgain).toBeDefined();
    expect(await openPage('three').share.claimIfFree('one')).toBeUndefined();
    releaseAgain?.();
  });

  it('is taken from a page that stands still, which hears of it', async () => {
    const { openPage, time } = createBrowser();
    const one = openPage('one');
    const onTaken = vi.fn();
    one.share.claim('one', () => {}, onTaken);
    await settle();
    const onHeld = vi.fn();
    openPage('two').share.claim('one', onHeld);
    one.freeze();
    time.advance(8_000);
    await settle();
    expect(onHeld).toHaveBeenCalledOnce();
    expect(onTaken).toHaveBeenCalledOnce();
  });
});

describe('the claim on the uploads', () => {
  it('stays with the page that has it and moves, and is taken from one that stands still', async () => {
    const { openPage, time } = createBrowser();
    const one = openPage('one');
    const onTaken = vi.fn();
    one.share.claim('uploads', () => {}, onTaken);
    await settle();
    const onHeld = vi.fn();
    openPage('two').share.claim('uploads', onHeld);
    for (let round = 0; round < 3; round += 1) {
      time.advance(8_000);
      await settle();
    }
    expect(onHeld).not.toHaveBeenCalled();
    one.freeze();
    time.advance(8_000);
    await settle();
    expect(onHeld).toHaveBeenCalledOnce();
    expect(onTaken).toHaveBeenCalledOnce();
  });

  it('goes to the next page when it is given back', async () => {
    const { openPage } = createBrowser();
    const release = openPage('one').share.claim('uploads', () => {});
    const onHeld = vi.fn();
    openPage('two').share.claim('uploads', onHeld);
    await settle();
    expect(onHeld).not.toHaveBeenCalled();
    release();
    await settle();
    expect(onHeld).toHaveBeenCalledOnce();
  });
});

describe('where a browser has no locks', () => {
  it('a page sends its own at once, takes what it finds, and waits for nobody', async () => {
    // Node has some from version 24 on.
    vi.stubGlobal('navigator', {});
    onTestFinished(() => void vi.unstubAllGlobals());
    const { openPage } = createBrowser({ hasLocks: false });
    const { share } = openPage('one');
    const onHeld = vi.fn();
    share.claim('one', onHeld);
    share.claim('sign-in', onHeld);
    share.claim('uploads', onHeld);
    expect(onHeld).toHaveBeenCalledTimes(3);
    share.claim('another', onHeld);
    await settle();
    expect(onHeld).toHaveBeenCalledTimes(3);
    expect(await share.claimIfFree('another')).toBeDefined();
  });

  it('or refuses them, a page does without', async () => {
    const refused = () => Promise.reject(new DOMException('denied', 'SecurityError'));
    const share = createOutboxShare({
      owner: 'ann',
      page: 'one',
      time: createManualTime(),
      locks: { request: refused },
      openChannel: () => undefined,
    });
    const onHeld = vi.fn();
    share.claim('one', onHeld);
    await settle();
    expect(onHeld).toHaveBeenCalledOnce();
  });

  it('pages still hear each other: who signs out on one is signed out on all', () => {
    const { openPage } = createBrowser({ hasLocks: false });
    const one = openPage('one');
    const two = openPage('two');
    one.share.tell({ kind: 'signed out' });
    expect(two.heard).toEqual([{ kind: 'signed out' }]);
  });
});
