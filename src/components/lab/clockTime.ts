/** The time of day of a moment (ms since 1970), to the millisecond, the same in every language. */
export function clockTime(at: number): string {
  const date = new Date(at);
  const padded = (value: number, digits = 2) => String(value).padStart(digits, '0');
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => padded(part));
  return `${time.join(':')}.${padded(date.getMilliseconds(), 3)}`;
}
