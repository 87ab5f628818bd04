import { describe, expect, it } from 'vitest';
import { createManualTime } from '../../testing/manualTime';
import { createServerLog, type LogLevel } from './serverLog';

function setUp(level: LogLevel = 'info') {
  const lines: string[] = [];
  const time = createManualTime();
  const log = createServerLog(level, { write: (line) => void lines.push(line) }, time);
  return { log, time, lines, told: () => lines.map((line) => JSON.parse(line)) };
}

describe('the server’s log', () => {
  it('is one line of JSON for each event, with its level in words and its time', () => {
    const { log, lines, told } = setUp();
    log.started({ version: '1.2.3', port: 80, host: undefined, engine: 'sqlite', limits: 'off' });
    log.logAway('the disk is full');
    log.logAway(undefined);
    expect(lines.every((line) => line.endsWith('\n'))).toBe(true);
    expect(told()).toMatchObject([
      { level: 'info', msg: 'started', version: '1.2.3', port: 80, engine: 'sqlite' },
      { level: 'error', msg: 'the message log is away', reason: 'the disk is full' },
      { level: 'info', msg: 'the message log takes messages again' },
    ]);
    for (const { time } of told()) expect(new Date(time).toISOString()).toBe(time);
  });

  it('keeps control characters within their line', () => {
    const { log, lines, told } = setUp();
    const evil = 'a\n{"level":"fatal"}\r\u001b[2J\u0000\u2028"}\u0085';
    log.logAway(evil);
    log.failed('something failed', new Error(evil));
    expect(lines).toHaveLength(2);
    const isPlain = (line: string) => [...line.slice(0, -1)].every((each) => each >= ' ');
    expect(lines.filter((line) => !isPlain(line))).toEqual([]);
    expect(told()[0].reason).toBe(evil);
    expect(told()[1].err.message).toBe(evil);
  });

  it('tells an error with its stack', () => {
    const { log, told } = setUp();
    log.failed('something failed', new TypeError('oops'));
    expect(told()[0]).toMatchObject({
      level: 'error',
      err: { type: 'TypeError', message: 'oops' },
    });
    expect(told()[0].err.stack).toContain('serverLog.test');
  });

  it('tells what a flood does once, and then how often', () => {
    const { log, time, told } = setUp();
    for (let n = 0; n < 500; n += 1) log.upgradeRefused('too fast');
    for (let n = 0; n < 500; n += 1) log.observer.sentAway?.('rateLimited');
    time.advance(10_000);
    expect(told()).toMatchObject([
      { msg: 'upgrade refused', reason: 'too fast', times: 1 },
      { msg: 'client sent away', reason: 'rateLimited', times: 1 },
      { msg: 'upgrade refused', reason: 'too fast', times: 499 },
      { msg: 'client sent away', reason: 'rateLimited', times: 499 },
    ]);
    log.close();
    expect(time.armed).toBe(0);
  });

  it('tells of a drain how many there were, not each of them', () => {
    const { log, told } = setUp();
    log.drainBegun(2);
    log.observer.sentAway?.('draining');
    log.drainEnded({ connections: 2, unanswered: 0 }, 12.4);
    log.drainEnded({ connections: 2, unanswered: 1 }, 5_000);
    expect(told()).toMatchObject([
      { level: 'info', msg: 'drain begun', connections: 2 },
      { level: 'info', msg: 'drain ended', connections: 2, unanswered: 0, durationMs: 12 },
      { level: 'warn', msg: 'drain ended', unanswered: 1 },
    ]);
  });

  it('tells of connections from debug on, and of messages in trace alone', () => {
    const told = (level: LogLevel) => {
      const { log, lines } = setUp(level);
      const { opened, closed, acked } = log.observer;
      opened?.();
      closed?.(1006);
      acked?.(1, false);
      return lines.map((line) => JSON.parse(line).msg);
    };
    expect(told('info')).toEqual([]);
    expect(told('debug')).toEqual(['connection opened', 'connection closed']);
    expect(told('trace')).toContain('message acked');
  });

  it('does not even listen to messages unless it tells of them', () => {
    expect(setUp('debug').log.observer.acked).toBeUndefined();
    expect(setUp('debug').log.observer.flushed).toBeUndefined();
  });

  it('can be silent', () => {
    const { log, lines } = setUp('silent');
    log.crashed(new Error('oops'));
    log.logAway('the disk is full');
    expect(lines).toEqual([]);
  });
});
