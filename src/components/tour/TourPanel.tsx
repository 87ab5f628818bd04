/**
 * The guided tour: nine steps, of which one is told of at a time. Each is ticked off once what it speaks of
 * has happened on the line. It has texts of its own, which are loaded with it.
 */

import type { TourTexts } from '../../i18n/en/tour';
import { useLanguage, useTexts } from '../../i18n/texts';
import { useChat } from '../../store/chatStore';
import { useLab } from '../../store/labStore';
import { Icon } from '../Icon';
import { usePageControls } from '../pageControls';
import { useModule } from '../useModule';
import { obstacleTo, type Possibilities, type StepName, stepNames } from './steps';
import { TourNews } from './TourNews';
import styles from './TourPanel.module.css';
import { TourStep } from './TourStep';
import { useTour } from './useTour';

/** One function each, that the same one is asked for again. */
const loaders = {
  en: () => import('../../i18n/en/tour'),
  'zh-CN': () => import('../../i18n/zh-CN/tour'),
} as const;

export interface TourPanelProps {
  onClose(): void;
}

export function TourPanel({ onClose }: TourPanelProps) {
  const { rooms } = useTexts();
  const loaded = useModule<{ tour: TourTexts }>(loaders[useLanguage()]);
  if (loaded === 'failed') {
    return (
      <div className={styles.absent} role="alert">
        <p>{rooms.panelFailed}</p>
        <button type="button" onClick={onClose}>
          {rooms.close}
        </button>
      </div>
    );
  }
  return loaded && <Steps texts={loaded.tour} onClose={onClose} />;
}

function Steps({ texts, onClose }: TourPanelProps & { texts: TourTexts }) {
  const { rooms } = useTexts();
  const [tour, state] = useTour();
  const possibilities = usePossibilities();
  const possible = stepNames.filter((name) => !obstacleTo(name, possibilities));
  const doneCount = possible.filter((name) => state.done.includes(name)).length;
  const isFinished = doneCount === possible.length;
  const nextOf = (step: StepName) => stepNames[stepNames.indexOf(step) + 1];
  return (
    <div className={styles.panel}>
      <header className={styles.head}>
        <h2>{texts.title}</h2>
        <span>{texts.progress(doneCount, possible.length)}</span>
        <button
          type="button"
          className="iconButton"
          aria-label={rooms.close}
          title={rooms.close}
          onClick={onClose}
        >
          <Icon name="close" />
        </button>
        <progress max={possible.length} value={doneCount} aria-hidden="true" />
      </header>
      <div className={styles.scroll}>
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
        {isFinished && (
          <div className={styles.finished}>
            <h3>{texts.finished}</h3>
            <p>{texts.finishedHint}</p>
          </div>
        )}
        {(doneCount > 0 || isFinished) && (
          <button type="button" className={`quietButton ${styles.restart}`} onClick={tour.restart}>
            {texts.restart}
          </button>
        )}
      </div>
      <TourNews texts={texts} state={state} />
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
