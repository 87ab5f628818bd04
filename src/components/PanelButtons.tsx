/** Opens the panels that lie over the page. */
import { useTexts } from '../i18n/texts';
import { Icon } from './Icon';
import { usePageControls } from './pageControls';

export function SettingsButton({ className = 'quietButton' }: { className?: string }) {
  const { settings } = useTexts();
  const { openPanel } = usePageControls();
  return (
    <button
      type="button"
      className={className}
      aria-haspopup="dialog"
      onClick={() => openPanel('settings')}
    >
      <Icon name="settings" />
      {settings.title}
    </button>
  );
}

export function ShortcutsButton({ className = 'iconButton' }: { className?: string }) {
  const { settings } = useTexts();
  const { openPanel } = usePageControls();
  return (
    <button
      type="button"
      className={className}
      aria-haspopup="dialog"
      aria-label={settings.openShortcuts}
      title={settings.openShortcuts}
      onClick={() => openPanel('shortcuts')}
    >
      <Icon name="keyboard" />
    </button>
  );
}
