/**
 * A button with a menu of commands, on the browser's own popover: it lies over everything, and goes by
 * Escape or a press beside it. One item at a time has the focus, moved by arrows, Home, End and the first
 * letters; when the menu goes by key or by choice, the focus is back on the button.
 */
import {
  type CSSProperties,
  type KeyboardEvent,
  type ReactNode,
  type ToggleEvent,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { isComposing } from './composer/keys';
import styles from './Menu.module.css';
import { placeBeside } from './placeBeside';

export interface MenuItem {
  label: string;
  /** Drawn before the label; says nothing of its own. */
  icon?: ReactNode;
  /** Cannot be undone. */
  isDanger?: boolean;
  isDisabled?: boolean;
  /** Called once the menu is gone and the focus back on the button. */
  onSelect(): void;
}

export interface MenuProps {
  /** The button's name, and the menu's. */
  label: string;
  /** What the button shows, where that is not its name. */
  children?: ReactNode;
  items: readonly MenuItem[];
  /** The button's class. */
  className?: string | undefined;
  /** Which sides of menu and button stand in line. */
  align?: 'start' | 'end';
  /** Called as the menu opens and goes. */
  onToggle?(isOpen: boolean): void;
}

/** How long letters in a row are one word, in ms. */
const typeAheadMs = 600;

export function Menu(props: MenuProps) {
  const { label, children, items, className, align = 'start', onToggle } = props;
  const [opensAt, setOpensAt] = useState<'first' | 'last'>();
  const isOpen = opensAt !== undefined;
  const wasOpen = useRef(false);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const anchor = `--menu-${id.replace(/[^\w-]/g, '')}`;

  const change = (next: 'first' | 'last' | undefined) => {
    setOpensAt(next);
    if ((next !== undefined) !== isOpen) onToggle?.(next !== undefined);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (isOpen || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return;
    event.preventDefault();
    change(event.key === 'ArrowDown' ? 'first' : 'last');
  };

  return (
    <>
      <button
        ref={button}
        type="button"
        className={className}
        style={styleOf({ anchorName: anchor })}
        aria-label={children === undefined ? undefined : label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        // The press that ends here has put the menu away already, as it is one beside it.
        onPointerDown={() => {
          wasOpen.current = isOpen;
        }}
        onClick={({ detail }) => {
          const isPutAway = isOpen || (detail > 0 && wasOpen.current);
          wasOpen.current = false;
          change(isPutAway ? undefined : 'first');
        }}
        onKeyDown={onKeyDown}
      >
        {children ?? label}
      </button>
      {isOpen && (
        <Items
          id={id}
          label={label}
          items={items}
          align={align}
          anchor={anchor}
          button={button.current}
          opensAt={opensAt}
          onGone={() => change(undefined)}
        />
      )}
    </>
  );
}

interface ItemsProps {
  id: string;
  label: string;
  items: readonly MenuItem[];
  align: 'start' | 'end';
  anchor: string;
  button: HTMLButtonElement | null;
  opensAt: 'first' | 'last';
  onGone(): void;
}

function Items({ id, label, items, align, anchor, button, opensAt, onGone }: ItemsProps) {
  const menu = useRef<HTMLDivElement>(null);
  const typed = useRef({ letters: '', at: 0 });

  useLayoutEffect(() => {
    const element = menu.current;
    if (!element || !button) return;
    element.showPopover();
    if (!window.CSS?.supports('anchor-name: --a')) placeBeside(element, button, align);
    enabled(element)
      .at(opensAt === 'first' ? 0 : -1)
      ?.focus();
    return () => element.hidePopover();
  }, [button, align, opensAt]);

  const goAway = (then?: () => void) => {
    onGone();
    button?.focus();
    then?.();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    // What is pressed in a menu is for the menu, not for the list that it stands in.
    event.stopPropagation();
    const all = enabled(event.currentTarget);
    const at = all.findIndex((item) => item.matches(':focus'));
    const to = {
      ArrowDown: (at + 1) % all.length,
      ArrowUp: (Math.max(at, 0) - 1 + all.length) % all.length,
      Home: 0,
      End: all.length - 1,
    }[event.key];
    if (to !== undefined) all[to]?.focus();
    else if (event.key === 'Escape' || event.key === 'Tab') goAway();
    else if (isLetter(event)) byLetters(all, at, event);
    else return;
    // After Tab the browser moves on, from the button.
    if (event.key !== 'Tab') event.preventDefault();
  };

  const byLetters = (all: HTMLElement[], at: number, { key, timeStamp }: KeyboardEvent) => {
    const goesOn = timeStamp - typed.current.at < typeAheadMs;
    const letters = (goesOn ? typed.current.letters : '') + key.toLocaleLowerCase();
    typed.current = { letters, at: timeStamp };
    // A new word begins behind the item that has the focus, a longer one with it.
    const from = letters.length === 1 ? at + 1 : Math.max(at, 0);
    const inOrder = [...all.slice(from), ...all.slice(0, from)];
    const found = inOrder.find((item) =>
      item.dataset.label?.toLocaleLowerCase().startsWith(letters),
    );
    found?.focus();
  };

  return (
    <div
      ref={menu}
      id={id}
      popover="auto"
      role="menu"
      aria-label={label}
      tabIndex={-1}
      className={styles.menu}
      data-align={align}
      style={styleOf({ positionAnchor: anchor })}
      onToggle={({ newState }: ToggleEvent) => newState === 'closed' && onGone()}
      onKeyDown={onKeyDown}
    >
      {items.map(({ label, icon, isDanger, isDisabled, onSelect }) => (
        <button
          key={label}
          type="button"
          role="menuitem"
          tabIndex={-1}
          data-label={label}
          data-danger={isDanger}
          aria-disabled={isDisabled}
          onClick={() => !isDisabled && goAway(onSelect)}
        >
          {icon && <span aria-hidden="true">{icon}</span>}
          {label}
        </button>
      ))}
    </div>
  );
}

function enabled(menu: Element): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>('[role="menuitem"]:not([aria-disabled="true"])')];
}

/** One character that is meant for the menu; a space chooses. */
function isLetter(event: KeyboardEvent): boolean {
  const { key, ctrlKey, metaKey, altKey } = event;
  const isPlain = !ctrlKey && !metaKey && !altKey && !isComposing(event);
  return isPlain && key !== ' ' && [...key].length === 1;
}

/** Properties that are newer than the types of styles. */
function styleOf(style: { anchorName?: string; positionAnchor?: string }): CSSProperties {
  return { ...style };
}
