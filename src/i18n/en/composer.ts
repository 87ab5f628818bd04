/** Where one writes, and how what was written is shown. */
export const composer = {
  showAll: 'Show all',
  showLess: 'Show less',
  copyCode: 'Copy code',
  codeCopied: 'Copied',
};
