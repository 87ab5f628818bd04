import { describe, expect, it, vi } from 'vitest';
import { createManualTime } from '../../testing/manualTime';
import { createSharedBuckets } from '../chat/limits/sharedBuckets';
import { createWhole } from '../chat/limits/testSpending';
import { createConnectionGate, noConnectionLimits } from './connectionGate';

const limits = { total: 3, perAddress: 2, handshakes: { perSecond: 1, burst: 2 } };

describe('the gate', () => {
  it('lets in as many as there may be, in all and from one address', () => {
    const time = createManualTime();
    const gate = createConnectionGate(limits, time);
    expect(['a', 'a', 'a', 'b', 'c'].map(gate.enter)).toEqual([
      undefined,
      undefined,
      'too many from this address',
      undefined,
      'server full',
    ]);
    gate.left('b');
    expect(gate.enter('c')).toBeUndefined();
    expect(gate.size).toBe(3);
  });

  it('lets one address in only so fast, and does not hold its tries against it', () => {
    const time = createManualTime();
    const gate = createConnectionGate({ ...limits, total: 100, perAddress: 100 }, time);
    const tries = Array.from({ length: 50 }, () => gate.enter('a'));
    expect(tries.filter((refusal) => refusal === undefined)).toHaveLength(2);
    expect(gate.enter('b')).toBeUndefined();
    time.advance(1_000);
    expect([gate.enter('a'), gate.enter('a')]).toEqual([undefined, 'too fast']);
  });

  it('counts how quickly an address comes to other gateways as well, where they share that', async () => {
    const time = createManualTime();
    const many = { ...limits, total: 100, perAddress: 100 };
    const whole = createWhole(limits.handshakes, time.now);
    const gates = [1, 2].map(() =>
      createConnectionGate(
        many,
        time,
        createSharedBuckets({
          rate: limits.handshakes,
          time,
          spending: { spend: async (spent) => whole.spend(spent) },
          onError: expect.fail,
        }),
      ),
    );
    const enter = () => gates.map((gate) => gate.enter('a'));
    expect(enter()).toEqual([undefined, undefined]);
    expect(enter()).toEqual([undefined, undefined]);
    time.advance(500);
    await vi.waitFor(() => expect(whole.told).toHaveLength(2));
    // Alone each would let one in every second.
    time.advance(1_000);
    expect(gates[1]?.enter('a')).toBe('too fast');
    for (const gate of gates) gate.close();
    expect(time.armed).toBe(0);
  });

  it('forgets who has left, and leaves no timer', () => {
    const time = createManualTime();
    const gate = createConnectionGate(limits, time);
    gate.enter('a');
    gate.left('a');
    time.advance(20_000);
    expect([gate.size, time.armed]).toEqual([0, 0]);
    gate.enter('a');
    gate.close();
    expect(time.armed).toBe(0);
  });

  it('without limits lets everybody in', () => {
    const gate = createConnectionGate(noConnectionLimits, createManualTime());
    for (let n = 0; n < 5_000; n += 1) expect(gate.enter('a')).toBeUndefined();
  });
});
