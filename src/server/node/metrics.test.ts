import { describe, expect, it } from 'vitest';
import { createTestChat, settle } from '../chat/testChat';
import { createMemoryLog } from '../log/memoryLog';
import { createMetrics } from './metrics';

const say = (id: string) => ({ t: 'send', id, room: 'tea', body: 'my secret' }) as const;

function createWorld() {
  let isLogThere = true;
  const metrics = createMetrics({
    counts: () => chat.server.counts(),
    isLogThere: () => isLogThere,
  });
  const chat = createTestChat(createMemoryLog('epoch-1'), { observer: metrics.observer });
  /** The value of a series, as Prometheus would read it. */
  async function read(series: string): Promise<number | undefined> {
    const { text } = await metrics.render();
    const line = text.split('\n').find((each) => each.startsWith(`${series} `));
    return line === undefined ? undefined : Number(line.slice(series.length));
  }
  const loseLog = () => {
    isLogThere = false;
  };
  return { chat, metrics, read, loseLog };
}

describe('the metrics', () => {
  it('count who is there, what was said and acked, and to how many lines it went', async () => {
    const { chat, read } = createWorld();
    const ann = await chat.enter('Ann', 'tea');
    await chat.enter('Bob', 'tea');
    ann.send(say('a'), say('b'), say('a'));
    await settle();
    for (const [series, value] of [
      ['heartline_connections', 2],
      ['heartline_users', 2],
      ['heartline_rooms', 1],
      ['heartline_connections_total', 2],
      ['heartline_acks_total{repeated="no"}', 2],
      ['heartline_acks_total{repeated="yes"}', 1],
      ['heartline_ack_seconds_count', 3],
      ['heartline_messages_told_total', 2],
      ['heartline_deliveries_total', 4],
      ['heartline_log_up', 1],
    ] as const) {
      expect([series, await read(series)]).toEqual([series, value]);
    }
  });

  it('count what went wrong, by reason', async () => {
    const { chat, metrics, read, loseLog } = createWorld();
    const ann = await chat.enter('Ann', 'tea');
    for (let n = 0; n < 20; n += 1) ann.sendRaw('?');
    ann.end(4500);
    const bob = await chat.enter('Bob', 'tea');
    bob.end(4_999);
    metrics.upgradeRefused('foreign origin');
    metrics.programRefused('too_fast');
    loseLog();
    for (const [series, value] of [
      ['heartline_programs_refused_total{code="too_fast"}', 1],
      ['heartline_errors_total{code="bad_json"}', 20],
      ['heartline_sent_away_total{why="badFrames"}', 1],
      ['heartline_closes_total{code="4500"}', 1],
      ['heartline_closes_total{code="other"}', 1],
      ['heartline_upgrades_refused_total{why="foreign origin"}', 1],
      ['heartline_log_up', 0],
    ] as const) {
      expect([series, await read(series)]).toEqual([series, value]);
    }
  });

  it('tell nothing that anybody said or is called, and how the process does', async () => {
    const { chat, metrics } = createWorld();
    const ann = await chat.enter('Ann Lee', 'tea');
    ann.send(say('a'));
    await settle();
    const { text, type } = await metrics.render();
    expect(type).toContain('text/plain');
    expect(text).not.toMatch(/secret|Ann Lee|tea/);
    expect(text).toContain('process_resident_memory_bytes');
    expect(text).toContain('nodejs_eventloop_lag_seconds');
    // These go through all sockets.
    expect(text).not.toContain('nodejs_active_');
  });

  it('begin at 0 with every label that there can be, so that the first event is a change', async () => {
    const { read } = createWorld();
    for (const series of [
      'heartline_sent_away_total{why="rateLimited"}',
      'heartline_closes_total{code="4001"}',
      'heartline_errors_total{code="unavailable"}',
      'heartline_drops_total{what="throttled"}',
      'heartline_upgrades_refused_total{why="server full"}',
    ]) {
      expect([series, await read(series)]).toEqual([series, 0]);
    }
  });

  it('count the same again when they are read again', async () => {
    const { metrics, read } = createWorld();
    metrics.observer.opened();
    await metrics.render();
    expect(await read('heartline_connections_total')).toBe(1);
  });

  it('sort latencies as Prometheus does: each bucket holds all up to its bound', async () => {
    const { metrics, read } = createWorld();
    for (const latencyMs of [0.2, 1, 1.5, 30, 20_000]) metrics.observer.acked(latencyMs, false);
    const upTo = (bound: string) => read(`heartline_ack_seconds_bucket{le="${bound}"}`);
    const bounds = ['0.0005', '0.001', '0.002', '0.05', '10', '+Inf'];
    expect(await Promise.all(bounds.map(upTo))).toEqual([1, 2, 3, 4, 4, 5]);
    expect(await read('heartline_ack_seconds_count')).toBe(5);
    expect(await read('heartline_ack_seconds_sum')).toBeCloseTo(20.0327, 6);
  });

  it('do not grow with the close codes that clients think of', async () => {
    const { metrics, read } = createWorld();
    for (let code = 3_000; code < 5_000; code += 1) metrics.observer.closed(code);
    const { text } = await metrics.render();
    expect(text.match(/^heartline_closes_total/gm)?.length).toBeLessThan(40);
    expect(await read('heartline_closes_total{code="4001"}')).toBe(1);
    expect(await read('heartline_closes_total{code="other"}')).toBeGreaterThan(1_900);
  });
});
