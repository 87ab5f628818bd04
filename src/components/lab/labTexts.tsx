/** The texts of the lab's panel: many, and of no use before it is opened, so they come with it. */
import { createContext, use } from 'react';
import { type LabTexts, labPanel } from '../../i18n/en/labPanel';
import type { Language } from '../../i18n/language';

export type { LabTexts };

const LabTextsContext = createContext<LabTexts>(labPanel);

export const LabTextsProvider = LabTextsContext.Provider;

export function useLabTexts(): LabTexts {
  return use(LabTextsContext);
}

export async function loadLabTexts(language: Language): Promise<LabTexts> {
  return language === 'zh-CN' ? (await import('../../i18n/zh-CN/labPanel')).labPanel : labPanel;
}
