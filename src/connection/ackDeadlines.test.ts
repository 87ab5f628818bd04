import { describe, expect, it, vi } from 'vitest';
import { createManualTime } from '../testing/manualTime';
import { createAckDeadlines } from './ackDeadlines';

function setUp() {
  const time = createManualTime();
  const onLate = vi.fn();
  const onOverdue = vi.fn();
  const options = { time, lateMs: 3_500, timeoutMs: () => 10_000, onLate, onOverdue };
  return { time, onLate, onOverdue, acks: createAckDeadlines(options) };
}

describe('an expected ack', () => {
  it('that comes in time tells how long it took, and leaves no timer', () => {
    const { time, onOverdue, acks } = setUp();
    acks.expect('a');
    time.advance(120);
    expect(acks.settle('a')).toBe(120);
    expect(time.armed).toBe(0);
    time.advance(60_000);
    expect(onOverdue).not.toHaveBeenCalled();
  });

  it('that does not come in time is overdue, once', () => {
    const { time, onOverdue, acks } = setUp();
    acks.expect('a');
    acks.expect('b');
    time.advance(10_000);
    expect(onOverdue).toHaveBeenCalledOnce();
    time.advance(60_000);
    expect(onOverdue).toHaveBeenCalledOnce();
  });

  it('has a time of its own, whatever comes for the others', () => {
    const { time, onOverdue, acks } = setUp();
    acks.expect('a');
    time.advance(6_000);
    acks.expect('b');
    acks.settle('a');
    time.advance(9_999);
    expect(onOverdue).not.toHaveBeenCalled();
    time.advance(1);
    expect(onOverdue).toHaveBeenCalledOnce();
  });

  it('is not put off by later ones that come before it', () => {
    const { time, onOverdue, acks } = setUp();
    acks.expect('a');
    time.advance(5_000);
    acks.expect('b');
    acks.settle('b');
    time.advance(5_000);
    expect(onOverdue).toHaveBeenCalledOnce();
  });

  it('that is late makes one doubt the line, once', () => {
    const { time, onLate, onOverdue, acks } = setUp();
    acks.expect('a');
    time.advance(3_499);
    acks.expect('b');
    expect(onLate).not.toHaveBeenCalled();
    time.advance(1);
    expect(onLate).toHaveBeenCalledOnce();
    time.advance(6_499);
    expect(onLate).toHaveBeenCalledOnce();
    expect(onOverdue).not.toHaveBeenCalled();
  });

  it('is not late while others come', () => {
    const { time, onLate, acks } = setUp();
    acks.expect('a');
    for (const key of ['b', 'c']) {
      acks.expect(key);
      time.advance(3_000);
      acks.settle(key);
    }
    expect(onLate).not.toHaveBeenCalled();
    time.advance(3_500);
    expect(onLate).toHaveBeenCalledOnce();
  });

  it('may be late again after one came', () => {
    const { time, onLate, acks } = setUp();
    acks.expect('a');
    time.advance(4_000);
    acks.settle('a');
    acks.expect('b');
    time.advance(3_500);
    expect(onLate).toHaveBeenCalledTimes(2);
  });

  it('that comes first after a sleep gives those behind it time to come, too', () => {
    const { time, onOverdue, acks } = setUp();
    acks.expect('a');
    acks.expect('b');
    time.sleep(60_000);
    acks.settle('a');
    time.advance(5);
    acks.settle('b');
    expect(onOverdue).not.toHaveBeenCalled();
  });

  it('is overdue in its time though the clock was set back', () => {
    const { time, onOverdue, acks } = setUp();
    acks.expect('a');
    acks.expect('b');
    time.sleep(-3_600_000);
    acks.settle('a');
    time.advance(150_000);
    expect(onOverdue).toHaveBeenCalledOnce();
  });

  it('has more time if it has much to bring there first, and those behind it, too', () => {
    const { time, onLate, onOverdue, acks } = setUp();
    acks.expect('a', 44_000);
    acks.expect('b', 100);
    time.advance(13_499);
    expect(onLate).not.toHaveBeenCalled();
    time.advance(1);
    expect(onLate).toHaveBeenCalledOnce();
    time.advance(6_499);
    expect(onOverdue).not.toHaveBeenCalled();
    time.advance(1);
    expect(onOverdue).toHaveBeenCalledOnce();
  });

  it('that nobody expects says nothing', () => {
    const { acks } = setUp();
    expect(acks.settle('a')).toBeUndefined();
  });

  it('is no longer waited for once cleared', () => {
    const { time, onOverdue, acks } = setUp();
    acks.expect('a');
    acks.clear();
    time.advance(60_000);
    expect(onOverdue).not.toHaveBeenCalled();
    expect(time.armed).toBe(0);
  });
});
