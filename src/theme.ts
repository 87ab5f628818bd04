/**
 * Light or dark, as chosen: told to the style sheet by `data-theme` on the root, and to the browser, which
 * colours its own bars to match. `public/theme.js` has done the first before the page was drawn.
 */
import { readSetting, watchSetting } from './storedSettings';

/** Follows the choice from now on, on this page and others. Returns its end. */
export function followTheme(): () => void {
  applyTheme();
  return watchSetting('theme', applyTheme);
}

function applyTheme(): void {
  const theme = readSetting('theme');
  const root = document.documentElement;
  if (theme === 'system') delete root.dataset.theme;
  else root.dataset.theme = theme;
  colourBars(theme === 'system' ? undefined : getComputedStyle(root).backgroundColor);
}

/** The first `theme-color` that fits is taken, so a chosen one stands before those for the system's. */
function colourBars(colour: string | undefined): void {
  document.querySelector('meta[name="theme-color"][data-chosen]')?.remove();
  if (!colour) return;
  const meta = document.createElement('meta');
  meta.name = 'theme-color';
  meta.content = colour;
  meta.dataset.chosen = '';
  document.head.prepend(meta);
}
