/**
 * Everything that passed on the line, and what became of the line meanwhile: filtered, paused, opened in
 * full. What is drawn is what is in sight, and the log is read once a frame at most, so that a thousand
 * frames a second do not slow the page.
 */
import { useMemo, useRef, useState } from 'react';
import type { LineLog } from '../../store/labStore';
import { FrameDetail } from './FrameDetail';
import { FrameFilters } from './FrameFilters';
import { FrameList } from './FrameList';
import styles from './FramesPart.module.css';
import { createFrameRows, type EventRow, showsAll } from './frameRows';
import { useLabTexts } from './labTexts';
import { useLineSource } from './lineSource';
import { frozenLog } from './staticLog';
import { useFrameRows, useNextNumber } from './useFrameRows';

/** Of one line: for another one, mount another. */
export function FramesPart() {
  const { frames: texts } = useLabTexts();
  const { log: live } = useLineSource();
  const [filter, setFilter] = useState(showsAll);
  const [paused, setPaused] = useState<LineLog>();
  const [opened, setOpened] = useState<EventRow>();
  const part = useRef<HTMLDivElement>(null);
  const log = paused ?? live;
  const reader = useMemo(() => createFrameRows(filter), [filter]);
  const dropped = useFrameRows(reader, log);

  const onClose = () => {
    setOpened(undefined);
    part.current?.querySelector<HTMLElement>('[role="listbox"]')?.focus();
  };

  return (
    <div ref={part} className={styles.part}>
      <FrameFilters
        filter={filter}
        types={reader.types}
        onChange={setFilter}
        isPaused={paused !== undefined}
        onPause={() => setPaused(paused ? undefined : frozenLog(live))}
      />
      {paused && <Missed since={paused.nextNumber} />}
      <FrameList
        rows={reader.rows}
        dropped={dropped}
        opened={opened?.number}
        onOpen={setOpened}
        onToggle={reader.toggle}
        whenEmpty={filter === showsAll ? texts.none : texts.noneMatch}
      />
      {opened && <FrameDetail event={opened.event} onClose={onClose} />}
    </div>
  );
}

function Missed({ since }: { since: number }) {
  const { frames: texts } = useLabTexts();
  const { log } = useLineSource();
  const nextNumber = useNextNumber(log);
  return <p className={styles.missed}>{texts.paused(nextNumber - since)}</p>;
}
