import { describe, expect, it } from 'vitest';
import type { Health } from '../chat/chatServer';
import { createMetrics, type Metrics } from './metrics';

const nobody = { connections: 0, rooms: 0, users: 0, unreadBytes: 0 };

function watched(counts = nobody, health: Health = 'ok'): Metrics {
  const metrics = createMetrics();
  metrics.watch({ counts: () => counts, health: async () => health });
  return metrics;
}

/** The value of each series, by its name with its labels. */
async function read(metrics: Metrics): Promise<Map<string, number>> {
  const lines = (await metrics.text()).split('\n').filter((line) => line && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1))] as const;
    }),
  );
}

describe('the metrics', () => {
  it('tell what there is at this moment', async () => {
    const counts = { connections: 3, rooms: 2, users: 1, unreadBytes: 4_096 };
    const values = await read(watched(counts, 'log away'));
    expect(values.get('heartline_connections')).toBe(3);
    expect(values.get('heartline_rooms')).toBe(2);
    expect(values.get('heartline_users')).toBe(1);
    expect(values.get('heartline_unread_bytes')).toBe(4_096);
    expect(values.get('heartline_health{state="ok"}')).toBe(0);
    expect(values.get('heartline_health{state="log away"}')).toBe(1);
  });

  it('count what happens', async () => {
    const metrics = watched();
    const { observer } = metrics;
    observer.opened();
    observer.opened();
    observer.closed(1006);
    observer.sentAway('tooSlow');
    observer.acked(1, false);
    observer.acked(1, false);
    observer.acked(1, true);
    observer.refused('bad_json');
    observer.flushed(2, 200, 3);
    observer.dropped('stale news');
    metrics.upgradeRefused('too fast');
    const values = await read(metrics);
    for (const [name, value] of [
      ['heartline_connections_opened_total', 2],
      ['heartline_connections_closed_total{code="1006"}', 1],
      ['heartline_connections_sent_away_total{reason="tooSlow"}', 1],
      ['heartline_messages_acked_total', 2],
      ['heartline_messages_repeated_total', 1],
      ['heartline_errors_total{code="bad_json"}', 1],
      ['heartline_deliveries_total', 200],
      ['heartline_flush_messages_sum', 2],
      ['heartline_flush_duration_seconds_count', 1],
      ['heartline_drops_total{what="stale news"}', 1],
      ['heartline_upgrades_refused_total{reason="too fast"}', 1],
    ] as const) {
      expect([name, values.get(name)]).toEqual([name, value]);
    }
  });

  it('begin at 0 with every label that there can be, so that the first event is a change', async () => {
    const values = await read(watched());
    for (const name of [
      'heartline_connections_sent_away_total{reason="rateLimited"}',
      'heartline_connections_closed_total{code="4001"}',
      'heartline_errors_total{code="unavailable"}',
      'heartline_drops_total{what="throttled"}',
      'heartline_upgrades_refused_total{reason="server full"}',
    ]) {
      expect([name, values.get(name)]).toEqual([name, 0]);
    }
  });

  it('count the same again when they are read again', async () => {
    const metrics = watched();
    metrics.observer.opened();
    await metrics.text();
    expect((await read(metrics)).get('heartline_connections_opened_total')).toBe(1);
  });

  it('sort latencies as Prometheus does: each bucket holds all up to its bound', async () => {
    const metrics = watched();
    for (const latencyMs of [0.2, 1, 1.5, 30, 20_000]) metrics.observer.acked(latencyMs, false);
    const values = await read(metrics);
    const upTo = (bound: string) =>
      values.get(`heartline_ack_latency_seconds_bucket{le="${bound}"}`);
    expect(['0.0005', '0.001', '0.0025', '0.05', '10', '+Inf'].map(upTo)).toEqual([
      1, 2, 3, 4, 4, 5,
    ]);
    expect(values.get('heartline_ack_latency_seconds_count')).toBe(5);
    expect(values.get('heartline_ack_latency_seconds_sum')).toBeCloseTo(20.0327, 6);
  });

  it('do not grow with the close codes that clients think of', async () => {
    const metrics = watched();
    for (let code = 3_000; code < 5_000; code += 1) metrics.observer.closed(code);
    const closes = [...(await read(metrics)).keys()].filter((name) => name.includes('_closed_'));
    expect(closes.length).toBeLessThan(40);
    const values = await read(metrics);
    const known = values.get('heartline_connections_closed_total{code="4001"}');
    expect(known).toBe(1);
    expect(values.get('heartline_connections_closed_total{code="other"}')).toBeGreaterThan(1_900);
  });

  it('tell how the process is, and walk over no socket for it', async () => {
    const text = await watched().text();
    expect(text).toContain('process_resident_memory_bytes');
    expect(text).toContain('nodejs_eventloop_lag_p99_seconds');
    expect(text).not.toContain('nodejs_active_');
  });
});
