/**
 * The heartbeat as a running trace: pings, answers, acks, what passes and what was missed, and how long
 * answers take. With reduced motion it moves a step a second.
 */
import { type ReactNode, useRef } from 'react';
import { useLab } from '../../store/labStore';
import { useMediaQuery } from '../useMediaQuery';
import { type HeartInks, readInks } from './heartInks';
import { heartModelOf } from './heartModel';
import { useLabTexts } from './labTexts';
import { percentile } from './lineDigest';
import { useDigest, useLineSource, useLineStatus } from './lineSource';
import { paintHeart } from './paintHeart';
import styles from './RunningHeart.module.css';
import { useEachFrame } from './useEachFrame';

/** A column of what passes is so wide, in px. */
const columnPx = 3;
/** How often the colours are read anew: the ground may have changed. */
const inksForMs = 500;

export function RunningHeart({ isCompact }: { isCompact: boolean }) {
  const { trace: texts } = useLabTexts();
  return (
    <section className={styles.heart} data-compact={isCompact} aria-label={texts.label}>
      {!isCompact && <RoundTrips />}
      <Paper caption={isCompact && <RoundTrips />} />
      {!isCompact && <Legend />}
    </section>
  );
}

function Paper({ caption }: { caption: ReactNode }) {
  const { log, now } = useLineSource();
  const { trace: texts } = useLabTexts();
  const status = useLineStatus();
  const spanMs = useSpanMs();
  const isStill = useMediaQuery('(prefers-reduced-motion: reduce)');
  const canvas = useRef<HTMLCanvasElement>(null);
  const probe = useRef<HTMLSpanElement>(null);
  const inks = useRef<{ inks: HeartInks; readAt: number }>(undefined);

  useEachFrame(
    () => {
      if (!canvas.current?.clientWidth || !probe.current) return;
      const { clientWidth: width, clientHeight: height } = canvas.current;
      const context = canvas.current.getContext('2d');
      if (!context) return;
      const at = performance.now();
      if (!inks.current || at - inks.current.readAt > inksForMs) {
        inks.current = { inks: readInks(probe.current), readAt: at };
      }
      fitToScreen(canvas.current, context, width, height);
      const to = now();
      const view = { from: to - spanMs, to };
      const columns = Math.max(1, Math.floor(width / columnPx));
      const model = heartModelOf(log, { ...view, columns, status });
      paintHeart({ context, inks: inks.current.inks, width, height, ...view }, model, status);
    },
    isStill ? 1_000 : 30,
  );

  return (
    <div className={styles.paper}>
      <div aria-hidden="true">
        <canvas ref={canvas} />
        <span ref={probe} hidden />
      </div>
      <div className={styles.caption}>
        <span aria-hidden="true">−{texts.span(spanMs)}</span>
        {caption}
        <span aria-hidden="true">{texts.now}</span>
      </div>
    </div>
  );
}

/** As sharp as the screen is. */
function fitToScreen(
  canvas: HTMLCanvasElement,
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
): void {
  const ratio = window.devicePixelRatio || 1;
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width === wide && canvas.height === high) return;
  canvas.width = wide;
  canvas.height = high;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
}

/** A few heartbeats are in sight, however far apart they are. */
function useSpanMs(): number {
  const intervalMs = useLab((state) => state.actions.effectiveTuning().intervalMs);
  const { isLive } = useLineSource();
  if (!isLive) return 60_000;
  return Math.min(150_000, Math.max(20_000, Math.ceil((intervalMs * 3) / 5_000) * 5_000));
}

function RoundTrips() {
  const { trace: texts, time } = useLabTexts();
  const { reader } = useLineSource();
  useDigest(({ answers }) => answers);
  const { roundTripsMs } = reader.digest;
  const p50 = percentile(roundTripsMs, 50);
  const p95 = percentile(roundTripsMs, 95);
  if (p50 === undefined || p95 === undefined) {
    return (
      <p className={styles.trips}>
        <span>{texts.roundTrip}</span> <span>{texts.noAnswer}</span>
      </p>
    );
  }
  return (
    <p className={styles.trips}>
      <span className="visuallyHidden">
        {texts.spoken(time(p50), time(p95), roundTripsMs.length)}
      </span>
      <span aria-hidden="true">{texts.roundTrip}</span>
      <span aria-hidden="true" className={styles.numbers}>
        <small>{texts.median}</small> <b>{time(p50)}</b> <small>{texts.high}</small>{' '}
        <b>{time(p95)}</b>
      </span>
      <span aria-hidden="true" className={styles.of}>
        {texts.of(roundTripsMs.length)}
      </span>
    </p>
  );
}

const legend = ['beat', 'ack', 'miss', 'in', 'out'] as const;

function Legend() {
  const { trace: texts } = useLabTexts();
  return (
    <ul className={styles.legend}>
      {legend.map((name) => (
        <li key={name} data-mark={name}>
          {texts.legend[name]}
        </li>
      ))}
    </ul>
  );
}
