const plural = new Intl.PluralRules('en');

/** A number with the word that goes with it: `counted(2, 'message', 'messages')`. */
export const counted = (count: number, one: string, other: string) =>
  `${count.toLocaleString('en')} ${plural.select(count) === 'one' ? one : other}`;
