/** What stands above the rows: the way to older ones, or the room's beginning; of an empty room, all. */
import { useFirstTexts } from '../../i18n/texts';
import { useChat } from '../../store/chatStore';
import { EmptyRoom } from '../EmptyRoom';
import { FirstIcon } from '../FirstIcon';
import { usePageControls } from '../pageControls';
import styles from './ListEnds.module.css';

export interface ListEndsProps {
  isLoading: boolean;
  isEmpty: boolean;
  /** There are rows that are loaded and not drawn. */
  hasHidden: boolean;
  onOlder(): void;
}

export function ListEnds({ isLoading, isEmpty, hasHidden, onOlder }: ListEndsProps) {
  const texts = useFirstTexts();
  const isLoaded = useChat((state) => state.isLoaded);
  const hasOlder = useChat((state) => state.hasOlder);
  if (isEmpty && isLoaded && !hasOlder) return <EmptyRoom />;
  return (
    <div className={styles.start}>
      {hasOlder || hasHidden ? (
        <button type="button" onClick={onOlder} data-loading={isLoading}>
          {isLoading ? texts.timeline.loadingOlder : texts.loadOlder}
        </button>
      ) : (
        isLoaded && <Beginning />
      )}
    </div>
  );
}

/** Whoever comes to where nothing was said before may like to be shown around. */
function Beginning() {
  const { timeline, takeTour } = useFirstTexts();
  const { beside, openBeside } = usePageControls();
  return (
    <>
      <p>{timeline.beginning}</p>
      {beside !== 'tour' && (
        <button type="button" className="quietButton" onClick={() => openBeside('tour')}>
          <FirstIcon name="tour" />
          {takeTour}
        </button>
      )}
    </>
  );
}
