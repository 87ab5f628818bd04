/** The search panel, loaded when it is wanted first; another room is another search. */
import { useTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';
import type { SearchPanelProps } from './SearchPanel';
import styles from './SearchSide.module.css';
import { useModule } from './useModule';

const loadSearchPanel = () => import('./SearchPanel');

/** Fetches it ahead: it is wanted without a line, too. */
export const prefetchSearch = () => void loadSearchPanel().catch(() => {});

export function SearchSide(props: SearchPanelProps) {
  const texts = useTexts();
  const room = useChat((state) => state.room);
  const loaded = useModule(loadSearchPanel);
  if (loaded === 'failed') {
    return (
      <div className={styles.failed} role="alert">
        <p>{texts.rooms.panelFailed}</p>
        <button type="button" onClick={props.onClose}>
          {texts.rooms.close}
        </button>
      </div>
    );
  }
  return loaded && <loaded.SearchPanel key={room} {...props} />;
}
