/**
 * The connection lab: the live line with its states, its heartbeat and its frames, and what can be done to
 * it. A record that was saved is looked at with the same instruments.
 */
import { type ReactNode, useMemo, useState } from 'react';
import { useTexts } from '../../i18n/texts';
import { isFaulty, isTuned, type Recording, useLab } from '../../store/labStore';
import { CloseButton } from '../CloseButton';
import { Icon } from '../Icon';
import { usePageControls } from '../pageControls';
import { useMediaQuery } from '../useMediaQuery';
import { Deadlines } from './Deadlines';
import { FaultsPart } from './FaultsPart';
import { FramesPart } from './FramesPart';
import { InsidePart } from './InsidePart';
import styles from './LabPanel.module.css';
import { type LabTexts, LabTextsProvider, useLabTexts } from './labTexts';
import { LineSourceProvider, playedSource, useLiveSource } from './lineSource';
import { PlayBar } from './PlayBar';
import { RecordMenu } from './RecordMenu';
import { RunningHeart } from './RunningHeart';
import { LastTransition, StateDiagram, TransitionHistory } from './StateDiagram';
import { createPlayedLog } from './staticLog';
import { type Tab, Tabs } from './Tabs';
import { TuningPart } from './TuningPart';

export { loadLabTexts } from './labTexts';

export interface LabPanelProps {
  texts: LabTexts;
  onClose(): void;
}

type Part = 'line' | 'frames' | 'faults' | 'tuning' | 'inside';

export function LabPanel({ texts, onClose }: LabPanelProps) {
  const live = useLiveSource();
  const [recording, setRecording] = useState<Recording>();
  const [problem, setProblem] = useState<string>();
  const played = useMemo(() => recording && createPlayedLog(recording), [recording]);
  const source = useMemo(() => (played ? playedSource(played) : live), [played, live]);
  const isHigh = useMediaQuery('(min-height: 46rem) and (min-width: 48rem)');
  // Where there is room for more than a glance at each, the line is in sight whatever else is.
  const isRoomy = useMediaQuery('(min-height: 54rem) and (min-width: 48rem)');

  return (
    <LabTextsProvider value={texts}>
      <LineSourceProvider value={source}>
        <div className={styles.panel} data-focus-group="">
          <Head onClose={onClose}>
            <RecordMenu onOpen={setRecording} onProblem={setProblem} />
          </Head>
          {problem && (
            <p role="alert" className={styles.problem}>
              {problem}
            </p>
          )}
          {recording && played && (
            <PlayBar
              key={recording.savedAt}
              log={played}
              url={recording.url}
              savedAt={recording.savedAt}
              events={recording.events.length}
              onClose={() => setRecording(undefined)}
            />
          )}
          <RunningHeart isCompact={!isHigh} />
          {isRoomy && <Line />}
          <Parts key={String(isRoomy)} recording={recording} hasLine={!isRoomy} />
        </div>
      </LineSourceProvider>
    </LabTextsProvider>
  );
}

function Head({ onClose, children }: Pick<LabPanelProps, 'onClose'> & { children: ReactNode }) {
  const { lab } = useTexts();
  const { openBeside } = usePageControls();
  return (
    <div className={styles.head}>
      <h2>{lab.title}</h2>
      <button type="button" className="quietButton" onClick={() => openBeside('tour')}>
        <Icon name="tour" />
        <span>{lab.tour}</span>
      </button>
      {children}
      <CloseButton onClose={onClose} />
    </div>
  );
}

/** The states and what is due. */
function Line() {
  return (
    <div className={styles.line}>
      <Deadlines />
      <StateDiagram />
      <LastTransition />
    </div>
  );
}

interface PartsProps {
  /** What is played; undefined on the live line. */
  recording: Recording | undefined;
  /** The line is a part among others. */
  hasLine: boolean;
}

function Parts({ recording, hasLine }: PartsProps) {
  const { tabs: texts } = useLabTexts();
  const [wanted, setWanted] = useState<Part>(hasLine ? 'line' : 'frames');
  const hasFaults = useLab(({ faults, skippedMs }) => isFaulty(faults) || skippedMs > 0);
  const hasTuning = useLab((state) => isTuned(state.tuning));
  const tabs: Tab<Part>[] = [{ name: 'frames', label: texts.frames }];
  if (hasLine) tabs.unshift({ name: 'line', label: texts.line });
  // In a record there is nothing to be done.
  if (!recording) {
    tabs.push({ name: 'faults', label: texts.faults, isMarked: hasFaults });
    tabs.push({ name: 'tuning', label: texts.tuning, isMarked: hasTuning });
    tabs.push({ name: 'inside', label: texts.inside });
  }
  const shown = tabs.some(({ name }) => name === wanted) ? wanted : 'frames';
  return (
    <Tabs<Part>
      label={texts.label}
      tabs={tabs}
      shown={shown}
      onShow={setWanted}
      isFilling={shown === 'frames'}
    >
      {shown === 'line' && (
        <div className={styles.whole}>
          <Line />
          <TransitionHistory />
        </div>
      )}
      {shown === 'frames' && <FramesPart key={recording?.savedAt} />}
      {shown === 'faults' && <FaultsPart />}
      {shown === 'tuning' && <TuningPart />}
      {shown === 'inside' && <InsidePart />}
    </Tabs>
  );
}
