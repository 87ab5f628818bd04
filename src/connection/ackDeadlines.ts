/**
 * The acks that are being waited for. One that does not come in its time means that the line is dead,
 * as in the tutorial: whoever sent then closes, and sends again on the next line. One that is merely
 * late makes the line doubtful: it should be asked for another sign of life.
 */
import { armDeadline, wakeTimeoutMs } from './deadline';
import type { Cancel, Time } from './ports';

export interface AckDeadlines {
  /** Waits for the ack of `key`, which has so many bytes to bring there first. */
  expect(key: string, bytes?: number): void;
  /** The ack of `key` has come. Returns how many ms it took; undefined if it was not expected. */
  settle(key: string): number | undefined;
  /** Waits for nothing any more. */
  clear(): void;
  /** What an ack may take has changed: it holds for those that are waited for, too. */
  retime(): void;
  /** When the oldest ack is overdue; undefined while none is expected. */
  dueAt(): number | undefined;
}

export interface AckDeadlineOptions {
  time: Time;
  /** After so many ms without any ack while one is expected, it is late. */
  lateMs: number;
  /** What an ack may take, in ms; asked whenever it is needed. */
  timeoutMs(): number;
  /** Called once for each time that acks fall silent. */
  onLate(): void;
  /** Called once when the oldest ack is `timeoutMs` old; nothing is waited for then. */
  onOverdue(): void;
}

interface Expected {
  sentAt: number;
  /** By when a slow network may have brought there what is to be acked; its time begins then. */
  thereAt: number;
}

/** A network that is slower than this is none, in bytes per ms; and what it is allowed at most, in ms. */
const slowestBytesPerMs = 4;
const slowestMs = 60_000;

/** What needs no time of its own, in bytes. */
const lightBytes = 4_000;

export function createAckDeadlines({
  time,
  lateMs,
  timeoutMs,
  onLate,
  onOverdue,
}: AckDeadlineOptions): AckDeadlines {
  /** As they were sent: the first is the first to be overdue. */
  const expected = new Map<string, Expected>();
  let lastThereAt = Number.NEGATIVE_INFINITY;
  let settledAt = Number.NEGATIVE_INFINITY;
  let isLate = false;
  let cancelTimer: Cancel | undefined;

  function dueAt(): number | undefined {
    const [oldest] = expected.values();
    return oldest && oldest.thereAt + timeoutMs();
  }

  function arm() {
    cancelTimer?.();
    cancelTimer = undefined;
    const overdueAt = dueAt();
    if (overdueAt === undefined) return;
    const lateAt = Math.max(overdueAt - timeoutMs(), settledAt) + lateMs;
    const isDoubtNext = !isLate && lateAt < overdueAt;
    const nextAt = isDoubtNext ? lateAt : overdueAt;
    cancelTimer = armDeadline(time, waitMs(nextAt), isDoubtNext ? doubt : end);
  }

  /** One that is past already has passed in a sleep, and the clock may have been set back. */
  function waitMs(at: number): number {
    const leftMs = at - time.now();
    return leftMs < 0 ? wakeTimeoutMs : Math.min(leftMs, timeoutMs() + slowestMs);
  }

  function doubt() {
    isLate = true;
    arm();
    onLate();
  }

  function end() {
    clear();
    onOverdue();
  }

  function clear() {
    expected.clear();
    lastThereAt = Number.NEGATIVE_INFINITY;
    isLate = false;
    arm();
  }

  return {
    expect(key, bytes = 0) {
      const now = time.now();
      const weight = Math.max(0, bytes - lightBytes);
      const behind = Math.max(now, lastThereAt) + weight / slowestBytesPerMs;
      lastThereAt = Math.min(behind, now + slowestMs);
      expected.delete(key);
      expected.set(key, { sentAt: now, thereAt: lastThereAt });
      if (!cancelTimer) arm();
    },
    settle(key) {
      const settled = expected.get(key);
      if (!settled) return undefined;
      expected.delete(key);
      if (expected.size === 0) lastThereAt = Number.NEGATIVE_INFINITY;
      settledAt = time.now();
      isLate = false;
      arm();
      return settledAt - settled.sentAt;
    },
    clear,
    retime: arm,
    dueAt,
  };
}
