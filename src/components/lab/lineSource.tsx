/**
 * Where the panel's parts read what they draw: the live line, or a record that is played. They do not know
 * which of the two it is.
 */
import { useMemo, useState } from 'react';
import { type ConnectionStatus, useChat } from '../../store/chatStore';
import { type Deadlines, type LineLog, useLab } from '../../store/labStore';
import { createProvided } from '../../store/provided';
import { createLineDigest, type LineDigest, type LineDigestReader } from './lineDigest';
import type { PlayedLog } from './staticLog';
import { useEachFrame } from './useEachFrame';

export interface LineSource {
  readonly isLive: boolean;
  readonly log: LineLog;
  readonly reader: LineDigestReader;
  /** The moment that is shown, in ms since 1970. */
  now(): number;
  deadlines(): Deadlines;
}

export const { Provider: LineSourceProvider, useProvided: useLineSource } =
  createProvided<LineSource>('the line');

export function useLiveSource(): LineSource {
  const log = useLab((state) => state.log);
  const { now, deadlines } = useLab((state) => state.actions);
  return useMemo(
    () => ({ isLive: true, log, reader: createLineDigest(), now, deadlines }),
    [log, now, deadlines],
  );
}

/** In a record nothing is due: what came of it is in it. */
const nothingDue: Deadlines = {
  pingAt: undefined,
  deadAt: undefined,
  ackBy: undefined,
  connectBy: undefined,
  retryAt: undefined,
};

export function playedSource(log: PlayedLog): LineSource {
  return {
    isLive: false,
    log,
    reader: createLineDigest(),
    now: () => log.playhead,
    deadlines: () => nothingDue,
  };
}

/** Reads from the digest once a frame; renders again only when what `select` returns has changed. */
export function useDigest<Selected extends string | number | boolean | undefined>(
  select: (digest: LineDigest) => Selected,
): Selected {
  const { log, reader } = useLineSource();
  const [, setSelected] = useState<Selected>();
  reader.read(log);
  useEachFrame(() => {
    reader.read(log);
    setSelected(select(reader.digest));
  });
  return select(reader.digest);
}

/** The state that the line is in, or was in at the moment that is shown. */
export function useLineStatus(): ConnectionStatus {
  const { isLive, reader } = useLineSource();
  const status = useChat((state) => state.connection.status);
  useDigest(({ changes }) => changes);
  return isLive ? status : (reader.digest.transitions.at(-1)?.state.status ?? 'idle');
}
