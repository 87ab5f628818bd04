import { act } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { messageOf, renderChat } from '../testing/renderChat';
import { type ComposerTargetUse, useComposerTarget } from './composerTarget';

function setUp() {
  const uses: ComposerTargetUse[] = [];
  function Reader() {
    uses.push(useComposerTarget());
    return null;
  }
  const chat = renderChat(<Reader />);
  return { ...chat, current: () => uses.at(-1) };
}

describe('what the next text is for', () => {
  it('is the room, until a message is answered or changed, and again when that is over', () => {
    const { current } = setUp();
    expect(current()?.target).toBeUndefined();
    const message = messageOf(1);
    act(() => current()?.replyTo(message));
    expect(current()?.target).toEqual({ kind: 'reply', message });
    act(() => current()?.edit(message));
    expect(current()?.target).toEqual({ kind: 'edit', message });
    act(() => current()?.clear());
    expect(current()?.target).toBeUndefined();
  });

  it('is kept for each room', () => {
    const { current, set } = setUp();
    act(() => current()?.replyTo(messageOf(1)));
    set({ room: 'tea' });
    expect(current()?.target).toBeUndefined();
    set({ room: 'lobby' });
    expect(current()?.target?.message.id).toBe('m1');
  });

  it('belongs to one chat: another does not know it', () => {
    const one = setUp();
    const other = setUp();
    act(() => one.current()?.replyTo(messageOf(1)));
    expect(other.current()?.target).toBeUndefined();
  });
});
