import { act, renderHook } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { readSetting, storeSetting, useSetting, watchSetting } from './storedSettings';

/** What a browser does when another tab has stored something. */
function storeInAnotherTab(key: string, value: string) {
  localStorage.setItem(key, value);
  act(() => window.dispatchEvent(new StorageEvent('storage', { key, newValue: value })));
}

describe('a stored setting', () => {
  it('is its default until it is chosen, and then what was chosen', () => {
    expect(readSetting('theme')).toBe('system');
    expect(readSetting('enter-sends')).toBe(true);
    storeSetting('theme', 'dark');
    storeSetting('enter-sends', false);
    expect(readSetting('theme')).toBe('dark');
    expect(readSetting('enter-sends')).toBe(false);
    expect(localStorage.getItem('heartline.enter-sends')).toBe('off');
  });

  it('is its default, too, where something else lies under its key', () => {
    localStorage.setItem('heartline.theme', 'purple');
    localStorage.setItem('heartline.notify', '{"on":true}');
    expect(readSetting('theme')).toBe('system');
    expect(readSetting('notify')).toBe(false);
  });

  it.each([
    [true, 'close'],
    [false, 'keep'],
  ])('keeps the line in the background unless this is a phone: %s', (matches, expected) => {
    vi.stubGlobal('matchMedia', () => ({ matches }));
    expect(readSetting('background')).toBe(expected);
  });

  it('holds for the page where the browser stores nothing', () => {
    vi.spyOn(window, 'localStorage', 'get').mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    storeSetting('sound', true);
    expect(readSetting('sound')).toBe(true);
    storeSetting('sound', false);
    expect(readSetting('sound')).toBe(false);
  });
});

describe('a change of a setting', () => {
  it('reaches whoever reads it on this page and on another, and nobody else', () => {
    const simple = renderHook(() => useSetting('simple-list'));
    const onTheme = vi.fn();
    const unwatch = watchSetting('theme', onTheme);
    act(() => simple.result.current[1](true));
    expect(simple.result.current[0]).toBe(true);
    storeInAnotherTab('heartline.simple-list', 'off');
    expect(simple.result.current[0]).toBe(false);
    expect(onTheme).not.toHaveBeenCalled();
    storeInAnotherTab('heartline.theme', 'light');
    expect(onTheme).toHaveBeenCalledOnce();
    unwatch();
    storeInAnotherTab('heartline.theme', 'dark');
    expect(onTheme).toHaveBeenCalledOnce();
  });
});
