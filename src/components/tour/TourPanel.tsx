/** The guided tour. */
import { useTexts } from '../../i18n/texts';

export function TourPanel({ onClose }: { onClose(): void }) {
  const { lab, rooms } = useTexts();
  return (
    <div>
      <h2>{lab.tour}</h2>
      <button type="button" onClick={onClose}>
        {rooms.close}
      </button>
    </div>
  );
}
