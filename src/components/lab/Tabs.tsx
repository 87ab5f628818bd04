/** Parts of a panel, one at a time, behind a row of tabs: one of them has the focus, moved by arrows. */
import { type KeyboardEvent, type ReactNode, useId } from 'react';
import styles from './Tabs.module.css';

export interface Tab<Name extends string> {
  name: Name;
  label: string;
  /** Something behind it wants to be seen. */
  isMarked?: boolean;
}

export interface TabsProps<Name extends string> {
  label: string;
  tabs: readonly Tab<NoInfer<Name>>[];
  shown: Name;
  onShow(name: Name): void;
  /** It scrolls by itself. */
  isFilling: boolean;
  children: ReactNode;
}

export function Tabs<Name extends string>(props: TabsProps<Name>) {
  const { label, tabs, shown, onShow, isFilling, children } = props;
  const id = useId();

  const onKeyDown = (event: KeyboardEvent) => {
    const at = tabs.findIndex(({ name }) => name === shown);
    const to = {
      ArrowRight: (at + 1) % tabs.length,
      ArrowLeft: (at - 1 + tabs.length) % tabs.length,
      Home: 0,
      End: tabs.length - 1,
    }[event.key];
    const next = to === undefined ? undefined : tabs[to];
    if (!next) return;
    event.preventDefault();
    onShow(next.name);
    document.getElementById(`${id}-${next.name}`)?.focus();
  };

  return (
    <>
      <div className={styles.tabs} role="tablist" aria-label={label} onKeyDown={onKeyDown}>
        {tabs.map(({ name, label, isMarked }) => (
          <button
            key={name}
            id={`${id}-${name}`}
            type="button"
            role="tab"
            aria-selected={name === shown}
            aria-controls={`${id}-panel`}
            tabIndex={name === shown ? 0 : -1}
            data-marked={isMarked}
            onClick={() => onShow(name)}
          >
            {label}
          </button>
        ))}
      </div>
      <div
        id={`${id}-panel`}
        className={styles.panel}
        role="tabpanel"
        aria-labelledby={`${id}-${shown}`}
        data-filling={isFilling}
        // What scrolls is scrolled by keys, too.
        tabIndex={isFilling ? undefined : 0}
      >
        {children}
      </div>
    </>
  );
}
