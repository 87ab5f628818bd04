import { describe, expect, it } from 'vitest';
import { formatWhen } from './formatWhen';

const now = new Date(2026, 4, 20, 15, 0).getTime();
const at = (...[month, day, year = 2026]: number[]) =>
  new Date(year, month ?? 0, day ?? 1, 9, 5).getTime();

describe('when something was', () => {
  it.each([
    ['today a time', at(4, 20), '9:05 AM', '09:05'],
    ['this week a weekday', at(4, 17), 'Sun', '周日'],
    ['this year a date', at(1, 3), 'Feb 3', '2月3日'],
    ['before that a date with its year', at(1, 3, 2024), 'Feb 3, 2024', '2024年2月3日'],
    ['by a clock that goes ahead of ours a date', at(4, 25), 'May 25', '5月25日'],
  ])('is told as: %s', (_, moment, english, chinese) => {
    // A narrow no-break space stands before AM.
    expect(formatWhen('en', moment, now).replace(/\s/g, ' ')).toBe(english);
    expect(formatWhen('zh-CN', moment, now)).toBe(chinese);
  });
});
