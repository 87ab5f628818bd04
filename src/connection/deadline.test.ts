import { describe, expect, it, vi } from 'vitest';
import { createManualTime } from '../testing/manualTime';
import { armDeadline } from './deadline';

describe('a deadline', () => {
  it('is due when its time is over, once', () => {
    const time = createManualTime();
    const onDue = vi.fn();
    armDeadline(time, 10_000, onDue);
    time.advance(9_999);
    expect(onDue).not.toHaveBeenCalled();
    time.advance(1);
    time.advance(60_000);
    expect(onDue).toHaveBeenCalledOnce();
    expect(time.armed).toBe(0);
  });

  it('allows 3 s more when the machine slept through it', () => {
    const time = createManualTime();
    const onDue = vi.fn();
    armDeadline(time, 10_000, onDue);
    time.sleep(600_000);
    time.advance(2_999);
    expect(onDue).not.toHaveBeenCalled();
    time.advance(1);
    expect(onDue).toHaveBeenCalledOnce();
  });

  it('can be cancelled, before and after a sleep', () => {
    const time = createManualTime();
    const onDue = vi.fn();
    const cancel = armDeadline(time, 10_000, onDue);
    time.sleep(600_000);
    time.advance(1);
    cancel();
    time.advance(600_000);
    expect(onDue).not.toHaveBeenCalled();
    expect(time.armed).toBe(0);
  });

  it('comes at last where every timer is late, as those of a hidden tab are', () => {
    const time = createManualTime();
    const onDue = vi.fn();
    armDeadline(time, 10_000, onDue);
    for (let minute = 0; minute < 3; minute += 1) {
      time.sleep(60_000);
      time.advance(0);
    }
    expect(onDue).toHaveBeenCalledOnce();
  });
});
