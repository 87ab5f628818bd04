/** Which language to speak, and its texts, loaded when they are needed. */
import type { Texts } from './en';
import { type FirstTexts, first } from './en/first';

export type Language = 'en' | 'zh-CN';

export interface LanguageWishes {
  /** The `lang` of the page's address. */
  query: string | null;
  /** What was chosen on an earlier visit. */
  stored: string | undefined;
  /** The browser's, the most wanted first. */
  navigator: readonly string[];
}

/** The first wish that can be met: the address, then the stored choice, then the browser's. */
export function pickLanguage({ query, stored, navigator }: LanguageWishes): Language {
  for (const wish of [query, stored, ...navigator]) {
    const language = wish ? languageOf(wish) : undefined;
    if (language) return language;
  }
  return 'en';
}

/** What the page says at first. English is always there; others are fetched. */
export async function loadFirstTexts(language: Language): Promise<FirstTexts> {
  return language === 'zh-CN' ? (await import('./zh-CN/first')).first : first;
}

/** All texts of a language. */
export async function loadTexts(language: Language): Promise<Texts> {
  return language === 'zh-CN' ? (await import('./zh-CN')).zhCN : (await import('./en')).en;
}

function languageOf(tag: string): Language | undefined {
  const [primary] = tag.toLowerCase().split('-');
  if (primary === 'zh') return 'zh-CN';
  return primary === 'en' ? 'en' : undefined;
}
