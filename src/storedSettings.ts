/**
 * What a person has chosen for this browser, one key of `localStorage` each. What is stored is parsed, so
 * that a value of an older page, or of somebody's console, is the same as none. A change is told to every
 * component that reads the setting, and to the other tabs.
 */
import { useSyncExternalStore } from 'react';
import * as v from 'valibot';
import { createTextStorage, storedKey } from './browserStorage';

/** Every setting, and what it may be. */
export interface Settings {
  /** Light and dark as the system has it, or always one of them. */
  theme: 'system' | 'light' | 'dark';
  /** Notifications of new messages while the page is hidden. */
  notify: boolean;
  /** A sound with each of them. */
  sound: boolean;
  /** The line while the page is hidden: kept, or closed after some minutes, which saves a battery. */
  background: 'keep' | 'close';
  /** The conversation as a plain list, for screen readers, find-in-page and print. */
  'simple-list': boolean;
  /** Enter sends, and Shift+Enter breaks the line; else Enter breaks it, and Ctrl+Enter sends. */
  'enter-sends': boolean;
  /** Shortcuts of a single character, which speech input may set off by mistake (WCAG 2.1.4). */
  'single-keys': boolean;
}

export type SettingName = keyof Settings;

const onOff = v.pipe(
  v.picklist(['on', 'off']),
  v.transform((text) => text === 'on'),
);

/** How each is read from what is stored. */
const schemas: { [Name in SettingName]: v.GenericSchema<unknown, Settings[Name]> } = {
  theme: v.picklist(['system', 'light', 'dark']),
  notify: onOff,
  sound: onOff,
  background: v.picklist(['keep', 'close']),
  'simple-list': onOff,
  'enter-sends': onOff,
  'single-keys': onOff,
};

/** A phone saves its battery; a desk keeps its line. */
function isPhone(): boolean {
  return window.matchMedia?.('(pointer: coarse) and (not (any-pointer: fine))').matches ?? false;
}

const defaults: { [Name in SettingName]: () => Settings[Name] } = {
  theme: () => 'system',
  notify: () => false,
  sound: () => false,
  background: () => (isPhone() ? 'close' : 'keep'),
  'simple-list': () => false,
  'enter-sends': () => true,
  'single-keys': () => true,
};

const storage = createTextStorage('localStorage');
/** What the browser would not store holds for as long as the page does. */
const unstored = new Map<SettingName, string>();
const listeners = new Map<SettingName, Set<() => void>>();

export function readSetting<Name extends SettingName>(name: Name): Settings[Name] {
  const schema: v.GenericSchema<unknown, Settings[Name]> = schemas[name];
  const parsed = v.safeParse(schema, storage.get(name) ?? unstored.get(name));
  return parsed.success ? parsed.output : defaults[name]();
}

export function storeSetting<Name extends SettingName>(name: Name, value: Settings[Name]): void {
  const text = textOf(value);
  storage.set(name, text);
  if (storage.get(name) === text) unstored.delete(name);
  else unstored.set(name, text);
  for (const onChange of listeners.get(name) ?? []) onChange();
}

function textOf(value: Settings[SettingName]): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return value;
}

/** Calls `onChange` after every change of the setting, on this page or another one. Returns its end. */
export function watchSetting(name: SettingName, onChange: () => void): () => void {
  const own = listeners.get(name) ?? new Set();
  listeners.set(name, own.add(onChange));
  const onStorage = ({ key }: StorageEvent) => {
    // Without a key, everything was cleared.
    if (key === null || key === storedKey(name)) onChange();
  };
  window.addEventListener('storage', onStorage);
  return () => {
    own.delete(onChange);
    window.removeEventListener('storage', onStorage);
  };
}

/** A setting as it is now, and how to change it. */
export function useSetting<Name extends SettingName>(
  name: Name,
): [value: Settings[Name], set: (value: Settings[Name]) => void] {
  const value = useSyncExternalStore(
    (onChange) => watchSetting(name, onChange),
    () => readSetting(name),
  );
  return [value, (next) => storeSetting(name, next)];
}
