/**
 * Everything that passed on the line, and what became of the line meanwhile: filtered, paused, opened in
 * full. What is drawn is what is in sight, and the log is read once a frame at most, so that a thousand
 * frames a second do not slow the page.
 */
import { useMemo, useState } from 'react';
import { FrameDetail } from './FrameDetail';
import { FrameFilters } from './FrameFilters';
import { FrameList } from './FrameList';
import styles from './FramesPart.module.css';
import { createFrameRows, type EventRow, showsAll } from './frameRows';
import { useLabTexts } from './labTexts';
import { useLineSource } from './lineSource';
import { frozenLog } from './staticLog';
import { useFrameRows, useNextNumber } from './useFrameRows';

export function FramesPart() {
  const { frames: texts } = useLabTexts();
  const { log: live } = useLineSource();
  const [filter, setFilter] = useState(showsAll);
  const [paused, setPaused] = useState<{ log: typeof live; of: typeof live }>();
  const [opened, setOpened] = useState<EventRow>();
  // Another line is another log: what was paused was not of it.
  const log = paused?.of === live ? paused.log : live;
  const isPaused = log !== live;
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows are of one log.
  const reader = useMemo(() => createFrameRows(filter), [filter, log]);
  const dropped = useFrameRows(reader, log);

  return (
    <div className={styles.part}>
      <FrameFilters
        filter={filter}
        types={reader.types}
        onChange={setFilter}
        isPaused={isPaused}
        onPause={() => setPaused(isPaused ? undefined : { log: frozenLog(live), of: live })}
      />
      {isPaused && <Missed since={log.nextNumber} />}
      <FrameList
        rows={reader.rows}
        dropped={dropped}
        opened={opened?.number}
        onOpen={setOpened}
        onToggle={reader.toggle}
        whenEmpty={filter === showsAll ? texts.none : texts.noneMatch}
      />
      {opened && <FrameDetail event={opened.event} onClose={() => setOpened(undefined)} />}
    </div>
  );
}

function Missed({ since }: { since: number }) {
  const { frames: texts } = useLabTexts();
  const { log } = useLineSource();
  const nextNumber = useNextNumber(log);
  return <p className={styles.missed}>{texts.paused(nextNumber - since)}</p>;
}
