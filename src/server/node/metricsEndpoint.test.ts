import { describe, expect, it } from 'vitest';
import { requestFrom } from '../../testing/requestFrom';
import { isFromThisMachine } from './metricsEndpoint';

const asks = (from: string | undefined, host: string, more: Record<string, string> = {}) =>
  isFromThisMachine(requestFrom({ from, headers: { host, ...more } }));

describe('a request for the metrics', () => {
  it.each([
    ['127.0.0.1', 'localhost:6969'],
    ['::ffff:127.0.0.1', '127.0.0.1:6969'],
    ['::1', '[::1]:6969'],
    ['127.0.0.2', 'LOCALHOST'],
  ])('is of this machine from %s to %s', (from, host) => {
    expect(asks(from, host)).toBe(true);
  });

  it.each(['192.168.1.20', '203.0.113.5', '::ffff:10.0.0.1', undefined])(
    'is not from %s',
    (from) => {
      expect(asks(from, 'localhost:6969')).toBe(false);
    },
  );

  it.each([
    'x-forwarded-for',
    'x-forwarded-proto',
    'x-forwarded-host',
    'x-real-ip',
    'forwarded',
    'via',
  ])('is not if a proxy has passed it on and set %s', (mark) => {
    expect(asks('127.0.0.1', 'localhost:6969', { [mark]: 'x' })).toBe(false);
  });

  it.each(['chat.example', 'localhost.evil.example', '127.0.0.1.evil.example', ''])(
    'is not if a proxy that sets no header has passed on the name "%s"',
    (host) => {
      expect(asks('127.0.0.1', host)).toBe(false);
    },
  );
});
