/**
 * How a connection is tuned, as a part of the page's address that a person can read and hand on:
 * `?tune=interval-5000.timeout-2000.adaptive-on`. What makes no sense in it is as if it were not there.
 */
import { tunedNumbers, tuningWithin } from './ranges';
import { type TunedNumber, type Tuning, tuneParameter } from './types';

const wordOf: Record<TunedNumber, string> = {
  intervalMs: 'interval',
  timeoutMs: 'timeout',
  ackTimeoutMs: 'ack',
  baseMs: 'base',
  capMs: 'cap',
  maxRetries: 'tries',
};

/** What the query of an address asks for. */
export function readTuning(search: string): Tuning {
  const text = new URLSearchParams(search).get(tuneParameter) ?? '';
  const values = new Map(text.split('.').map((each) => pairOf(each)));
  const numbers = tunedNumbers.map((name) => [name, numberOf(values.get(wordOf[name]))]);
  const adaptive = values.get('adaptive');
  const isKnown = adaptive === 'on' || adaptive === 'off';
  return tuningWithin({
    ...Object.fromEntries(numbers),
    ...(isKnown && { isAdaptive: adaptive === 'on' }),
  });
}

/** The address with this tuning in it instead of any other. */
export function withTuning(href: string, tuning: Tuning): string {
  const url = new URL(href);
  const parts = tunedNumbers
    .filter((name) => tuning[name] !== undefined)
    .map((name) => `${wordOf[name]}-${tuning[name]}`);
  if (tuning.isAdaptive !== undefined) parts.push(`adaptive-${tuning.isAdaptive ? 'on' : 'off'}`);
  if (parts.length > 0) url.searchParams.set(tuneParameter, parts.join('.'));
  else url.searchParams.delete(tuneParameter);
  return url.href;
}

function pairOf(text: string): [word: string, value: string] {
  const [word = '', value = ''] = text.split('-', 2);
  return [word, value];
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
