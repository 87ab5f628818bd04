/** Fetches what the page draws later, and says when. */
import { useEffect } from 'react';
import { useRestOfTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';
import { nextFrame } from '../store/frameBatch';
import { takeLaterParts } from './later';

let loading: Promise<void> | undefined;

/** Resolves once the parts can be drawn. Rejects where they cannot be had; they are asked for again then. */
export function loadLaterParts(): Promise<void> {
  loading ??= import('./laterParts').then(takeLaterParts).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/** How long the line and the room's first page are left to themselves, in ms. */
const patienceMs = 4_000;

/** Loads what comes later once the room is shown, or the line is seen to take its time. */
export function useLoadLater() {
  const { loadRest } = useRestOfTexts();
  const isComing = useChat(({ connection: { status }, isLoaded, isUnreadable }) =>
    status === 'open' ? !(isLoaded || isUnreadable) : status === 'idle' || status === 'connecting',
  );
  useEffect(() => {
    const load = () => {
      for (const each of [loadLaterParts(), loadRest()]) each.catch(() => {});
    };
    // What is there to read is painted first.
    if (!isComing) return nextFrame(() => void setTimeout(load));
    const timer = setTimeout(load, patienceMs);
    return () => clearTimeout(timer);
  }, [isComing, loadRest]);
}
