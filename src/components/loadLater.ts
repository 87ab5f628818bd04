/** Fetches what the page draws later, and says when. */
import { useEffect } from 'react';
import { useRestOfTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';
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

/** How long a first try of the line is left to itself, in ms. */
const patienceMs = 4_000;

/** Loads what comes later as soon as the line is open, or is seen to take its time. */
export function useLoadLater() {
  const { loadRest } = useRestOfTexts();
  const status = useChat((state) => state.connection.status);
  useEffect(() => {
    const load = () => {
      for (const each of [loadLaterParts(), loadRest()]) each.catch(() => {});
    };
    if (status !== 'idle' && status !== 'connecting') return load();
    const timer = setTimeout(load, patienceMs);
    return () => clearTimeout(timer);
  }, [status, loadRest]);
}
