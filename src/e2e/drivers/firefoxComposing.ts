/**
 * Composing in Firefox. BiDi knows keys only, so the browser's own text input processor is asked, to which the
 * input methods of a desktop speak, too: events and their order are those that people's pages get.
 */
import type { Bidi } from './bidi';
import type { Composing } from './driver';
import { callInWindow } from './firefoxScripts';

/** One for a window: the composition is its. */
const begin = `
  window.heartlineInput ??= Cc['@mozilla.org/text-input-processor;1']
    .createInstance(Ci.nsITextInputProcessor);
  const input = window.heartlineInput;
  if (!input.beginInputTransactionForTests(window)) throw new Error('somebody else composes');
`;

const compose = `(text) => {
  ${begin}
  input.setPendingCompositionString(text);
  input.appendClauseToPendingComposition(text.length, input.ATTR_RAW_CLAUSE);
  input.setCaretInPendingComposition(text.length);
  input.flushPendingComposition();
}`;

/** A key that the input method takes for itself is told as "Process". */
const press = `(code) => {
  ${begin}
  const key = new KeyboardEvent('', { key: 'Process', code, keyCode: KeyboardEvent.DOM_VK_PROCESSKEY });
  input.keydown(key);
  input.keyup(key);
}`;

/** The key that ends a composition is one of it. */
const commit = `(text) => {
  ${begin}
  const key = new KeyboardEvent('', { key: ' ', code: 'Space', keyCode: KeyboardEvent.DOM_VK_SPACE });
  input.commitCompositionWith(text, key);
  input.keyup(key);
}`;

export async function startComposing(bidi: Bidi): Promise<Composing> {
  const call = async (script: string, value: string) =>
    void (await callInWindow(bidi, script, { type: 'string', value }));
  return {
    compose: (text) => call(compose, text),
    press: (key) => call(press, key),
    commit: (text) => call(commit, text),
  };
}
