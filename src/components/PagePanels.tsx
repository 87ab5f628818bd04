/** The panels that lie over the page, fetched on their own where they are large, and the keys that open them. */
import { useEffect } from 'react';
import { useLanguage } from '../i18n/texts';
import { useChat } from '../store/chatStore';
import { prefetchBeside } from './BesideSheet';
import { ShownPicture } from './files/ShownPicture';
import { createLazyDialog } from './lazyDialog';
import { type Panel, usePageControls } from './pageControls';
import { prefetchSearch } from './SearchSide';
import { prefetchQrCode, ShareDialog } from './ShareDialog';
import { useShortcuts } from './useShortcuts';

const panels = {
  settings: createLazyDialog(
    (texts) => texts.settings.title,
    async () => (await import('./Settings')).Settings,
  ),
  shortcuts: createLazyDialog(
    (texts) => texts.settings.shortcuts.title,
    async () => (await import('./ShortcutSheet')).ShortcutSheet,
  ),
} as const satisfies Record<Exclude<Panel, 'share'>, unknown>;

/** How long an open line is left to what it is there for before anything is fetched ahead, in ms. */
const prefetchAfterMs = 3_000;

export function PagePanels() {
  const { panel, openPanel } = usePageControls();
  const language = useLanguage();
  const isOpen = useChat((state) => state.connection.status === 'open');
  useShortcuts();

  useEffect(() => {
    if (!isOpen) return;
    const timer = setTimeout(() => {
      for (const { prefetch } of Object.values(panels)) prefetch();
      prefetchSearch();
      prefetchQrCode();
      prefetchBeside(language);
    }, prefetchAfterMs);
    return () => clearTimeout(timer);
  }, [isOpen, language]);

  if (!panel) return <ShownPicture />;
  const onClose = () => openPanel(undefined);
  if (panel === 'share') return <ShareDialog onClose={onClose} />;
  const { View } = panels[panel];
  return <View key={panel} onClose={onClose} />;
}
