/** What a message says in plain words, and in the same ones once the links in it can be found. */
import { useMemo } from 'react';
import { plainText } from './plainText';
import { useFindLinks } from './useFindLinks';

export function usePlainText(body: string): string {
  const findLinks = useFindLinks(body);
  return useMemo(() => plainText(body, findLinks), [body, findLinks]);
}
