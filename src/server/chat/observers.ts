/** Several who listen to what the heart does, as one. */
import type { ChatObserver } from './observer';

/** Tells each of `observers`, in order, what it listens to. */
export function observersAsOne(observers: readonly Partial<ChatObserver>[]): ChatObserver {
  return {
    opened() {
      for (const each of observers) each.opened?.();
    },
    closed(code) {
      for (const each of observers) each.closed?.(code);
    },
    sentAway(why) {
      for (const each of observers) each.sentAway?.(why);
    },
    acked(latencyMs, dup) {
      for (const each of observers) each.acked?.(latencyMs, dup);
    },
    refused(code) {
      for (const each of observers) each.refused?.(code);
    },
    flushed(messages, deliveries, durationMs) {
      for (const each of observers) each.flushed?.(messages, deliveries, durationMs);
    },
    dropped(what) {
      for (const each of observers) each.dropped?.(what);
    },
  };
}
