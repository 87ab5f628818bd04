import { describe, expect, it } from 'vitest';
import type { LossCause } from '../../connection/machine';
import { en } from '../../i18n/en';
import { labPanel } from '../../i18n/en/labPanel';
import { changeOf } from '../../testing/fakeLab';
import { transitionWords } from './transitionWords';

const wordsOf = (...change: Parameters<typeof changeOf>) =>
  transitionWords(en, labPanel, { number: 0, at: 0, ...changeOf(...change) });
const closed = (code: number, reason = ''): LossCause => ({
  kind: 'closed',
  code,
  reason,
  wasClean: true,
});

describe('why the line went from one state to another', () => {
  it('is told with the close code, known or not', () => {
    expect(wordsOf('open', 'waiting', { cause: closed(1006) })).toBe('The line broke. (1006)');
    expect(wordsOf('open', 'failed', { cause: closed(4999, 'no more') })).toBe(
      'The server closed the line (4999, no more).',
    );
  });

  it('is told of a heartbeat that was not answered', () => {
    expect(wordsOf('open', 'waiting', { cause: { kind: 'heartbeat timeout' } })).toBe(
      'The server did not answer a heartbeat.',
    );
  });

  it('tells a person from a page that was put aside', () => {
    expect(wordsOf('open', 'closed')).toBe('Closed on purpose.');
    expect(wordsOf('open', 'closed', { isSuspended: true })).toContain('nobody is looking');
  });

  it('tells the next try from somebody who asked', () => {
    expect(wordsOf('waiting', 'connecting', { cause: closed(1006) })).toBe('The next try begins.');
    expect(wordsOf('failed', 'connecting', { cause: closed(4500) })).toBe(
      'A connection was asked for.',
    );
  });

  it('says that there is no network', () => {
    expect(wordsOf('waiting', 'offline', { cause: closed(1006) })).toContain('no network');
    expect(wordsOf('open', 'offline', { cause: closed(1006) })).toBe('The line broke. (1006)');
  });
});
