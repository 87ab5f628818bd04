/**
 * What Prometheus asks a server for. Counters are counted as things happen, gauges are read when somebody
 * asks. No metric has a label that a client could make up.
 */
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { closeCodes } from '../../protocol/closeCodes';
import { errorCodes } from '../../protocol/errorCodes';
import type { BlobUsage } from '../blobs/blobs';
import type { ChatCounts } from '../chat/chatServer';
import type { ChatObserver, Drop } from '../chat/observer';
import { type ApiErrorCode, apiErrors } from './apiErrors';
import { createLabelledTally, createTally, TallyHistogram } from './tallies';
import { type UpgradeRefusal, upgradeRefusals } from './upgradeRefusals';

export interface MetricsOptions {
  counts(): ChatCounts;
  /** Messages can be stored, as far as is known. */
  isLogThere(): boolean;
  /** What is kept of files, where any may be sent; rejects where that cannot be said now. */
  files?(): Promise<BlobUsage>;
}

export interface Metrics {
  readonly observer: ChatObserver;
  upgradeRefused(why: UpgradeRefusal): void;
  /** A program was refused over HTTP. */
  programRefused(code: ApiErrorCode): void;
  /** Everything in the text format of Prometheus, and the type to send it as. */
  render(): Promise<{ type: string; text: string }>;
}

/** Seconds. A commit takes a fraction of a ms on a good disk; a client gives up after 10 s. */
const ackBuckets = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const flushBuckets = [0.0001, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1];
const batchBuckets = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

export function createMetrics({ counts, isLogThere, files }: MetricsOptions): Metrics {
  const registry = new Registry();
  collectProcessMetrics(registry);

  const gauge = (name: string, help: string, read: () => number | Promise<number>) =>
    new Gauge({
      name: `heartline_${name}`,
      help,
      registers: [registry],
      async collect() {
        this.set(await read());
      },
    });
  const counter = (name: string, help: string) =>
    createTally(registry, `heartline_${name}_total`, help);
  const counterBy = (label: string, known: readonly string[], name: string, help: string) =>
    createLabelledTally(registry, { name: `heartline_${name}_total`, help, label, known });
  const histogram = (name: string, help: string, buckets: readonly number[]) =>
    new TallyHistogram(registry, `heartline_${name}`, help, buckets);

  gauge('connections', 'Open connections', () => counts().connections);
  gauge('rooms', 'Rooms that somebody is in', () => counts().rooms);
  gauge('users', 'Users who are connected', () => counts().users);
  gauge('unread_bytes', 'What was sent and has not left', () => counts().unreadBytes);
  gauge('log_up', '1 while messages can be stored', () => Number(isLogThere()));
  if (files) {
    // What cannot be said stands out, and the other numbers are there.
    const of = (what: keyof BlobUsage) => () =>
      files().then(
        (usage) => usage[what],
        () => Number.NaN,
      );
    gauge('files_bytes', 'Bytes of files that are kept or announced', of('bytes'));
    gauge('uploads', 'Files on their way', of('onTheirWay'));
  }
  const opened = counter('connections', 'Connections taken');
  const closed = counterBy(
    'code',
    [...closeLabels.values(), otherCode],
    'closes',
    'Connections ended, by WebSocket close code',
  );
  const sentAway = counterBy(
    'why',
    Object.keys(closeCodes),
    'sent_away',
    'Clients that the server sent away, by reason',
  );
  const refusedUpgrades = counterBy(
    'why',
    upgradeRefusals,
    'upgrades_refused',
    'Upgrades refused, by reason',
  );
  const refusedPrograms = counterBy(
    'code',
    Object.keys(apiErrors),
    'programs_refused',
    'Requests of programs refused, by code',
  );
  const acks = counterBy(
    'repeated',
    ['no', 'yes'],
    'acks',
    'Messages acknowledged; repeated: known by their id',
  );
  const ackSeconds = histogram('ack_seconds', 'From a message to its ack', ackBuckets);
  const errors = counterBy(
    'code',
    Object.keys(errorCodes),
    'errors',
    'Frames answered with err, by code',
  );
  const messages = counter('messages_told', 'Messages handed to rooms');
  const deliveries = counter('deliveries', 'Messages handed to lines');
  const flushSeconds = histogram('flush_seconds', 'What telling all rooms took', flushBuckets);
  const flushMessages = histogram('flush_messages', 'Messages told in one go', batchBuckets);
  const drops = counterBy('what', knownDrops, 'drops', 'What was left out or held up, by kind');

  return {
    observer: {
      opened: () => opened.add(1),
      closed: (code) => closed.add(closeLabels.get(code) ?? otherCode),
      sentAway: sentAway.add,
      acked(latencyMs, dup) {
        acks.add(dup ? 'yes' : 'no');
        ackSeconds.add(latencyMs / 1_000);
      },
      refused: errors.add,
      flushed(told, toLines, durationMs) {
        messages.add(told);
        deliveries.add(toLines);
        flushSeconds.add(durationMs / 1_000);
        if (told > 0) flushMessages.add(told);
      },
      dropped: drops.add,
    },
    upgradeRefused: refusedUpgrades.add,
    programRefused: refusedPrograms.add,
    async render() {
      return { type: registry.contentType, text: await registry.metrics() };
    },
  };
}

/** Codes that a client can make up (RFC 6455 section 7.4.2) share one series, or anyone could make many. */
const otherCode = 'other';

/** Those of the protocol itself (RFC 6455 section 7.4.1), and ours. */
const closeLabels: ReadonlyMap<number, string> = new Map(
  [
    ...[1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1010, 1011],
    ...Object.values(closeCodes).map(({ code }) => code),
  ].map((code) => [code, String(code)]),
);

const knownDrops: readonly Drop[] = ['stale news', 'throttled'];

/** How often the delay of the event loop is looked at, in ms: a timer, so not too often. */
const loopDelayResolutionMs = 20;

/** These go through all sockets, and say no more than the number of connections. */
const costlyMetrics = ['handles', 'requests', 'resources'].flatMap((what) => [
  `nodejs_active_${what}`,
  `nodejs_active_${what}_total`,
]);

function collectProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({
    register: registry,
    eventLoopMonitoringPrecision: loopDelayResolutionMs,
  });
  for (const name of costlyMetrics) registry.removeSingleMetric(name);
}
