/** Which steps were seen, kept by this browser over a reload. What it keeps may be of another version. */
import { createTextStorage } from '../../browserStorage';
import { type StepName, stepNames } from './steps';

const key = 'tour';
const storage = createTextStorage('localStorage');

export function readProgress(): readonly StepName[] {
  const kept = storage.get(key)?.split(' ') ?? [];
  return stepNames.filter((name) => kept.includes(name));
}

export function keepProgress(done: readonly StepName[]): void {
  if (done.length === 0) storage.remove(key);
  else storage.set(key, done.join(' '));
}
