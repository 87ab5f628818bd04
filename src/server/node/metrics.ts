/**
 * What Prometheus asks a server for. Counters are counted as things happen, gauges are read when somebody
 * asks. No metric has a label that a client could make up.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ChatCounts } from '../chat/chatServer';
import type { ChatObserver } from '../chat/observer';

export interface MetricsOptions {
  counts(): ChatCounts;
  /** Messages can be stored, as far as is known. */
  isLogThere(): boolean;
}

export interface Metrics {
  readonly observer: ChatObserver;
  /** An upgrade was refused. `why` is one of a few words. */
  upgradeRefused(why: string): void;
  /** Everything in the text format of Prometheus, and the type to send it as. */
  render(): Promise<{ type: string; text: string }>;
}

/** Seconds. A commit takes a fraction of a ms on a good disk; a client gives up after 10 s. */
const ackBuckets = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const flushBuckets = [0.0001, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1];
const batchBuckets = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

export function createMetrics({ counts, isLogThere }: MetricsOptions): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `heartline_${name}`,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name: `heartline_${name}_total`, help, labelNames, registers });
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name: `heartline_${name}`, help, buckets, registers });

  gauge('connections', 'Open connections', () => counts().connections);
  gauge('rooms', 'Rooms that somebody is in', () => counts().rooms);
  gauge('users', 'Users who are connected', () => counts().users);
  gauge('unread_bytes', 'What was sent and has not left', () => counts().unreadBytes);
  gauge('log_up', '1 while messages can be stored', () => Number(isLogThere()));
  const opened = counter('connections', 'Connections taken');
  const closed = counter('closes', 'Connections ended, by WebSocket close code', 'code');
  const sentAway = counter('sent_away', 'Clients that the server sent away, by reason', 'why');
  const refusedUpgrades = counter('upgrades_refused', 'Upgrades refused, by reason', 'why');
  const acks = counter('acks', 'Messages acknowledged; repeated: known by their id', 'repeated');
  const ackSeconds = histogram('ack_seconds', 'From a message to its ack', ackBuckets);
  const errors = counter('errors', 'Frames answered with err, by code', 'code');
  const messages = counter('messages_told', 'Messages handed to rooms');
  const deliveries = counter('deliveries', 'Messages handed to lines');
  const flushSeconds = histogram('flush_seconds', 'What telling all rooms took', flushBuckets);
  const flushMessages = histogram('flush_messages', 'Messages told in one go', batchBuckets);
  const drops = counter('drops', 'What was left out or held up, by kind', 'what');

  const firstAck = acks.labels('no');
  const repeatedAck = acks.labels('yes');

  return {
    observer: {
      opened: () => opened.inc(),
      closed: (code) => closed.inc({ code: isKnown(code) ? String(code) : 'other' }),
      sentAway: (why) => sentAway.inc({ why }),
      acked(latencyMs, dup) {
        (dup ? repeatedAck : firstAck).inc();
        ackSeconds.observe(latencyMs / 1_000);
      },
      refused: (code) => errors.inc({ code }),
      flushed(told, toLines, durationMs) {
        messages.inc(told);
        deliveries.inc(toLines);
        flushSeconds.observe(durationMs / 1_000);
        if (told > 0) flushMessages.observe(told);
      },
      dropped: (what) => drops.inc({ what }),
    },
    upgradeRefused: (why) => refusedUpgrades.inc({ why }),
    async render() {
      return { type: registry.contentType, text: await registry.metrics() };
    },
  };
}

/** Codes that a client can make up (RFC 6455 section 7.4.2) share one series, or anyone could make many. */
function isKnown(code: number): boolean {
  return (
    (code >= 1_000 && code <= 1_015) ||
    (code >= 4_000 && code <= 4_020) ||
    (code >= 4_500 && code <= 4_520)
  );
}
