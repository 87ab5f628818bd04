/** What browsers tell of a key that belongs to a composition (Pinyin, Zhuyin, Kana) and to nobody else. */
export const compositions: [browser: string, told: KeyboardEventInit][] = [
  ['Chrome on macOS: isComposing', { isComposing: true }],
  [
    'Chrome on Windows, Firefox: key "Process"',
    { key: 'Process', keyCode: 229, isComposing: true },
  ],
  ['Safari: after compositionend, with key code 229', { keyCode: 229 }],
];
