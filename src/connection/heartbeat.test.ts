import { describe, expect, it, vi } from 'vitest';
import { createManualTime } from '../testing/manualTime';
import { createAdaptiveInterval } from './adaptiveInterval';
import { startHeartbeat } from './heartbeat';

function setUp({ random = (): number => 0, intervalMs = 25_000, timeoutMs = 10_000 } = {}) {
  const time = createManualTime();
  const sendPing = vi.fn<(n: number, intervalMs: number) => void>();
  const onDead = vi.fn();
  const onPong = vi.fn();
  const timing = { intervalMs, timeoutMs };
  const options = { time, random, timing: () => timing, sendPing, onDead, onPong };
  return { time, timing, sendPing, onDead, onPong, heartbeat: startHeartbeat(options) };
}

describe('the heartbeat', () => {
  it('pings after an interval in which nothing was answered', () => {
    const { time, sendPing } = setUp();
    time.advance(24_999);
    expect(sendPing).not.toHaveBeenCalled();
    time.advance(1);
    expect(sendPing).toHaveBeenCalledExactlyOnceWith(1, 25_000);
  });

  it('numbers its pings, and tells how long each answer took', () => {
    const { time, sendPing, onPong, heartbeat } = setUp();
    time.advance(25_000);
    time.advance(42);
    heartbeat.pong(1);
    expect(onPong).toHaveBeenCalledExactlyOnceWith(42);
    time.advance(25_000);
    expect(sendPing).toHaveBeenLastCalledWith(2, 25_000);
  });

  it('declares the line dead when a ping stays unanswered for the timeout', () => {
    const { time, onDead } = setUp();
    time.advance(34_999);
    expect(onDead).not.toHaveBeenCalled();
    time.advance(1);
    expect(onDead).toHaveBeenCalledOnce();
    expect(time.armed).toBe(0);
  });

  it('leaves the ping out while answers come anyway', () => {
    const { time, sendPing, heartbeat } = setUp();
    for (let second = 0; second < 100; second += 20) {
      time.advance(20_000);
      heartbeat.answered();
    }
    expect(sendPing).not.toHaveBeenCalled();
  });

  it('takes the answer to something else as life while its own ping is out', () => {
    const { time, onDead, heartbeat } = setUp();
    time.advance(30_000);
    heartbeat.answered();
    time.advance(20_000);
    expect(onDead).not.toHaveBeenCalled();
  });

  it('tells how long a pong took that comes behind the answer to something else', () => {
    const { time, onPong, heartbeat } = setUp();
    time.advance(25_000);
    time.advance(20);
    heartbeat.answered();
    time.advance(10);
    heartbeat.pong(1);
    heartbeat.pong(1);
    expect(onPong).toHaveBeenCalledExactlyOnceWith(30);
  });

  it('tells of no pong that comes once it is stopped', () => {
    const { time, onPong, heartbeat } = setUp();
    time.advance(25_000);
    heartbeat.answered();
    heartbeat.stop();
    heartbeat.pong(1);
    expect(onPong).not.toHaveBeenCalled();
    expect(time.armed).toBe(0);
  });

  it('comes up to a tenth early by chance, never late', () => {
    const { time, sendPing } = setUp({ random: () => 0.999 });
    time.advance(22_502);
    expect(sendPing).not.toHaveBeenCalled();
    time.advance(1);
    expect(sendPing).toHaveBeenCalledOnce();
  });

  it('does not take a pong that nobody asked for, or a second one, as life', () => {
    const { time, onDead, onPong, heartbeat } = setUp();
    heartbeat.pong(1);
    heartbeat.pong();
    time.advance(25_000);
    heartbeat.pong(7);
    time.advance(10_000);
    expect(onPong).not.toHaveBeenCalled();
    expect(onDead).toHaveBeenCalledOnce();
  });

  it('takes a pong without a number as the answer to the latest ping', () => {
    const { time, onPong, heartbeat } = setUp();
    time.advance(25_000);
    time.advance(5);
    heartbeat.pong();
    expect(onPong).toHaveBeenCalledExactlyOnceWith(5);
  });

  it('pings at once when asked, with all the time that an answer may take, and once', () => {
    const { time, sendPing, onDead, heartbeat } = setUp();
    heartbeat.ping();
    heartbeat.ping();
    expect(sendPing).toHaveBeenCalledOnce();
    time.advance(9_999);
    expect(onDead).not.toHaveBeenCalled();
    time.advance(1);
    expect(onDead).toHaveBeenCalledOnce();
  });

  it('probes at once when asked, with a short deadline', () => {
    const { time, sendPing, onDead, heartbeat } = setUp();
    heartbeat.probe();
    expect(sendPing).toHaveBeenCalledOnce();
    time.advance(3_000);
    expect(onDead).toHaveBeenCalledOnce();
  });

  it('does not put off the deadline of a ping that is out by probing again', () => {
    const { time, sendPing, onDead, heartbeat } = setUp();
    time.advance(25_000);
    time.advance(9_000);
    heartbeat.probe();
    time.advance(1_000);
    expect(sendPing).toHaveBeenCalledOnce();
    expect(onDead).toHaveBeenCalledOnce();
  });

  it('brings the deadline of a ping that is out forward when something makes it doubt the line', () => {
    const { time, sendPing, onDead, heartbeat } = setUp();
    time.advance(26_000);
    heartbeat.probe();
    time.advance(3_000);
    expect(sendPing).toHaveBeenCalledOnce();
    expect(onDead).toHaveBeenCalledOnce();
  });

  it('beats at another pace from the next answer on', () => {
    const { time, timing, sendPing, heartbeat } = setUp();
    timing.intervalMs = 60_000;
    heartbeat.answered();
    time.advance(59_999);
    expect(sendPing).not.toHaveBeenCalled();
    time.advance(1);
    expect(sendPing).toHaveBeenCalledOnce();
  });

  it('beats at another pace at once when told so, reckoned from the last answer', () => {
    const { time, timing, sendPing, heartbeat } = setUp();
    time.advance(10_000);
    timing.intervalMs = 15_000;
    heartbeat.retime();
    expect(heartbeat.due()).toEqual({ pingAt: time.now() + 5_000 });
    time.advance(4_999);
    expect(sendPing).not.toHaveBeenCalled();
    time.advance(1);
    expect(sendPing).toHaveBeenCalledOnce();
  });

  it('allows the ping that is out another time at once when told so', () => {
    const { time, timing, onDead, heartbeat } = setUp();
    time.advance(25_000);
    time.advance(1_000);
    timing.timeoutMs = 20_000;
    heartbeat.retime();
    time.advance(18_999);
    expect(onDead).not.toHaveBeenCalled();
    time.advance(1);
    expect(onDead).toHaveBeenCalledOnce();
  });

  it('after a sleep asks first, with a short deadline, before it calls the line dead', () => {
    const { time, sendPing, onDead, heartbeat } = setUp();
    time.sleep(3_600_000);
    time.advance(0);
    expect(sendPing).toHaveBeenCalledOnce();
    expect(onDead).not.toHaveBeenCalled();
    time.advance(2_999);
    heartbeat.pong(1);
    time.advance(20_000);
    expect(onDead).not.toHaveBeenCalled();
  });

  it('calls nothing and leaves no timer once it is stopped', () => {
    const { time, sendPing, onDead, heartbeat } = setUp();
    heartbeat.stop();
    heartbeat.answered();
    heartbeat.probe();
    heartbeat.retime();
    time.advance(600_000);
    expect(sendPing).not.toHaveBeenCalled();
    expect(onDead).not.toHaveBeenCalled();
    expect(time.armed).toBe(0);
  });

  it.each([
    [0, 10_000],
    [25_000, 0],
    [Number.NaN, 10_000],
  ])('refuses an interval of %d ms with a timeout of %d ms', (intervalMs, timeoutMs) => {
    expect(() => setUp({ intervalMs, timeoutMs })).toThrow(RangeError);
  });
});

