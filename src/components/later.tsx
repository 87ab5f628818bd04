/**
 * What is not needed to come in, read and write is loaded once the line is open, all of it at once, so that
 * the page can be used after as few bytes as can be. Each part stands here under its own name: it draws
 * nothing until it is there.
 */
import { type ComponentType, useEffect, useSyncExternalStore } from 'react';
import { useRestOfTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';

type Parts = typeof import('./laterParts');

let parts: Parts | undefined;
let loading: Promise<void> | undefined;
const listeners = new Set<() => void>();

/** Resolves once the parts can be drawn. Rejects where they cannot be had; they are asked for again then. */
export function loadLaterParts(): Promise<void> {
  loading ??= import('./laterParts').then(
    (module) => {
      parts = module;
      for (const listener of listeners) listener();
    },
    (error: unknown) => {
      loading = undefined;
      throw error;
    },
  );
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

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** What can be drawn by now: all parts, with their texts, or none. */
export function useLaterParts(): Parts | undefined {
  const loaded = useSyncExternalStore(subscribe, () => parts);
  return useRestOfTexts().hasRest ? loaded : undefined;
}

function later<Props extends object>(pick: (parts: Parts) => ComponentType<Props>) {
  return function Later(props: Props) {
    const loaded = useLaterParts();
    if (!loaded) return null;
    const Part = pick(loaded);
    return <Part {...props} />;
  };
}

export const Announcer = later((each) => each.Announcer);
export const Change = later((each) => each.Change);
export const CodeBlock = later((each) => each.CodeBlock);
export const CompletionList = later((each) => each.CompletionList);
export const Drawer = later((each) => each.Drawer);
export const EmptyRoom = later((each) => each.EmptyRoom);
export const FailedDelivery = later((each) => each.FailedDelivery);
export const HeartTrace = later((each) => each.HeartTrace);
export const LineBanner = later((each) => each.LineBanner);
export const Me = later((each) => each.Me);
export const Notices = later((each) => each.Notices);
export const PagePanels = later((each) => each.PagePanels);
export const PeoplePanel = later((each) => each.PeoplePanel);
export const PrintedRows = later((each) => each.PrintedRows);
export const Quote = later((each) => each.Quote);
export const Reactions = later((each) => each.Reactions);
export const RoomMenu = later((each) => each.RoomMenu);
export const RoomsPanel = later((each) => each.RoomsPanel);
export const RowActions = later((each) => each.RowActions);
export const SearchSide = later((each) => each.SearchSide);
export const SeekNote = later((each) => each.SeekNote);
export const SeenBy = later((each) => each.SeenBy);
export const ShareDialog = later((each) => each.ShareDialog);
export const TargetBanner = later((each) => each.TargetBanner);
export const UnreadButton = later((each) => each.UnreadButton);
export const Writing = later((each) => each.Writing);
