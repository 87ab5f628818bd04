/** All keys of the page, as they are now, and what the close codes mean. */
import { Fragment } from 'react';
import { useTexts } from '../i18n/texts';
import { useSetting } from '../storedSettings';
import { CloseCodes } from './CloseCodes';
import { Dialog } from './Dialog';
import styles from './ShortcutSheet.module.css';
import { allShortcuts, type KeyCombination } from './shortcuts';

const groups = ['page', 'list', 'field'] as const;

export function ShortcutSheet({ onClose }: { onClose(): void }) {
  const { shortcuts: texts } = useTexts().settings;
  const [entersSend] = useSetting('enter-sends');
  const [singleKeys] = useSetting('single-keys');
  const shortcuts = allShortcuts(entersSend);
  return (
    <Dialog title={texts.title} onClose={onClose}>
      {!singleKeys && <p className={styles.note}>{texts.singleKeysOff}</p>}
      {groups.map((group) => (
        <section key={group} className={styles.group}>
          <h3>{texts.groups[group]}</h3>
          <dl>
            {shortcuts
              .filter((each) => each.group === group)
              .map(({ name, keys }) => (
                <div key={name}>
                  <dt>{texts[name]}</dt>
                  <dd>
                    {keys.map((combination, index) => (
                      <Fragment key={keysOf(combination).join()}>
                        {index > 0 && <span className={styles.or}>{texts.or}</span>}
                        <Keys combination={combination} />
                      </Fragment>
                    ))}
                  </dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
      <CloseCodes />
    </Dialog>
  );
}

function Keys({ combination }: { combination: KeyCombination }) {
  return (
    <span className={styles.keys}>
      {keysOf(combination).map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  );
}

const signs: Record<string, string> = { ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc' };

function keysOf({ key, mod, alt, shift }: KeyCombination): string[] {
  const isMac = navigator.platform.startsWith('Mac');
  return [
    ...(mod ? [isMac ? '⌘' : 'Ctrl'] : []),
    ...(alt ? [isMac ? '⌥' : 'Alt'] : []),
    ...(shift ? ['Shift'] : []),
    signs[key] ?? (key.length === 1 ? key.toUpperCase() : key),
  ];
}
