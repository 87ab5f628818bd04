import { describe, expect, it } from 'vitest';
import { cutName, dateInName } from './fileName';

describe('a name that may be cut', () => {
  it('is whole again when put together, and keeps its ending', () => {
    const name = 'Minutes of the meeting about the kettle, 2026.pdf';
    const { start, end } = cutName(name);
    expect(start + end).toBe(name);
    expect(end).toBe(', 2026.pdf');
  });

  it('is not cut where it is short', () => {
    expect(cutName('kettle.png')).toEqual({ start: 'kettle.png', end: '' });
  });

  it('is never cut within a character', () => {
    const name = `${'👩‍👩‍👧‍👦'.repeat(30)}.png`;
    const { start, end } = cutName(name);
    expect(start + end).toBe(name);
    expect(end).toBe(`${'👩‍👩‍👧‍👦'.repeat(6)}.png`);
  });
});

describe('a name by a moment', () => {
  it('has nothing that a file’s name cannot have', () => {
    expect(dateInName(new Date(2026, 0, 5, 9, 7).getTime())).toBe('2026-01-05 09.07');
  });
});
