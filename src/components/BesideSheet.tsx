/**
 * The connection lab and the guided tour: beside the conversation, or on a phone in a sheet below it. Not
 * modal, as both are there to be looked at while one chats. Each is loaded when it is wanted first.
 */
import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { Language } from '../i18n/language';
import { useLanguage, useTexts } from '../i18n/texts';
import styles from './BesideSheet.module.css';
import { isComposing } from './composer/keys';
import { useModule } from './useModule';

const loadTour = async (language: Language) => {
  const { TourPanel, loadTourTexts } = await import('./tour/TourPanel');
  return { TourPanel, texts: await loadTourTexts(language) };
};

const loadLab = async (language: Language) => {
  const { LabPanel, loadLabTexts } = await import('./lab/LabPanel');
  return { LabPanel, texts: await loadLabTexts(language) };
};
/** One function each, that the same one is asked for again. */
const labLoaders = { en: () => loadLab('en'), 'zh-CN': () => loadLab('zh-CN') } as const;
const tourLoaders = { en: () => loadTour('en'), 'zh-CN': () => loadTour('zh-CN') } as const;

/** Fetches both ahead: they are wanted most when the line is down. */
export function prefetchBeside(language: Language): void {
  labLoaders[language]().catch(() => {});
  tourLoaders[language]().catch(() => {});
}

export interface BesideSheetProps {
  side: 'lab' | 'tour';
  /** Below the conversation, as there is no room beside it. */
  isSheet: boolean;
  onClose(): void;
}

export function BesideSheet({ side, isSheet, onClose }: BesideSheetProps) {
  const { lab } = useTexts();
  const region = useRef<HTMLElement>(null);
  useEffect(() => region.current?.focus(), []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented || isComposing(event)) return;
    event.preventDefault();
    onClose();
  };
  return (
    <section
      ref={region}
      tabIndex={-1}
      className={styles.beside}
      data-sheet={isSheet}
      data-side={side}
      aria-label={side === 'lab' ? lab.title : lab.tour}
      onKeyDown={onKeyDown}
    >
      {side === 'lab' ? <Lab onClose={onClose} /> : <Tour onClose={onClose} />}
    </section>
  );
}

type PartProps = Pick<BesideSheetProps, 'onClose'>;

function Lab({ onClose }: PartProps) {
  const loaded = useModule(labLoaders[useLanguage()]);
  if (!loaded || loaded === 'failed') return <Absent state={loaded} onClose={onClose} />;
  return <loaded.LabPanel texts={loaded.texts} onClose={onClose} />;
}

function Tour({ onClose }: PartProps) {
  const loaded = useModule(tourLoaders[useLanguage()]);
  if (!loaded || loaded === 'failed') return <Absent state={loaded} onClose={onClose} />;
  return <loaded.TourPanel texts={loaded.texts} onClose={onClose} />;
}

function Absent({ state, onClose }: PartProps & { state: 'failed' | undefined }) {
  const texts = useTexts();
  if (!state) return <p className={styles.absent}>{texts.lab.loading}</p>;
  return (
    <div className={styles.absent} role="alert">
      <p>{texts.rooms.panelFailed}</p>
      <button type="button" onClick={onClose}>
        {texts.rooms.close}
      </button>
    </div>
  );
}
