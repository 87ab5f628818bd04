/**
 * What the connection lab has made wrong on purpose, across the page for as long as it is: nobody should
 * take for a fault of the line what they have asked for. One press puts all of it right.
 */
import type { Texts } from '../i18n/en';
import { useTexts } from '../i18n/texts';
import { type Faults, isTuned, useLab } from '../store/labStore';
import { Icon } from './Icon';
import styles from './LabStrip.module.css';

export function LabStrip() {
  const { lab } = useTexts();
  const faults = useLab((state) => state.faults);
  const tuning = useLab((state) => state.tuning);
  const { clearFaults, resetTuning } = useLab((state) => state.actions);
  const standing = standingFaults(lab.strip, faults);
  if (isTuned(tuning)) standing.push(lab.strip.tuned);
  return (
    <div aria-live="polite" data-focus-group>
      {standing.length > 0 && (
        <section className={styles.strip} aria-label={lab.strip.label}>
          <Icon name="lab" />
          <p>{standing.join(' · ')}</p>
          <button
            type="button"
            onClick={() => {
              clearFaults();
              resetTuning();
            }}
          >
            {lab.strip.allOff}
          </button>
        </section>
      )}
    </div>
  );
}

function standingFaults(texts: Texts['lab']['strip'], faults: Faults): string[] {
  const standing: string[] = [];
  if (faults.isOffline) standing.push(texts.offline);
  if (faults.isRefusing) standing.push(texts.refusing);
  if (faults.frozen !== 'no') standing.push(texts.frozen[faults.frozen]);
  if (faults.delayMs > 0) standing.push(texts.delayed(faults.delayMs));
  if (faults.lostPercent > 0) standing.push(texts.lost(faults.lostPercent));
  if (faults.duplicatedPercent > 0) standing.push(texts.duplicated(faults.duplicatedPercent));
  return standing;
}
