/**
 * The guided tour: nine steps, of which one is told of at a time. Each is ticked off once what it speaks of
 * has happened on the line. It has texts of its own, which are loaded with it.
 */

import { useEffect, useRef } from 'react';
import type { TourTexts } from '../../i18n/en/tour';
import type { Language } from '../../i18n/language';
import { useTexts } from '../../i18n/texts';
import { useChat } from '../../store/chatStore';
import { useLab } from '../../store/labStore';
import { CloseButton } from '../CloseButton';
import { Icon } from '../Icon';
import { usePageControls } from '../pageControls';
import { obstacleTo, type Possibilities, type StepName, stepNames } from './steps';
import { TourNews } from './TourNews';
import styles from './TourPanel.module.css';
import { TourStep } from './TourStep';
import { useTour } from './useTour';

export async function loadTourTexts(language: Language): Promise<TourTexts> {
  return language === 'zh-CN'
    ? (await import('../../i18n/zh-CN/tour')).tour
    : (await import('../../i18n/en/tour')).tour;
}

export interface TourPanelProps {
  texts: TourTexts;
  onClose(): void;
}

export function TourPanel({ texts, onClose }: TourPanelProps) {
  const { lab } = useTexts();
  const [tour, state] = useTour();
  const possibilities = usePossibilities();
  const possible = stepNames.filter((name) => !obstacleTo(name, possibilities));
  const doneCount = possible.filter((name) => state.done.includes(name)).length;
  const isFinished = doneCount === possible.length;
  const nextOf = (step: StepName) => stepNames[stepNames.indexOf(step) + 1];
  return (
    <div className={styles.panel}>
      <header className={styles.head}>
        <h2>{lab.tour}</h2>
        <span>{texts.progress(doneCount, possible.length)}</span>
        <CloseButton onClose={onClose} />
        <progress max={possible.length} value={doneCount} aria-hidden="true" />
      </header>
      <div className={styles.scroll} data-focus-group="">
        <p className={styles.intro}>{texts.intro}</p>
        <ol className={styles.steps}>
          {stepNames.map((name) => (
            <TourStep
              key={name}
              name={name}
              texts={texts}
              tour={tour}
              state={state}
              obstacle={obstacleTo(name, possibilities)}
              next={nextOf(name)}
            />
          ))}
        </ol>
        {isFinished && <Finished texts={texts} isNews={Object.keys(state.endings).length > 0} />}
        {doneCount > 0 && (
          <button type="button" className={`quietButton ${styles.restart}`} onClick={tour.restart}>
            {texts.restart}
          </button>
        )}
      </div>
      <TourNews texts={texts} state={state} />
    </div>
  );
}

function Finished({ texts, isNews }: { texts: TourTexts; isNews: boolean }) {
  const { lab } = useTexts();
  const { openBeside } = usePageControls();
  const note = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isNews) note.current?.scrollIntoView({ block: 'nearest' });
  }, [isNews]);
  return (
    <div ref={note} className={styles.finished}>
      <h3>{texts.finished}</h3>
      <p>{texts.finishedHint}</p>
      <button type="button" onClick={() => openBeside('lab')}>
        <Icon name="lab" />
        {lab.title}
      </button>
    </div>
  );
}

function usePossibilities(): Possibilities {
  const mode = useChat((state) => state.mode);
  const { handOverPush } = usePageControls();
  const { effectiveTuning } = useLab((state) => state.actions);
  // It is known once there is a line.
  useChat((state) => state.connection.status);
  return {
    mode,
    hasHeartbeat: mode === 'chat' || effectiveTuning().intervalMs > 0,
    hasWorker: handOverPush !== undefined,
  };
}
