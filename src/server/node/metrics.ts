/**
 * What the server counts, as Prometheus metrics. It listens to the chat's heart with plain additions, and
 * asks it for what there is at this moment only when somebody reads the metrics. Labels are codes of our
 * own tables: nobody outside can make new ones.
 */
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { closeCodeName, closeCodes } from '../../protocol/closeCodes';
import { type ErrorCode, errorCodes } from '../../protocol/errorCodes';
import type { ChatServer, Health } from '../chat/chatServer';
import type { ChatObserver, Drop } from '../chat/observer';
import { createLabelledTally, createTally, TallyHistogram } from './tallies';
import { type UpgradeRefusal, upgradeRefusals } from './upgradeRefusals';

export interface Metrics {
  readonly observer: ChatObserver;
  upgradeRefused(why: UpgradeRefusal): void;
  /** Where the numbers of this moment come from. */
  watch(chat: Pick<ChatServer, 'counts' | 'health'>): void;
  /** Everything, in Prometheus' text format. */
  text(): Promise<string>;
  /** Of `text`. */
  readonly contentType: string;
}

/** In seconds: a message is acked after a sync to disk, of 0.1 ms to far too long. */
const latencyBuckets = [
  0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];
const flushBuckets = [
  0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5,
];
const batchBuckets = [0, 1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000];

/** How a line can end without a code of ours. RFC 6455 section 7.4.1. */
const protocolCloseCodes = [1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1010, 1011];

const drops: Drop[] = ['stale news', 'throttled'];
const healths: Health[] = ['ok', 'draining', 'log away'];

export function createMetrics(): Metrics {
  const registry = new Registry();
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] });
  let chat: Pick<ChatServer, 'counts' | 'health'> | undefined;

  const connections = gauge('heartline_connections', 'Open connections.');
  const rooms = gauge('heartline_rooms', 'Rooms that somebody is in.');
  const users = gauge('heartline_users', 'Users with a connection.');
  const unreadBytes = gauge(
    'heartline_unread_bytes',
    'Bytes sent that clients have not taken yet, all connections together.',
  );
  const health = new Gauge({
    name: 'heartline_health',
    help: '1 for what /healthz answers now.',
    labelNames: ['state'],
    registers: [registry],
  });
  const tally = (name: string, help: string) => createTally(registry, name, help);
  const opened = tally('heartline_connections_opened_total', 'Connections taken.');
  const closed = createLabelledTally(registry, {
    name: 'heartline_connections_closed_total',
    help: 'Connections that ended, by WebSocket close code.',
    label: 'code',
    known: [...[...knownCloseCodes].map(String), 'other'],
  });
  const sentAway = createLabelledTally(registry, {
    name: 'heartline_connections_sent_away_total',
    help: 'Connections that the server closed, and why.',
    label: 'reason',
    known: Object.values(closeCodes).flatMap(({ code }) => closeCodeName(code) ?? []),
  });
  const refusedUpgrades = createLabelledTally<UpgradeRefusal>(registry, {
    name: 'heartline_upgrades_refused_total',
    help: 'WebSocket handshakes refused, and why.',
    label: 'reason',
    known: [...upgradeRefusals],
  });
  const acked = tally('heartline_messages_acked_total', 'Messages stored and acked.');
  const repeated = tally(
    'heartline_messages_repeated_total',
    'Messages acked again that had been stored before.',
  );
  const deliveries = tally(
    'heartline_deliveries_total',
    'Messages handed to connections, once for each of them.',
  );
  const errors = createLabelledTally<ErrorCode>(registry, {
    name: 'heartline_errors_total',
    help: 'Frames answered with an error, by its code.',
    label: 'code',
    known: namesOf(errorCodes),
  });
  const dropped = createLabelledTally<Drop>(registry, {
    name: 'heartline_drops_total',
    help: 'What was left out or put off for a client, and what.',
    label: 'what',
    known: drops,
  });
  const histogram = (name: string, help: string, buckets: readonly number[]) =>
    new TallyHistogram(registry, name, help, buckets);
  const latency = histogram(
    'heartline_ack_latency_seconds',
    'Time from a message to its ack, being on disk included.',
    latencyBuckets,
  );
  const flushDuration = histogram(
    'heartline_flush_duration_seconds',
    'Time that it takes to hand what is new to everybody.',
    flushBuckets,
  );
  const flushMessages = histogram(
    'heartline_flush_messages',
    'Messages that were handed over together.',
    batchBuckets,
  );
  collectProcessMetrics(registry);

  return {
    observer: {
      opened: () => opened.add(1),
      closed: (code) => closed.add(knownCloseCodes.has(code) ? String(code) : 'other'),
      sentAway: sentAway.add,
      acked(latencyMs, dup) {
        (dup ? repeated : acked).add(1);
        latency.add(latencyMs / 1_000);
      },
      refused: errors.add,
      flushed(messages, to, durationMs) {
        deliveries.add(to);
        flushMessages.add(messages);
        flushDuration.add(durationMs / 1_000);
      },
      dropped: dropped.add,
    },
    upgradeRefused: refusedUpgrades.add,
    watch(watched) {
      chat = watched;
    },
    async text() {
      if (chat) {
        const counts = chat.counts();
        connections.set(counts.connections);
        rooms.set(counts.rooms);
        users.set(counts.users);
        unreadBytes.set(counts.unreadBytes);
        const now = await chat.health();
        for (const state of healths) health.set({ state }, state === now ? 1 : 0);
      }
      return registry.metrics();
    },
    contentType: registry.contentType,
  };
}

/** Clients may close with any code from 3000 to 4999: each of them counted apart would fill the memory. */
const knownCloseCodes: ReadonlySet<number> = new Set([
  ...protocolCloseCodes,
  ...Object.values(closeCodes).map(({ code }) => code),
]);

/** How often the event loop's delay is looked at, in ms: a timer, so not too often. */
const loopDelayResolutionMs = 20;

/** These walk over all sockets, and say no more than the connections do. */
const costlyMetrics = ['handles', 'requests', 'resources'].flatMap((what) => [
  `nodejs_active_${what}`,
  `nodejs_active_${what}_total`,
]);

function collectProcessMetrics(registry: Registry) {
  collectDefaultMetrics({
    register: registry,
    eventLoopMonitoringPrecision: loopDelayResolutionMs,
  });
  for (const name of costlyMetrics) registry.removeSingleMetric(name);
}

function namesOf<Name extends string>(table: Readonly<Record<Name, unknown>>): Name[] {
  return Object.keys(table) as Name[];
}
