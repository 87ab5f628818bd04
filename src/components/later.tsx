/**
 * What is not needed to come in, read and write is loaded once the room is shown, all of it at once, so that
 * the page can be used after as few bytes as can be. Each part stands here under its own name: it draws
 * nothing until it is there.
 */
import { type ComponentType, useSyncExternalStore } from 'react';
import { useRestOfTexts } from '../i18n/texts';
import type * as laterParts from './laterParts';

type Parts = typeof laterParts;

let parts: Parts | undefined;
const listeners = new Set<() => void>();

/** From now on these are drawn; or none, as at the beginning. */
export function takeLaterParts(loaded: Parts | undefined): void {
  parts = loaded;
  for (const listener of listeners) listener();
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
export const AttachButtons = later((each) => each.AttachButtons);
export const Attachments = later((each) => each.Attachments);
export const BesideSheet = later((each) => each.BesideSheet);
export const Change = later((each) => each.Change);
export const CodeBlock = later((each) => each.CodeBlock);
export const CompletionList = later((each) => each.CompletionList);
export const Drawer = later((each) => each.Drawer);
export const DropTarget = later((each) => each.DropTarget);
export const EmptyRoomMore = later((each) => each.EmptyRoomMore);
export const EmojiButton = later((each) => each.EmojiButton);
export const FailedDelivery = later((each) => each.FailedDelivery);
export const FocusGuard = later((each) => each.FocusGuard);
export const HeartTrace = later((each) => each.HeartTrace);
export const LabStrip = later((each) => each.LabStrip);
export const LineBanner = later((each) => each.LineBanner);
export const Me = later((each) => each.Me);
export const MessageFile = later((each) => each.MessageFile);
export const Notices = later((each) => each.Notices);
export const PagePanels = later((each) => each.PagePanels);
export const PeoplePanel = later((each) => each.PeoplePanel);
export const ProblemNote = later((each) => each.ProblemNote);
export const Quote = later((each) => each.Quote);
export const Reactions = later((each) => each.Reactions);
export const RoomMenu = later((each) => each.RoomMenu);
export const RoomsPanel = later((each) => each.RoomsPanel);
export const RowActions = later((each) => each.RowActions);
export const SearchSide = later((each) => each.SearchSide);
export const SeenBy = later((each) => each.SeenBy);
export const StreamMark = later((each) => each.StreamMark);
export const TargetBanner = later((each) => each.TargetBanner);
export const UploadProgress = later((each) => each.UploadProgress);
export const VoiceNote = later((each) => each.VoiceNote);
export const Writing = later((each) => each.Writing);
