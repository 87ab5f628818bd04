/**
 * Finds the links in a text: http, https and mailto, and www. without a scheme; nothing else ever. Loaded
 * when the first message needs it, as it is larger than all the rest of the markup.
 */
import { LinkifyIt } from 'linkify-it';
import type { FoundLink } from './parseLine';

/** No address that people share is longer; beyond, it is text. */
const longestLink = 2_048;

const hasDomain = /^https:\/\/www\.[^./?#]+\.[^./?#]/i;

const linkify = new LinkifyIt({ urlAuth: true, maxLength: longestLink })
  .add('ftp:', null)
  .add('//', null)
  // With any top-level domain: without www. a word with a dot in it need not be an address.
  .add('www.', {
    validate(text, from, self) {
      const match = self.matchAtStart(`https://www.${text.slice(from)}`);
      return match && hasDomain.test(match.raw) ? match.raw.length - 'https://www.'.length : 0;
    },
  });

const words = /[^\s，。；：！？、（）「」『』《》【】“”‘’…\u3000]+/gu;
/** Where emphasis, or Chinese, Japanese or Korean, goes on into an address without a space between. */
const runOn = /(?<=[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}*_])(?=https?:\/\/|www\.|mailto:)/iu;
/** Characters that show an address as another one, or not at all. */
const misleading = /[\p{Cc}\p{Cf}]/u;
const allowed = new Set(['http:', 'https:', 'mailto:']);

export function findLinks(text: string): FoundLink[] {
  const links: FoundLink[] = [];
  for (const { 0: word, index } of text.matchAll(words)) {
    let start = index;
    for (const part of word.split(runOn)) {
      for (const link of linksIn(part, text[start - 1]))
        links.push({ ...link, start: start + link.start, end: start + link.end });
      start += part.length;
    }
  }
  return links;
}

function linksIn(word: string, before: string | undefined): FoundLink[] {
  if (word.length > longestLink || !linkify.test(word)) return [];
  return (linkify.match(word) ?? []).flatMap((match) => {
    const text = withoutEmphasis(word[match.index - 1] ?? before, match.raw);
    const address = addressOf(match.schema, text);
    if (!address) return [];
    const { url, host } = address;
    return [{ start: match.index, end: match.index + text.length, href: url.href, host }];
  });
}

/** In `**https://…**` the asterisks at the end are not the address's. */
function withoutEmphasis(before: string | undefined, text: string): string {
  if (before !== '*' && before !== '_') return text;
  let end = text.length;
  while (text[end - 1] === before) end -= 1;
  return text.slice(0, end);
}

function addressOf(schema: string, text: string) {
  if (misleading.test(text)) return undefined;
  const isMail = schema === 'mailto:';
  const scheme =
    schema === 'www.' ? 'https://' : isMail && !/^mailto:/i.test(text) ? 'mailto:' : '';
  const url = parseUrl(`${scheme}${text}`);
  // What stands before an @ is taken for the host by who reads in haste.
  if (!url || !allowed.has(url.protocol) || url.username !== '' || url.password !== '')
    return undefined;
  const isPlain = isMail || !/[^\x20-\x7e]/.test(hostIn(text));
  return { url, host: isPlain ? undefined : url.host };
}

function hostIn(text: string): string {
  return text.replace(/^[a-z]+:\/\//i, '').split(/[/?#]/, 1)[0] ?? '';
}

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
