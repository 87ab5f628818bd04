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
    metrics.upgradeRefused('origin');
    loseLog();
    for (const [series, value] of [
      ['heartline_errors_total{code="bad_json"}', 20],
      ['heartline_sent_away_total{why="badFrames"}', 1],
      ['heartline_closes_total{code="4500"}', 1],
      ['heartline_closes_total{code="other"}', 1],
      ['heartline_upgrades_refused_total{why="origin"}', 1],
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
  });
});
