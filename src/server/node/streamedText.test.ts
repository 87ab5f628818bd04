import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codePointCount, limits } from '../../protocol/limits';
import { StreamedText } from './streamedText';

const most = limits.bodyLength;

/** Gives it a text in parts, with one message behind another: what was shown, and the messages. */
function run(parts: readonly string[]) {
  const text = new StreamedText();
  const messages: string[] = [];
  let shown = '';
  for (const part of parts) {
    text.add(part);
    for (;;) {
      const piece = text.takePiece();
      if (piece) {
        expect(piece.at).toBe(shown.length);
        shown += piece.text;
      }
      if (!text.isOverfull) break;
      messages.push(text.takeLines());
      shown = '';
    }
  }
  messages.push(text.takeAll());
  return messages;
}

describe('a text that comes bit by bit', () => {
  it('is shown as it comes, each part from where the last one ended', () => {
    const text = new StreamedText();
    text.add('one ');
    expect(text.takePiece()).toEqual({ at: 0, text: 'one ' });
    expect(text.takePiece()).toBeUndefined();
    text.add('💓');
    text.add(' two');
    expect(text.takePiece()).toEqual({ at: 4, text: '💓 two' });
    expect(text.length).toBe(10);
    expect(text.takeAll()).toBe('one 💓 two');
  });

  it('is a message without the line breaks at its end, and none if it has nothing else', () => {
    expect(run(['built\n'])).toEqual(['built']);
    expect(run(['\n\none', '\n', '\ntwo\r\n\n'])).toEqual(['one\n\ntwo']);
    expect(run(['\n', '\r\n'])).toEqual(['']);
  });

  it('fills a message to its last character, whatever that takes in UTF-16', () => {
    expect(run(['💓'.repeat(most)])).toEqual(['💓'.repeat(most)]);
    const [first = '', second] = run(['💓'.repeat(most + 1)]);
    expect([codePointCount(first), second]).toEqual([most, '💓']);
  });

  it('goes on in the next message with a line of its own, else with a word', () => {
    const line = 'x'.repeat(99);
    const lines = Array.from({ length: 150 }, () => line).join('\n');
    const messages = run([lines]);
    expect(messages.map(({ length }) => length)).toEqual([9_999, 4_999]);
    expect(messages.join('\n')).toBe(lines);
    const words = 'word '.repeat(2_500).trim();
    expect(run([words]).map((each) => each.slice(-5))).toEqual(['word ', ' word']);
  });

  it('is full only once something that can be seen does not fit', () => {
    const text = new StreamedText();
    text.add('x'.repeat(most));
    text.takePiece();
    text.add('\n\n');
    expect([text.takePiece(), text.isOverfull]).toEqual([undefined, false]);
    text.add('y');
    expect(text.isOverfull).toBe(true);
    expect(text.takeLines()).toHaveLength(most);
    expect(text.takePiece()).toEqual({ at: 0, text: 'y' });
  });

  it('holds no more than two messages, even of line breaks without end', () => {
    const text = new StreamedText();
    for (let n = 0; n < 1_000; n += 1) text.add('\n'.repeat(1_000));
    expect(text.takePiece()).toBeUndefined();
    text.add('x'.repeat(most));
    text.takePiece();
    text.add('\n'.repeat(most + 1));
    expect(text.isOverfull).toBe(true);
  });

  it('loses nothing but line breaks between messages, wherever it is cut', () => {
    const character = fc.constantFrom('a', ' ', '\n', '💓', '界');
    const part = fc
      .tuple(fc.string({ unit: character, maxLength: 40 }), fc.integer({ min: 1, max: 200 }))
      .map(([text, times]) => text.repeat(times));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const messages = run(parts);
        for (const message of messages) expect(codePointCount(message)).toBeLessThanOrEqual(most);
        const seen = (text: string) => text.replace(/\n/g, '');
        expect(seen(messages.join(''))).toBe(seen(parts.join('')));
      }),
      { numRuns: 200 },
    );
  });
});
