/**
 * The acks that are being waited for. One that does not come in its time means that the line is dead,
 * as in the tutorial: whoever sent then closes, and sends again on the next line.
 */
import { armDeadline } from './deadline';
import type { Cancel, Time } from './ports';

export interface AckDeadlines {
  /** Waits for the ack of `key` from now on. */
  expect(key: string): void;
  /** The ack of `key` has come. Returns how many ms it took; undefined if it was not expected. */
  settle(key: string): number | undefined;
  /** Waits for nothing any more. */
  clear(): void;
}

/** `onOverdue` is called once when the oldest ack is `timeoutMs` old; nothing is waited for then. */
export function createAckDeadlines(
  time: Time,
  timeoutMs: number,
  onOverdue: () => void,
): AckDeadlines {
  /** When each was sent, in that order: the first is the first to be overdue. */
  const sentAt = new Map<string, number>();
  let cancelTimer: Cancel | undefined;

  function arm() {
    cancelTimer?.();
    cancelTimer = undefined;
    const [oldest] = sentAt.values();
    if (oldest === undefined) return;
    cancelTimer = armDeadline(time, oldest + timeoutMs - time.now(), () => {
      clear();
      onOverdue();
    });
  }

  function clear() {
    sentAt.clear();
    arm();
  }

  return {
    expect(key) {
      sentAt.delete(key);
      sentAt.set(key, time.now());
      if (!cancelTimer) arm();
    },
    settle(key) {
      const sent = sentAt.get(key);
      if (sent === undefined) return undefined;
      const [first] = sentAt.keys();
      sentAt.delete(key);
      if (key === first) arm();
      return time.now() - sent;
    },
    clear,
  };
}
