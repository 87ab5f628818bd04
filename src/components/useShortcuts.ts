/** Acts on the page's shortcuts, as the table has them. */
import { useEffect, useEffectEvent } from 'react';
import { type KnownRoom, useChat } from '../store/chatStore';
import { readSetting } from '../storedSettings';
import { isComposing } from './composer/keys';
import { focusHome } from './focus';
import { usePageControls } from './pageControls';
import { type ShortcutName, shortcutOf } from './shortcuts';

export function useShortcuts(): void {
  const { openPanel, onSwitchRoom } = usePageControls();
  const rooms = useChat((state) => state.rooms);
  const room = useChat((state) => state.room);

  /** False where there is nothing to do: the key is left to the browser. */
  const act = useEffectEvent((name: ShortcutName): boolean => {
    const goTo = (next: KnownRoom | undefined) => {
      if (!next) return false;
      onSwitchRoom(next.room, next.roomKey);
      return true;
    };
    switch (name) {
      case 'help':
        openPanel('shortcuts');
        return true;
      case 'search':
        return openSearch();
      case 'previousRoom':
        return goTo(roomBeside(rooms, room, -1));
      case 'nextRoom':
        return goTo(roomBeside(rooms, room, 1));
      case 'nextUnread':
        return goTo(roomBeside(unreadOrOpen(rooms, room), room, 1));
      case 'toField':
        focusHome();
        return true;
    }
  });

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      // What a list, a menu or a composition has taken is not the page's.
      const isTaken = event.defaultPrevented || isComposing(event);
      if (isTaken || document.querySelector('dialog[open]')) return;
      const name = shortcutOf(event, {
        isInField: isField(event.target),
        singleKeys: readSetting('single-keys'),
      });
      if (name && act(name)) event.preventDefault();
    };
    // Last of all: whoever stands nearer to the key comes first.
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}

/** The room `step` places further in the list, round its ends. */
function roomBeside(rooms: readonly KnownRoom[], open: string, step: 1 | -1) {
  const at = rooms.findIndex(({ room }) => room === open);
  const next = rooms.at((at + step) % rooms.length);
  return next?.room === open ? undefined : next;
}

function unreadOrOpen(rooms: readonly KnownRoom[], open: string) {
  return rooms.filter(({ room, unread }) => unread > 0 || room === open);
}

/** Whatever says that it is the way to search: a field takes the focus, a button is pressed. */
function openSearch(): boolean {
  const ways = [...document.querySelectorAll<HTMLElement>('[data-shortcut="search"]')];
  const field = ways.find((way) => way instanceof HTMLInputElement);
  if (field) field.focus();
  else ways[0]?.click();
  return ways.length > 0;
}

function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input, textarea, select'))
  );
}
