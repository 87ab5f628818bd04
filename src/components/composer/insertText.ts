/**
 * Writes into a text field as if somebody had typed it: undo takes it back, and whoever listens for input
 * hears it.
 */
export function insertText(
  field: HTMLTextAreaElement,
  text: string,
  { start = field.selectionStart, end = field.selectionEnd } = {},
): void {
  field.focus();
  field.setSelectionRange(start, end);
  if (typesLikeAPerson(text)) return;
  field.setRangeText(text, start, end, 'end');
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

/** There is no other way that undo knows of. */
function typesLikeAPerson(text: string): boolean {
  try {
    return text === ''
      ? document.execCommand('delete')
      : document.execCommand('insertText', false, text);
  } catch {
    return false;
  }
}
