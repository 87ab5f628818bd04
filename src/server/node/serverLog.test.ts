import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { createManualTime } from '../../testing/manualTime';
import { createServerLog, type LogLevel, observeForLog } from './serverLog';

function createLog(level: LogLevel) {
  const lines: string[] = [];
  const log = createServerLog(level, { write: (line) => void lines.push(line) });
  return { log, lines, told: () => lines.map((line): unknown => JSON.parse(line)) };
}

describe('the log of a server', () => {
  it('is one JSON object a line, whatever is in it', () => {
    const { log, lines, told } = createLog('info');
    log.info({ why: 'a\nb\u001b[31m"\u2028' }, 'line\r\nbreak');
    expect(lines).toHaveLength(1);
    expect(lines[0]?.trimEnd()).not.toMatch(/\p{Cc}/u);
    expect(told()).toMatchObject([
      { level: 30, why: 'a\nb\u001b[31m"\u2028', msg: 'line\r\nbreak' },
    ]);
  });

  it('tells an error with its message and place', () => {
    const { log, told } = createLog('error');
    log.error({ err: new RangeError('the disk is gone') }, 'failed');
    expect(told()).toMatchObject([
      {
        err: {
          type: 'RangeError',
          message: 'the disk is gone',
          stack: expect.stringContaining('at '),
        },
      },
    ]);
  });

  it('tells nothing of a value that was refused, but where it was wrong', () => {
    const { log, lines } = createLog('error');
    const schema = v.object({ body: v.literal('x') });
    const error: unknown = (() => {
      try {
        return v.parse(schema, { body: 'my secret' });
      } catch (reason) {
        return reason;
      }
    })();
    log.error({ err: error }, 'failed');
    expect(lines[0]).toContain('at: body');
    expect(lines[0]).not.toContain('secret');
  });

  it('tells who was sent away and why, and of each connection only who debugs', () => {
    const quiet = createLog('info');
    const loud = createLog('debug');
    for (const { log } of [quiet, loud]) {
      const { observer } = observeForLog(log, createManualTime());
      observer.opened?.();
      observer.sentAway?.('tooSlow');
      observer.sentAway?.('draining');
      observer.closed?.(4003);
    }
    expect(quiet.told()).toMatchObject([{ why: 'tooSlow' }]);
    expect(loud.lines).toHaveLength(3);
  });

  it('tells what a flood does once, and then how often', () => {
    const { log, told } = createLog('info');
    const time = createManualTime();
    const { observer, upgradeRefused, socketDropped, close } = observeForLog(log, time);
    for (let n = 0; n < 500; n += 1) {
      upgradeRefused('too fast');
      observer.sentAway?.('rateLimited');
      socketDropped('too many from one address');
    }
    time.advance(10_000);
    expect(told()).toMatchObject([
      { msg: 'an upgrade was refused', why: 'too fast', times: 1 },
      { msg: 'a client was sent away', why: 'rateLimited', times: 1 },
      { msg: 'a socket was dropped', why: 'too many from one address', times: 1 },
      { msg: 'an upgrade was refused', why: 'too fast', times: 499 },
      { msg: 'a client was sent away', why: 'rateLimited', times: 499 },
      { msg: 'a socket was dropped', why: 'too many from one address', times: 499 },
    ]);
    close();
    expect(time.armed).toBe(0);
  });
});
