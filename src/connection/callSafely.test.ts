import { afterEach, describe, expect, it, vi } from 'vitest';
import { callSafely } from './callSafely';

const mistake = new Error('a mistake');
const fail = () => {
  throw mistake;
};

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('a call that throws', () => {
  it('is reported as any uncaught error, and goes no further', () => {
    const reportError = vi.fn();
    vi.stubGlobal('reportError', reportError);
    callSafely(fail);
    expect(reportError).toHaveBeenCalledExactlyOnceWith(mistake);
  });

  it('throws in a turn of its own where nothing can be reported', () => {
    const turns: (() => void)[] = [];
    vi.stubGlobal('reportError', undefined);
    vi.stubGlobal('queueMicrotask', (turn: () => void) => turns.push(turn));
    callSafely(fail);
    expect(turns).toHaveLength(1);
    expect(turns[0]).toThrow(mistake);
  });
});
