import { afterEach, describe, expect, it } from 'vitest';
import { storeSetting } from './storedSettings';
import { followTheme } from './theme';

const root = document.documentElement;
const barColours = () =>
  [...document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')].map(
    ({ content }) => content,
  );

afterEach(() => {
  delete root.dataset.theme;
  root.style.backgroundColor = '';
});

describe('the theme', () => {
  it('is the system’s until one is chosen, and again when that is chosen', () => {
    const end = followTheme();
    expect(root.dataset.theme).toBeUndefined();
    storeSetting('theme', 'dark');
    expect(root.dataset.theme).toBe('dark');
    storeSetting('theme', 'system');
    expect(root.dataset.theme).toBeUndefined();
    end();
    storeSetting('theme', 'light');
    expect(root.dataset.theme).toBeUndefined();
  });

  it('is followed from another tab, and colours the browser’s bars', () => {
    root.style.backgroundColor = 'rgb(1, 2, 3)';
    const end = followTheme();
    expect(barColours()).toEqual([]);
    localStorage.setItem('heartline.theme', 'dark');
    window.dispatchEvent(new StorageEvent('storage', { key: 'heartline.theme' }));
    expect(root.dataset.theme).toBe('dark');
    expect(barColours()).toEqual(['rgb(1, 2, 3)']);
    storeSetting('theme', 'system');
    expect(barColours()).toEqual([]);
    end();
  });
});
