/** One row of the list of frames, in one line. */
import { memo } from 'react';
import { useTexts } from '../../i18n/texts';
import type { FrameEvent, LineEvent } from '../../store/labStore';
import { clockTime } from './clockTime';
import { decodeFrame } from './decodeFrame';
import styles from './FrameRowView.module.css';
import type { BeatsRow, FrameRow } from './frameRows';
import { type LabTexts, useLabTexts } from './labTexts';
import { transitionWords } from './transitionWords';

export const FrameRowView = memo(({ row }: { row: FrameRow }) => {
  if (row.kind === 'beats') return <Beats row={row} />;
  return row.event.kind === 'frame' ? <Frame frame={row.event} /> : <OfLine event={row.event} />;
});

function Beats({ row }: { row: BeatsRow }) {
  const { frames: texts, time } = useLabTexts();
  return (
    <div className={styles.row} data-kind="beats">
      <time>{clockTime(row.at)}</time>
      <span className={styles.sign} aria-hidden="true">
        {row.isUnfolded ? '▾' : '▸'}
      </span>
      <span className={styles.beats}>
        {texts.beats(row.frames)}
        {row.rttMs !== undefined && ` · ${time(row.rttMs)}`}
      </span>
    </div>
  );
}

const arrows = { in: '↓', out: '↑' } as const;

function Frame({ frame }: { frame: FrameEvent }) {
  const { frames: texts } = useLabTexts();
  const { type, count, summary } = decodeFrame(frame);
  return (
    <div className={styles.row} data-kind={frame.direction} data-fate={frame.fate}>
      <time>{clockTime(frame.at)}</time>
      <span className={styles.sign}>
        <span aria-hidden="true">{arrows[frame.direction]}</span>
        <span className="visuallyHidden">{texts.directions[frame.direction]}</span>
      </span>
      <b>
        {type}
        {count > 1 && <small>{texts.many(count)}</small>}
      </b>
      {frame.fate && <em>{texts.fates[frame.fate]}</em>}
      <span className={styles.summary}>{summary}</span>
      <span className={styles.bytes}>{texts.bytes(frame.bytes)}</span>
    </div>
  );
}

function OfLine({ event }: { event: Exclude<LineEvent, FrameEvent> }) {
  const texts = useTexts();
  const lab = useLabTexts();
  return (
    <div className={styles.row} data-kind={event.kind}>
      <time>{clockTime(event.at)}</time>
      <span className={styles.sign} aria-hidden="true">
        {event.kind === 'fault' ? '⚡' : '●'}
      </span>
      <span className={styles.words}>{wordsOf(texts, lab, event)}</span>
    </div>
  );
}

function wordsOf(
  texts: ReturnType<typeof useTexts>,
  lab: LabTexts,
  event: Exclude<LineEvent, FrameEvent>,
): string {
  const { frames, states } = lab;
  switch (event.kind) {
    case 'socket': {
      const { what, code, reason } = event;
      const how = code === undefined ? '' : texts.aside(`${code}${reason ? `, ${reason}` : ''}`);
      return `${frames.sockets[what]}${how}`;
    }
    case 'state': {
      const { from, state } = event;
      const words = transitionWords(texts, lab, event);
      return from === state.status ? words : `${states[from]} → ${states[state.status]} · ${words}`;
    }
    case 'fault':
      return frames.faults[event.what];
    case 'push':
      return frames.push[event.by];
    case 'answer':
      return lab.time(event.rttMs);
  }
}
