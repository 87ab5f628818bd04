import { describe, expect, it } from 'vitest';
import { createManualTime } from '../../../testing/manualTime';
import { settle } from '../testChat';
import type { PushOutcome } from './pushPorts';
import {
  createPushQueue,
  maxInFlight,
  maxRetryMs,
  maxTries,
  maxWaiting,
  type PushJob,
} from './pushQueue';

const job = (endpoint: string, text = 'hello', room = 'tea'): PushJob => ({
  registration: { room, userId: 'u1', subscription: { endpoint, keys: { p256dh: '', auth: '' } } },
  payload: { room, seq: 1, from: 'Bob', text },
});

/** A queue whose push service answers when the test says so. */
function createWorld() {
  const time = createManualTime();
  const sent: string[] = [];
  const gone: string[] = [];
  const observed: string[] = [];
  const errors: unknown[] = [];
  const answers: ((outcome: PushOutcome | Error) => void)[] = [];
  let isWanted = true;
  const queue = createPushQueue({
    time,
    random: () => 0,
    observe: (what) => observed.push(what),
    onError: (error) => errors.push(error),
    isWanted: async () => isWanted,
    onGone: async ({ registration }) => void gone.push(registration.subscription.endpoint),
    send: ({ registration, payload }) => {
      sent.push(`${registration.subscription.endpoint} ${payload.text}`);
      return new Promise((resolve, reject) => {
        answers.push((outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome)));
      });
    },
  });
  return {
    time,
    queue,
    sent,
    gone,
    observed,
    errors,
    want: (wanted: boolean) => {
      isWanted = wanted;
    },
    async answer(outcome: PushOutcome | Error) {
      await settle();
      answers.shift()?.(outcome);
      await settle();
    },
  };
}

describe('pushes on their way', () => {
  it('are a bounded number at once, and the others follow', async () => {
    const { queue, sent, answer } = createWorld();
    for (let index = 0; index < maxInFlight + 2; index += 1) queue.put(job(`e${index}`));
    await settle();
    expect(sent).toHaveLength(maxInFlight);
    await answer({ kind: 'sent' });
    expect(sent).toHaveLength(maxInFlight + 1);
  });

  it('give way to a newer one for the same browser and room while they wait', async () => {
    const { queue, sent, answer } = createWorld();
    queue.put(job('a', 'one'));
    await settle();
    queue.put(job('a', 'two'));
    queue.put(job('a', 'three'));
    queue.put(job('a', 'of another room', 'coffee'));
    await settle();
    expect(sent).toEqual(['a one', 'a of another room']);
    await answer({ kind: 'sent' });
    expect(sent).toEqual(['a one', 'a of another room', 'a three']);
  });

  it('wait in a line that cannot grow without end', async () => {
    const { queue, observed } = createWorld();
    for (let index = 0; index < maxInFlight + maxWaiting + 3; index += 1) {
      queue.put(job(`e${index}`));
    }
    await settle();
    expect(observed).toEqual(['dropped', 'dropped', 'dropped']);
  });

  it('are not sent to who does not want them any more', async () => {
    const { queue, sent, want } = createWorld();
    want(false);
    queue.put(job('a'));
    await queue.settled();
    expect(sent).toEqual([]);
  });

  it('end a subscription that is gone', async () => {
    const { queue, gone, observed, answer } = createWorld();
    queue.put(job('a'));
    await answer({ kind: 'gone' });
    expect(gone).toEqual(['a']);
    expect(observed).toEqual(['gone']);
  });

  it('go on when one fails, by refusal or by surprise', async () => {
    const { queue, sent, errors, observed, answer } = createWorld();
    queue.put(job('a'));
    await answer({ kind: 'failed' });
    const surprise = new Error('surprise');
    queue.put(job('b'));
    await answer(surprise);
    queue.put(job('c'));
    await answer({ kind: 'sent' });
    expect(sent).toEqual(['a hello', 'b hello', 'c hello']);
    expect(observed).toEqual(['failed', 'failed', 'sent']);
    expect(errors).toEqual([surprise]);
  });
});

describe('a push for which the service is too busy', () => {
  it('is tried again a few times, later each time', async () => {
    const { time, queue, sent, observed, answer } = createWorld();
    queue.put(job('a'));
    const waits: number[] = [];
    for (let tries = 1; tries < maxTries; tries += 1) {
      await answer({ kind: 'busy' });
      const waitMs = (time.nextDueAt ?? Infinity) - time.now();
      waits.push(waitMs);
      time.advance(waitMs - 1);
      await settle();
      expect(sent).toHaveLength(tries);
      time.advance(1);
      await settle();
      expect(sent).toHaveLength(tries + 1);
    }
    await answer({ kind: 'busy' });
    expect(waits).toEqual([1_000, 2_000, 4_000]);
    expect(observed.at(-1)).toBe('failed');
    expect(time.armed).toBe(0);
  });

  it.each([
    ['as long as it asks for', 30_000, 30_000],
    ['but not for ever', 86_400_000, maxRetryMs],
  ])('waits %s', async (_, retryAfterMs, waitMs) => {
    const { time, queue, answer } = createWorld();
    queue.put(job('a'));
    await answer({ kind: 'busy', retryAfterMs });
    expect((time.nextDueAt ?? Infinity) - time.now()).toBe(waitMs);
  });

  it('is not tried again once there is a newer one, nor after the end', async () => {
    const { time, queue, sent, answer } = createWorld();
    queue.put(job('a', 'one'));
    await answer({ kind: 'busy' });
    queue.put(job('a', 'two'));
    await answer({ kind: 'sent' });
    expect(sent).toEqual(['a one', 'a two']);
    expect(time.armed).toBe(0);
    queue.put(job('b'));
    await answer({ kind: 'busy' });
    queue.stop();
    expect(time.armed).toBe(0);
  });
});
