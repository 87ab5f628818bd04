/** What a key means while one writes, which depends on the composition that it may belong to. */
import type { KeyboardEvent } from 'react';

type NativeEvent = KeyboardEvent['nativeEvent'];

/**
 * Whether the key belongs to a composition (Pinyin, Zhuyin, Kana) and to nobody else. Safari ends the
 * composition before its last key comes (WebKit 165004), which only the old key code 229 still tells.
 */
export function isComposing(event: KeyboardEvent | NativeEvent): boolean {
  const { isComposing, keyCode } = 'nativeEvent' in event ? event.nativeEvent : event;
  return isComposing || keyCode === 229;
}

/** On a screen keyboard Enter breaks the line: there is a button to send, and no Shift at hand. */
export function isTouchScreen(): boolean {
  return window.matchMedia?.('(pointer: coarse) and (not (any-pointer: fine))').matches ?? false;
}

/** Ctrl and Enter, or on a Mac Command and Enter: send, whatever Enter alone does. */
export function isSendChord({ key, ctrlKey, metaKey }: KeyboardEvent): boolean {
  return key === 'Enter' && (ctrlKey || metaKey);
}
