// Chooses light or dark before the page is drawn; src/theme.ts follows the choice from then on.
try {
  const theme = localStorage.getItem('heartline.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // A browser that keeps nothing has no choice to remember.
}
