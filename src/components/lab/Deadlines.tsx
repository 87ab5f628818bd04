/**
 * Countdowns to what is due. They run with the frames that the browser draws and past React, and are for the
 * eye only: a screen reader would hear nothing else.
 */
import { useRef } from 'react';
import { useMediaQuery } from '../useMediaQuery';
import styles from './Deadlines.module.css';
import { useLabTexts } from './labTexts';
import { useLineSource } from './lineSource';
import { useEachFrame } from './useEachFrame';

const names = ['pingAt', 'deadAt', 'ackBy', 'connectBy', 'retryAt'] as const;
type Name = (typeof names)[number];

export function Deadlines() {
  return (
    <ul className={styles.deadlines} aria-hidden="true">
      {names.map((name) => (
        <Countdown key={name} name={name} />
      ))}
    </ul>
  );
}

function Countdown({ name }: { name: Name }) {
  const { deadlines: texts, tuning } = useLabTexts();
  const { deadlines, now } = useLineSource();
  const isStill = useMediaQuery('(prefers-reduced-motion: reduce)');
  const cell = useRef<HTMLLIElement>(null);
  const value = useRef<HTMLElement>(null);
  const bar = useRef<HTMLSpanElement>(null);
  /** What is counted down to, and how long it was when it was first seen. */
  const counted = useRef<{ at: number; wholeMs: number }>(undefined);

  useEachFrame(
    () => {
      if (!cell.current || !value.current || !bar.current) return;
      const at = deadlines()[name];
      if (at === undefined) {
        counted.current = undefined;
        show(cell.current, value.current, texts.none);
        return;
      }
      const leftMs = Math.max(0, at - now());
      if (counted.current?.at !== at) counted.current = { at, wholeMs: Math.max(1, leftMs) };
      show(
        cell.current,
        value.current,
        leftMs === 0 ? texts.due : leftOf(leftMs, tuning.seconds),
        true,
      );
      bar.current.style.scale = `${Math.min(1, leftMs / counted.current.wholeMs)} 1`;
    },
    isStill ? 500 : 50,
  );

  return (
    <li ref={cell} data-name={name} data-due="false">
      <span>{texts[name]}</span>
      <b ref={value}>{texts.none}</b>
      <span ref={bar} className={styles.bar} />
    </li>
  );
}

function show(cell: HTMLElement, value: HTMLElement, text: string, isDue = false): void {
  if (value.textContent !== text) value.textContent = text;
  const due = String(isDue);
  if (cell.dataset.due !== due) cell.dataset.due = due;
}

function leftOf(ms: number, seconds: string): string {
  return ms < 60_000
    ? `${(ms / 1_000).toFixed(1)} ${seconds}`
    : `${Math.floor(ms / 60_000)}:${String(Math.floor((ms % 60_000) / 1_000)).padStart(2, '0')}`;
}
