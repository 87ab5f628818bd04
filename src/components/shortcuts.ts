/**
 * Every key of the page in one table: the handler acts by it, and the sheet is drawn from it. Those without
 * a `does` belong to a list or a field, which handle them where the focus is.
 */
export type ShortcutName =
  | 'help'
  | 'search'
  | 'previousRoom'
  | 'nextRoom'
  | 'nextUnread'
  | 'toField';

export interface KeyCombination {
  /** As `KeyboardEvent.key` has it. */
  key: string;
  /** Ctrl, or Cmd on a Mac. */
  mod?: boolean;
  alt?: boolean;
  shift?: boolean;
}

export interface Shortcut {
  /** The name of its text, too. */
  name: ShortcutName | ListKey | FieldKey;
  group: 'page' | 'list' | 'field';
  keys: readonly KeyCombination[];
}

type ListKey = 'moveInList' | 'endsOfList' | 'openActions' | 'leaveList';
type FieldKey = 'send' | 'breakLine' | 'editLast';

interface PageShortcut extends Shortcut {
  name: ShortcutName;
}

/** Handled for the whole page. */
export const pageShortcuts: readonly PageShortcut[] = [
  { name: 'help', group: 'page', keys: [{ key: '?' }] },
  { name: 'search', group: 'page', keys: [{ key: '/' }, { key: 'k', mod: true }] },
  { name: 'previousRoom', group: 'page', keys: [{ key: 'ArrowUp', alt: true }] },
  { name: 'nextRoom', group: 'page', keys: [{ key: 'ArrowDown', alt: true }] },
  { name: 'nextUnread', group: 'page', keys: [{ key: 'ArrowDown', alt: true, shift: true }] },
  { name: 'toField', group: 'page', keys: [{ key: 'Escape' }] },
];

const elsewhere: readonly Shortcut[] = [
  { name: 'moveInList', group: 'list', keys: [{ key: 'ArrowUp' }, { key: 'ArrowDown' }] },
  { name: 'endsOfList', group: 'list', keys: [{ key: 'Home' }, { key: 'End' }] },
  { name: 'openActions', group: 'list', keys: [{ key: 'Enter' }] },
  { name: 'leaveList', group: 'list', keys: [{ key: 'Escape' }] },
  { name: 'send', group: 'field', keys: [{ key: 'Enter' }, { key: 'Enter', mod: true }] },
  { name: 'breakLine', group: 'field', keys: [{ key: 'Enter', shift: true }] },
  { name: 'editLast', group: 'field', keys: [{ key: 'ArrowUp' }] },
];

/** The whole sheet. `entersSend`: as the setting has it. */
export function allShortcuts(entersSend: boolean): readonly Shortcut[] {
  if (entersSend) return [...pageShortcuts, ...elsewhere];
  const changed: Record<string, readonly KeyCombination[]> = {
    send: [{ key: 'Enter', mod: true }],
    breakLine: [{ key: 'Enter' }, { key: 'Enter', shift: true }],
  };
  return [
    ...pageShortcuts,
    ...elsewhere.map((each) => ({ ...each, keys: changed[each.name] ?? each.keys })),
  ];
}

/** A single character, which somebody may say or touch by mistake. */
export function isSingleKey({ key, mod, alt }: KeyCombination): boolean {
  return [...key].length === 1 && !mod && !alt;
}

export interface PressedKey {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

export interface PressedWhere {
  /** The focus is where text is written. */
  isInField: boolean;
  /** Shortcuts of a single key are wanted. */
  singleKeys: boolean;
}

/** Which shortcut of the page was pressed, if any. */
export function shortcutOf(pressed: PressedKey, where: PressedWhere): ShortcutName | undefined {
  const found = pageShortcuts.find(({ keys }) =>
    keys.some((keys) => {
      if (isSingleKey(keys) && (where.isInField || !where.singleKeys)) return false;
      return isPressed(keys, pressed);
    }),
  );
  return found?.name;
}

function isPressed(keys: KeyCombination, pressed: PressedKey): boolean {
  const { key, mod = false, alt = false, shift = false } = keys;
  const isMod = pressed.ctrlKey || pressed.metaKey;
  // How a sign is typed is the keyboard's affair: `?` needs Shift on one, and on another it does not.
  const isSign = isSingleKey(keys);
  return (
    pressed.key.toLowerCase() === key.toLowerCase() &&
    isMod === mod &&
    pressed.altKey === alt &&
    (isSign || pressed.shiftKey === shift)
  );
}
