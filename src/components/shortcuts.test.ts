import { describe, expect, it } from 'vitest';
import { en } from '../i18n/en';
import {
  allShortcuts,
  type KeyCombination,
  type PressedKey,
  type ShortcutName,
  shortcutOf,
} from './shortcuts';

const press = (key: string, fields: Partial<PressedKey> = {}): PressedKey => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...fields,
});
const anywhere = { isInField: false, singleKeys: true };
const inField = { isInField: true, singleKeys: true };

describe('a key of the page', () => {
  it.each<[ShortcutName | undefined, PressedKey]>([
    ['help', press('?', { shiftKey: true })],
    ['help', press('?')],
    ['search', press('/')],
    ['search', press('k', { ctrlKey: true })],
    ['search', press('K', { metaKey: true })],
    ['previousRoom', press('ArrowUp', { altKey: true })],
    ['nextRoom', press('ArrowDown', { altKey: true })],
    ['nextUnread', press('ArrowDown', { altKey: true, shiftKey: true })],
    ['toField', press('Escape')],
    [undefined, press('k')],
    [undefined, press('k', { ctrlKey: true, shiftKey: true })],
    [undefined, press('ArrowDown')],
    [undefined, press('/', { ctrlKey: true })],
    [undefined, press('?', { altKey: true })],
  ])('%s', (name, pressed) => {
    expect(shortcutOf(pressed, anywhere)).toBe(name);
  });

  it('is a letter where one writes, unless it is pressed with Ctrl or Alt', () => {
    expect(shortcutOf(press('?'), inField)).toBeUndefined();
    expect(shortcutOf(press('/'), inField)).toBeUndefined();
    expect(shortcutOf(press('k', { ctrlKey: true }), inField)).toBe('search');
    expect(shortcutOf(press('ArrowUp', { altKey: true }), inField)).toBe('previousRoom');
  });

  it('does nothing by itself where a person has turned that off', () => {
    const off = { isInField: false, singleKeys: false };
    expect(shortcutOf(press('?'), off)).toBeUndefined();
    expect(shortcutOf(press('/'), off)).toBeUndefined();
    expect(shortcutOf(press('k', { metaKey: true }), off)).toBe('search');
    expect(shortcutOf(press('Escape'), off)).toBe('toField');
  });
});

describe('the table of shortcuts', () => {
  it('gives no combination of a group to two', () => {
    const named = ({ key, mod, alt, shift }: KeyCombination) => [mod, alt, shift, key].join();
    for (const entersSend of [true, false]) {
      const all = allShortcuts(entersSend).flatMap(({ group, keys }) =>
        keys.map((each) => `${group} ${named(each)}`),
      );
      expect(new Set(all).size).toBe(all.length);
    }
  });

  it('has words for each', () => {
    for (const { name } of allShortcuts(true)) expect(en.settings.shortcuts[name]).toBeTruthy();
  });

  it('follows the setting of what Enter does', () => {
    const keysOf = (name: string, entersSend: boolean) =>
      allShortcuts(entersSend).find((each) => each.name === name)?.keys;
    expect(keysOf('send', true)).toContainEqual({ key: 'Enter' });
    expect(keysOf('send', false)).toEqual([{ key: 'Enter', mod: true }]);
    expect(keysOf('breakLine', false)).toContainEqual({ key: 'Enter' });
  });
});
