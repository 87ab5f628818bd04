/** Closes what it stands in: the same sign with the same name, wherever something can be closed. */
import { useTexts } from '../i18n/texts';
import { Icon } from './Icon';

export function CloseButton({ onClose }: { onClose(): void }) {
  const { rooms } = useTexts();
  return (
    <button
      type="button"
      className="iconButton"
      aria-label={rooms.close}
      title={rooms.close}
      onClick={onClose}
    >
      <Icon name="close" />
    </button>
  );
}
