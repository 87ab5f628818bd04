import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { connectionOf, renderChat } from '../testing/renderChat';
import { Writing } from './Writing';

const people = ['Bob', 'Cat', 'Dan'].map((name) => ({ id: name, name }));
const open = connectionOf({ status: 'open' });

describe('who is writing', () => {
  it.each([
    [1, 'Bob is writing…'],
    [2, 'Bob and Cat are writing…'],
    [3, 'Bob and 2 others are writing…'],
  ])('is said of %i', (count, words) => {
    renderChat(<Writing />, { state: { connection: open, writing: people.slice(0, count) } });
    expect(screen.getByText(words)).toBeTruthy();
  });

  it('is said whole of who has a long name, which is cut', () => {
    const longNamed = { id: 'w', name: 'W'.repeat(40) };
    renderChat(<Writing />, { state: { connection: open, writing: [longNamed] } });
    expect(screen.getByText(`${'W'.repeat(16)}… is writing…`)).toBeTruthy();
  });

  it('is not said when nobody is, or when there is no line to hear it on', () => {
    const { set } = renderChat(<Writing />, { state: { connection: open } });
    expect(screen.queryByText(/writing/)).toBeNull();
    set({ writing: people, connection: connectionOf({ status: 'waiting' }) });
    expect(screen.queryByText(/writing/)).toBeNull();
  });
});
