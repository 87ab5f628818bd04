/**
 * Gives the components below it their texts: those that are there from the first moment, and all of them
 * once the rest was loaded.
 */
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';
import type { Texts } from './en';
import { type FirstTexts, first } from './en/first';
import { type Language, loadTexts } from './language';

interface Spoken {
  language: Language;
  texts: FirstTexts;
}

interface Rest {
  texts: Texts | undefined;
  load(): Promise<void>;
}

// Apart from each other: what can be said from the first moment is not drawn again when the rest comes.
const FirstContext = createContext<Spoken>({ language: 'en', texts: first });
const RestContext = createContext<Rest>({ texts: undefined, load: async () => {} });

export function TextsProvider({ language, texts, children }: Spoken & { children: ReactNode }) {
  const [loaded, setLoaded] = useState<{ language: Language; texts: Texts }>();
  const spoken = useMemo(() => ({ language, texts }), [language, texts]);
  const whole = isWhole(texts) ? texts : loaded?.language === language ? loaded.texts : undefined;
  const load = useCallback(async () => {
    if (!whole) setLoaded({ language, texts: await loadTexts(language) });
  }, [language, whole]);
  const rest = useMemo(() => ({ texts: whole, load }), [whole, load]);
  return (
    <FirstContext value={spoken}>
      <RestContext value={rest}>{children}</RestContext>
    </FirstContext>
  );
}

function isWhole(texts: FirstTexts): texts is Texts {
  return 'settings' in texts;
}

/** The texts that are there from the first moment. */
export function useFirstTexts(): FirstTexts {
  return useContext(FirstContext).texts;
}

/** All texts: for what is drawn only once they were loaded. */
export function useTexts(): Texts {
  const { texts } = useContext(RestContext);
  if (!texts) throw new Error('this is drawn before all texts are there: use useFirstTexts');
  return texts;
}

/** Whether all texts are there, and how they are brought. */
export function useRestOfTexts(): { hasRest: boolean; loadRest(): Promise<void> } {
  const { texts, load } = useContext(RestContext);
  return { hasRest: texts !== undefined, loadRest: load };
}

export function useLanguage(): Language {
  return useContext(FirstContext).language;
}
