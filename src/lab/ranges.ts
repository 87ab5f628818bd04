/** Whatever is asked of the lab, it does only what makes sense: the nearest that is within the ranges. */
import {
  type EffectiveTuning,
  type Faults,
  faultRanges,
  longestSkipMs,
  noFaults,
  type TunedNumber,
  type Tuning,
  tuningRanges,
} from './types';

type Range = readonly [min: number, max: number];

/** A whole number in the range; undefined for what is no number. */
export function within([min, max]: Range, value: number | undefined): number | undefined {
  if (value === undefined || Number.isNaN(value)) return undefined;
  return Math.round(Math.min(max, Math.max(min, value)));
}

/** Gives back `noFaults` itself where nothing is wrong. */
export function faultsWithin(faults: Faults): Faults {
  const { frozen, isRefusing, isOffline } = faults;
  const number = (name: keyof typeof faultRanges) => within(faultRanges[name], faults[name]) ?? 0;
  const next: Faults = {
    frozen,
    delayMs: number('delayMs'),
    lostPercent: number('lostPercent'),
    duplicatedPercent: number('duplicatedPercent'),
    isRefusing,
    isOffline,
  };
  return JSON.stringify(next) === JSON.stringify(noFaults) ? noFaults : next;
}

/** Holds only what is tuned. */
export function tuningWithin({ isAdaptive, ...numbers }: Tuning): Partial<EffectiveTuning> {
  const tuning: { -readonly [Key in TunedNumber]?: number } = {};
  for (const name of tunedNumbers) {
    const value = within(tuningRanges[name], numbers[name]);
    if (value !== undefined) tuning[name] = value;
  }
  return isAdaptive === undefined ? tuning : { ...tuning, isAdaptive };
}

export const tunedNumbers: readonly TunedNumber[] = [
  'intervalMs',
  'timeoutMs',
  'ackTimeoutMs',
  'baseMs',
  'capMs',
  'maxRetries',
];

export function skipWithin(ms: number): number {
  return within([0, longestSkipMs], ms) ?? 0;
}

export function closeCodeWithin(code: number): number {
  return within([1000, 4999], code) ?? 1000;
}
