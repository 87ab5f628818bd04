/** Gives the components below it their texts. */
import { createContext, type ReactNode, useContext } from 'react';
import { en, type Texts } from './en';
import type { Language } from './language';

interface Spoken {
  language: Language;
  texts: Texts;
}

const TextsContext = createContext<Spoken>({ language: 'en', texts: en });

export function TextsProvider({ language, texts, children }: Spoken & { children: ReactNode }) {
  return <TextsContext value={{ language, texts }}>{children}</TextsContext>;
}

export function useTexts(): Texts {
  return useContext(TextsContext).texts;
}

export function useLanguage(): Language {
  return useContext(TextsContext).language;
}
