/** What of a step was seen, one thing after the other, and what is still waited for. */
import { useEffect, useRef } from 'react';
import type { TourTexts } from '../../i18n/en/tour';
import { Icon } from '../Icon';
import styles from './Sights.module.css';
import type { Check, Telling } from './steps';
import type { Run } from './tourMachine';

export interface SightsProps {
  checks: readonly Check[];
  sights: readonly Telling[];
  /** While the step is under way. */
  run: Run | undefined;
  texts: TourTexts;
}

export function Sights({ checks, sights, run, texts }: SightsProps) {
  const list = useRef<HTMLUListElement>(null);
  const isRunning = run !== undefined;
  const nextIndex = sights.length;
  useEffect(() => {
    if (!isRunning) return;
    // On a phone there is little room: what happens is to be seen.
    const line = list.current?.children[nextIndex] ?? list.current?.lastElementChild;
    line?.scrollIntoView({ block: 'nearest' });
  }, [isRunning, nextIndex]);
  return (
    <ul ref={list} className={styles.sights}>
      {checks.map(({ name, times }, index) => {
        const tell = sights[index];
        const isAwaited = run !== undefined && index === sights.length;
        return (
          <li key={name} data-seen={tell !== undefined} data-awaited={isAwaited}>
            <span className={styles.sign}>{tell && <Icon name="check" />}</span>
            <span dir="auto">{tell ? tell(texts.sights) : texts.awaits[name]}</span>
            {isAwaited && times && (
              <small>
                {run.times} / {times}
              </small>
            )}
          </li>
        );
      })}
    </ul>
  );
}
