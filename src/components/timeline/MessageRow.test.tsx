import { act, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import type { ChatMessage } from '../../store/chatStore';
import { useComposerTarget } from '../../store/composerTarget';
import { ann, bob, messageOf, ownMessage, renderChat } from '../../testing/renderChat';
import { MessageList } from '../MessageList';

const row = (id: string) => {
  const found = document.querySelector<HTMLElement>(`[data-message-id="${id}"]`);
  if (!found) throw new Error(`there is no row ${id}`);
  return found;
};
const inRow = (id: string) => within(row(id));

function Target() {
  const { target } = useComposerTarget();
  return <output>{target && `${target.kind} ${target.message.id}`}</output>;
}

const setUp = (...messages: ChatMessage[]) =>
  renderChat(
    <>
      <MessageList />
      <Target />
    </>,
    { state: { messages, isLoaded: true } },
  );

/** Goes to a row, and presses one of its actions. */
async function press(view: ReturnType<typeof setUp>, id: string, action: string) {
  act(() => row(id).focus());
  await view.user.click(inRow(id).getByRole('button', { name: action }));
}

describe('what can be done with a message', () => {
  it('is to answer it, and to change one’s own', async () => {
    const view = setUp(messageOf(1), messageOf(2, { author: ann }));
    await press(view, 'm1', 'Reply');
    expect(document.querySelector('output')?.textContent).toBe('reply m1');
    expect(inRow('m1').queryByRole('button', { name: 'Edit' })).toBeNull();
    await press(view, 'm2', 'Edit');
    expect(document.querySelector('output')?.textContent).toBe('edit m2');
  });

  it('is to delete one’s own, once that was confirmed', async () => {
    const view = setUp(messageOf(1, { author: ann }));
    await press(view, 'm1', 'Delete message');
    await view.user.click(inRow('m1').getByRole('button', { name: 'Keep' }));
    expect(view.actions.erase).not.toHaveBeenCalled();
    await press(view, 'm1', 'Delete message');
    await view.user.click(inRow('m1').getByRole('button', { name: 'Yes, delete' }));
    expect(view.actions.erase).toHaveBeenCalledExactlyOnceWith('m1');
    expect(inRow('m1').getByRole('button', { name: 'Delete message' })).toBeTruthy();
  });

  it('is to put an emoji to it, and to take it back', async () => {
    const reactions = [{ emoji: '👍', users: [ann, bob], mine: true }];
    const view = setUp(messageOf(1, { reactions }));
    await press(view, 'm1', 'React');
    await view.user.click(inRow('m1').getByRole('button', { name: 'React with 🎉' }));
    expect(view.actions.react).toHaveBeenLastCalledWith(1, '🎉', true);
    const given = inRow('m1').getByRole('button', { name: '👍 2: Ann and Bob' });
    expect(given.getAttribute('aria-pressed')).toBe('true');
    await view.user.click(given);
    expect(view.actions.react).toHaveBeenLastCalledWith(1, '👍', false);
  });

  it('is to copy its text, and a link to it that names nobody', async () => {
    const view = setUp(messageOf(7, { body: 'as *written*' }));
    await press(view, 'm7', 'Copy text');
    expect(await navigator.clipboard.readText()).toBe('as *written*');
    await press(view, 'm7', 'Copy link to message');
    expect(await navigator.clipboard.readText()).toBe(`${location.origin}/?room=lobby#seq=7`);
  });

  it('is of one that has not left to change it or to have it not sent', async () => {
    const view = setUp(ownMessage('x', { state: 'queued' }));
    await press(view, 'x', 'Delete, do not send');
    expect(view.actions.remove).toHaveBeenCalledExactlyOnceWith('x');
    expect(inRow('x').queryByRole('button', { name: 'Reply' })).toBeNull();
  });

  it('is of one that failed to edit it too', async () => {
    const view = setUp(ownMessage('x', { state: 'failed' }));
    await view.user.click(inRow('x').getByRole('button', { name: 'Edit' }));
    expect(document.querySelector('output')?.textContent).toBe('edit x');
  });
});

describe('what a message went through', () => {
  it('is told to the second to who points at it', async () => {
    const view = setUp(messageOf(5));
    expect(inRow('m5').getByTitle('Jan 15, 2026, 12:00:05 PM')).toBeTruthy();
    await view.user.hover(row('m5'));
    expect(inRow('m5').getByText('Jan 15, 2026, 12:00:05 PM')).toBeTruthy();
  });

  it('is that it was changed, and when', () => {
    setUp(messageOf(1, { edited: messageOf(9).at }));
    expect(inRow('m1').getByText('edited').title).toBe('Jan 15, 2026, 12:00:09 PM');
  });

  it('is that it was deleted: nothing of it is left but that', () => {
    setUp(messageOf(1, { body: '', deleted: 5, edited: 4 }));
    expect(row('m1').querySelector('[data-part="body"]')?.textContent).toBe(
      'This message was deleted.',
    );
    expect(inRow('m1').queryByText('edited')).toBeNull();
  });

  it('is who has read it last, by a few faces and all names', () => {
    const others = ['Bob', 'Carla', 'Dora', 'Eve', 'Fay'].map((name) => ({ id: name, name }));
    const reads = others.map((user) => ({ user, seq: 2 }));
    const view = setUp(messageOf(1, { author: ann }), messageOf(2, { author: ann }));
    view.set({ reads: [...reads.slice(1), { user: bob, seq: 1 }] });
    expect(inRow('m1').getByRole('img', { name: 'Seen by Bob' })).toBeTruthy();
    const seen = inRow('m2').getByRole('img', { name: 'Seen by Carla, Dora and 2 others' });
    expect(seen.textContent).toBe('+1');
  });

  it('is not said of who has written it', () => {
    const view = setUp(messageOf(1));
    view.set({ reads: [{ user: bob, seq: 1 }] });
    expect(inRow('m1').queryByRole('img')).toBeNull();
  });

  it('is that a change of it waits, or why it was refused', async () => {
    const change = { id: 'c', kind: 'edit', state: 'queued', failure: undefined } as const;
    const view = setUp(messageOf(1, { author: ann, change }));
    expect(inRow('m1').getByText('Saving the change…')).toBeTruthy();
    const failure = { code: 'new', message: 'too late' };
    view.set({
      messages: [messageOf(1, { author: ann, change: { ...change, state: 'failed', failure } })],
    });
    expect(inRow('m1').getByText(/not saved: The server refused it: too late/)).toBeTruthy();
    await view.user.click(inRow('m1').getByRole('button', { name: 'Discard change' }));
    expect(view.actions.remove).toHaveBeenCalledExactlyOnceWith('c');
  });
});

describe('a quoted message', () => {
  it('is shown with its author, and led to', async () => {
    const replyTo = { seq: 1, author: bob, body: 'number 1' };
    const view = setUp(messageOf(1), messageOf(2, { author: ann, replyTo }));
    const quote = inRow('m2').getByRole('button', { name: 'Answer to Bob: show the message' });
    expect(quote.textContent).toBe('Bobnumber 1');
    await view.user.click(quote);
    await vi.waitFor(() => expect(row('m1').dataset.sought).toBe('true'));
    expect(document.activeElement).toBe(row('m1'));
  });

  it('is loaded where it is not known, and may be gone', () => {
    const view = setUp(messageOf(5, { replyTo: { seq: 2 } }));
    expect(view.actions.loadQuote).toHaveBeenCalledExactlyOnceWith(2);
    view.set({ messages: [messageOf(5, { replyTo: { seq: 2, author: bob, deleted: 3 } })] });
    expect(inRow('m5').getByText('This message was deleted.')).toBeTruthy();
  });
});
