import { describe, expect, it } from 'vitest';
import { messageLink, seqInHash } from './permalink';

describe('the address of a message', () => {
  it('names its place, with or without a word before it', () => {
    expect(['#seq=5', '#5', '#key=abc&seq=7'].map(seqInHash)).toEqual([5, 5, 7]);
  });

  it('that names none, or nonsense, is not one', () => {
    const none = ['', '#', '#key=abc', '#seq=', '#seq=-1', '#seq=1e3', '#0', '#99999999999999999'];
    expect(none.map(seqInHash)).toEqual(none.map(() => undefined));
  });

  it('leads others there: with the room and its key, without who gives it away', () => {
    const page =
      'https://chat.example/a/?name=Ann&lang=en&room=p-x&server=wss%3A%2F%2Fs#key=abc&seq=1';
    expect(messageLink(page, 'p-x', 12)).toBe(
      'https://chat.example/a/?room=p-x&server=wss%3A%2F%2Fs#key=abc&seq=12',
    );
    expect(messageLink('https://chat.example/', 'lobby', 3)).toBe(
      'https://chat.example/?room=lobby#seq=3',
    );
  });
});
