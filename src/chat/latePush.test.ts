import { describe, expect, it, vi } from 'vitest';
import { settle } from '../testing/settle';
import { createLatePush } from './latePush';
import type { PushEvents, PushRooms } from './pushRooms';

function setUp() {
  const real = {
    open: vi.fn<PushRooms['open']>(),
    turn: vi.fn<PushRooms['turn']>(),
    forget: vi.fn<PushRooms['forget']>(),
    ready: vi.fn<PushRooms['ready']>(),
    pushed: vi.fn<PushRooms['pushed']>(),
    refused: vi.fn<PushRooms['refused']>(),
    lineLost: vi.fn<PushRooms['lineLost']>(),
    signOut: vi.fn<PushRooms['signOut']>(async () => {}),
    stop: vi.fn<PushRooms['stop']>(),
  };
  const load = vi.fn<() => Promise<() => PushRooms | undefined>>(async () => () => real);
  const events = {
    send: vi.fn<PushEvents['send']>(() => true),
    onChange: vi.fn<PushEvents['onChange']>(),
  };
  return { real, load, events, push: createLatePush(load, events) };
}

describe('push that comes late', () => {
  it('is impossible, and is not fetched, where the server cannot push', async () => {
    const { push, load, events } = setUp();
    push.open('tea', undefined);
    push.ready(undefined);
    await settle();
    expect(load).not.toHaveBeenCalled();
    expect(events.onChange.mock.calls).toEqual([[{ status: 'impossible' }]]);
  });

  it('is told where things stand once it is there, and from then on what happens', async () => {
    const { push, real } = setUp();
    push.open('tea', undefined);
    push.ready('k');
    push.open('attic', 'key');
    await settle();
    expect(real.open.mock.calls).toEqual([['attic', 'key']]);
    expect(real.ready.mock.calls).toEqual([['k']]);
    push.turn(true);
    push.lineLost();
    expect(real.turn).toHaveBeenCalledExactlyOnceWith(true);
    expect(real.lineLost).toHaveBeenCalledOnce();
  });

  it('knows of no line when that was lost while it was fetched', async () => {
    const { push, real } = setUp();
    push.ready('k');
    push.lineLost();
    await settle();
    expect(real.ready).not.toHaveBeenCalled();
  });

  it('is fetched again at the next line where it could not be had', async () => {
    const { push, real, load } = setUp();
    load.mockRejectedValueOnce(new Error('no network'));
    push.ready('k');
    await settle();
    push.ready('k');
    await settle();
    expect(load).toHaveBeenCalledTimes(2);
    expect(real.ready).toHaveBeenCalledExactlyOnceWith('k');
  });

  it('is fetched to be ended: for a room that is forgotten, and for who signs out', async () => {
    const { push, real } = setUp();
    push.forget('attic');
    await push.signOut();
    expect(real.forget).toHaveBeenCalledExactlyOnceWith('attic');
    expect(real.signOut).toHaveBeenCalledOnce();
  });

  it('does not begin once the session has ended', async () => {
    const { push, real } = setUp();
    push.ready('k');
    push.stop();
    await settle();
    expect(real.ready).not.toHaveBeenCalled();
  });

  it('begins anew with a session that has ended and starts again, as at a double mount', async () => {
    const { push, real, load } = setUp();
    push.open('tea', undefined);
    push.stop();
    push.open('tea', undefined);
    push.ready('k');
    await settle();
    expect(real.ready).toHaveBeenCalledExactlyOnceWith('k');
    push.stop();
    push.open('attic', undefined);
    push.ready('k');
    await settle();
    expect(load).toHaveBeenCalledTimes(2);
    expect(real.open.mock.calls).toEqual([
      ['tea', undefined],
      ['attic', undefined],
    ]);
  });

  it('is not held up by what was fetched in vain for a session that has ended', async () => {
    const { push, real, load } = setUp();
    let fail = () => {};
    const failing = new Promise<never>((_, reject) => {
      fail = () => reject(new Error('no network'));
    });
    load.mockReturnValueOnce(failing);
    push.ready('k');
    push.stop();
    push.open('tea', undefined);
    push.ready('k');
    fail();
    await settle();
    push.turn(true);
    push.ready('k');
    await settle();
    expect(load).toHaveBeenCalledTimes(2);
    expect(real.turn).toHaveBeenCalledOnce();
  });
});