describe('where timers fire once a minute, as in a hidden tab without workers', () => {
  function passMinute({ time }: ReturnType<typeof setUp>) {
    time.sleep(60_000);
    time.advance(0);
  }

  it('a line that answers is kept, and asked each time', () => {
    const world = setUp();
    for (let minute = 1; minute <= 60; minute += 1) {
      passMinute(world);
      expect(world.sendPing).toHaveBeenCalledTimes(minute);
      // What arrives is no timer: it comes when it comes.
      world.heartbeat.pong(minute);
    }
    expect(world.onDead).not.toHaveBeenCalled();
  });

  it('a dead one is found all the same, two minutes later at most', () => {
    const world = setUp();
    passMinute(world);
    world.heartbeat.pong(1);
    for (let minute = 0; minute < 3; minute += 1) passMinute(world);
    expect(world.onDead).toHaveBeenCalledOnce();
  });
});

describe('a heartbeat that adapts', () => {
  function setUpAdaptive() {
    const time = createManualTime();
    const adaptive = createAdaptiveInterval(undefined, time.now);
    const currentMs = () => adaptive.currentMs(20_000);
    const onDead = vi.fn();
    let lastTrafficAt = time.now();
    const touch = () => {
      lastTrafficAt = time.now();
    };
    const start = () =>
      startHeartbeat({
        time,
        random: () => 0,
        timing: () => ({ intervalMs: 20_000, timeoutMs: 10_000 }),
        adaptive: () => adaptive,
        silentMs: () => time.now() - lastTrafficAt,
        sendPing: touch,
        onDead,
      });
    const heartbeat = start();
    const beat = () => {
      time.advance(currentMs());
      heartbeat.pong();
      touch();
    };
    return { time, currentMs, heartbeat, onDead, touch, beat };
  }

  it('pings less often once silences have been survived', () => {
    const { currentMs, beat } = setUpAdaptive();
    for (let round = 0; round < 3; round += 1) beat();
    expect(currentMs()).toBe(30_000);
    for (let round = 0; round < 3; round += 1) beat();
    expect(currentMs()).toBe(45_000);
  });

  it('does not take a line for silent on which something else was said', () => {
    const { time, currentMs, heartbeat, touch } = setUpAdaptive();
    for (let round = 0; round < 10; round += 1) {
      time.advance(15_000);
      touch();
      time.advance(5_000);
      heartbeat.pong();
    }
    expect(currentMs()).toBe(20_000);
  });

  it('shrinks when a silence was not survived', () => {
    const { time, currentMs, onDead, beat } = setUpAdaptive();
    for (let round = 0; round < 3; round += 1) beat();
    time.advance(40_000);
    expect(onDead).toHaveBeenCalledOnce();
    expect(currentMs()).toBe(20_000);
  });

  it('learns nothing of the network from a machine that slept', () => {
    const { time, currentMs, onDead, beat } = setUpAdaptive();
    for (let round = 0; round < 3; round += 1) beat();
    time.sleep(3_600_000);
    time.advance(3_000);
    expect(onDead).toHaveBeenCalledOnce();
    expect(currentMs()).toBe(30_000);
  });
});
