import { act, screen, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { zhCN } from '../../i18n/zh-CN';
import type { ChatMessage } from '../../store/chatStore';
import { useComposerTarget } from '../../store/composerTarget';
import { ann, messageOf, ownMessage, renderChat } from '../../testing/renderChat';
import { Announcer } from '../Announcer';
import { MessageList } from '../MessageList';
import { SendForm } from '../SendForm';

/** What Bob, or somebody else, is writing. */
const live = (body: string, fields: Partial<ChatMessage> = {}) =>
  messageOf(0, { id: 's1', seq: undefined, body, state: 'sending', live: 'writing', ...fields });
const ended = (seq: number, body: string, fields: Partial<ChatMessage> = {}) =>
  messageOf(seq, { id: 's1', body, ...fields });

const row = (id = 's1') => {
  const found = document.querySelector<HTMLElement>(`[data-message-id="${id}"]`);
  if (!found) throw new Error(`there is no row ${id}`);
  return found;
};
const body = (id?: string) => row(id).querySelector('[data-part="body"]')?.textContent;
const setUp = (...messages: ChatMessage[]) =>
  renderChat(<MessageList />, { state: { messages, isLoaded: true } });

describe('a message that is being written', () => {
  it('is shown as far as it goes, and as nothing that was sent', () => {
    const { set } = setUp(messageOf(1), live('as far'));
    expect(body()).toBe('as far');
    set({ messages: [messageOf(1), live('as far as it goes')] });
    expect(body()).toBe('as far as it goes');
    expect(row().dataset).toMatchObject({ live: 'writing', state: 'sending' });
    expect(row().dataset.seq).toBeUndefined();
    expect(within(row()).getByText('Still being written')).toBeTruthy();
  });

  it('becomes the message in its place: the same row, with the focus where it was', () => {
    const { set } = setUp(messageOf(1), live('as far'));
    const before = row();
    act(() => before.focus());
    set({ messages: [messageOf(1), ended(2, 'as far as it goes')] });
    expect(row()).toBe(before);
    expect(document.activeElement).toBe(before);
    expect(row().dataset).toMatchObject({ seq: '2', state: 'sent' });
    expect(row().dataset.live).toBeUndefined();
    expect(within(row()).queryByText('Still being written')).toBeNull();
  });

  it('is never folded, nor when it has ended before one’s eyes', () => {
    const long = 'line\n'.repeat(40);
    const { set } = setUp(live(long));
    expect(row().querySelector('[data-folded="true"]')).toBeNull();
    expect(within(row()).queryByRole('button', { name: 'Show all' })).toBeNull();
    set({ messages: [ended(1, long)] });
    expect(row().querySelector('[data-folded="true"]')).toBeNull();
    expect(within(row()).getByRole('button', { name: 'Show less' })).toBeTruthy();
  });

  it('can be copied, and nothing else is offered before it is in the room', () => {
    setUp(live('theirs'), live('mine', { id: 's2', author: ann, mine: true }));
    for (const id of ['s1', 's2']) {
      act(() => row(id).focus());
      const buttons = within(row(id)).getByRole('toolbar').querySelectorAll('button');
      expect([...buttons].map((button) => button.getAttribute('aria-label'))).toEqual([
        'Copy text',
      ]);
    }
    expect(within(row('s2')).queryByText('Sending')).toBeNull();
  });

  it('does not take the reader along who reads further up, though it is their own from elsewhere', () => {
    const { set } = setUp(messageOf(1));
    const log = screen.getByRole('log');
    Object.defineProperty(log, 'scrollTop', { value: 10, writable: true });
    act(() => log.dispatchEvent(new WheelEvent('wheel', { deltaY: -100 })));
    expect(screen.getByRole('button', { name: /Jump to latest/ })).toBeTruthy();
    set({ messages: [messageOf(1), live('mine', { author: ann, mine: true })] });
    expect(screen.getByRole('button', { name: 'Jump to latest' })).toBeTruthy();
    // New it is once it is said.
    set({ messages: [messageOf(1), live('theirs')] });
    expect(screen.getByRole('button', { name: 'Jump to latest' })).toBeTruthy();
    set({ messages: [messageOf(1), ended(2, 'theirs')] });
    expect(screen.getByRole('button', { name: 'Jump to latest · 1 new message' })).toBeTruthy();
  });

  it('is not what Arrow-Up in the form would change', async () => {
    function Target() {
      const { target } = useComposerTarget();
      return <output>{target?.message.id}</output>;
    }
    const own = ownMessage('x', { state: 'sent', seq: 1 });
    const { user } = renderChat(
      <>
        <SendForm />
        <Target />
      </>,
      { state: { messages: [own, live('mine', { author: ann, mine: true })], isLoaded: true } },
    );
    await user.click(screen.getByRole('textbox', { name: 'Message' }));
    await user.keyboard('{ArrowUp}');
    expect(document.querySelector('output')?.textContent).toBe('x');
  });
});

describe('a message whose writer broke off', () => {
  it.each([
    { what: 'kept', message: ended(1, 'as far', { isCut: true }), words: 'Broken off here' },
    {
      what: 'not kept',
      message: live('as far', { live: 'broken' }),
      words: 'Broken off, and not kept',
    },
  ])('says so where it is $what', ({ message, words }) => {
    setUp(message);
    expect(within(row()).getByText(words)).toBeTruthy();
  });

  it('says so in Chinese', () => {
    renderChat(<MessageList />, {
      language: 'zh-CN',
      texts: zhCN,
      state: {
        messages: [ended(1, '写到', { isCut: true }), live('写', { id: 's2', live: 'broken' })],
      },
    });
    expect(within(row()).getByText('写到这里中断了')).toBeTruthy();
    expect(within(row('s2')).getByText('已中断，没有保存下来')).toBeTruthy();
  });

  it('says no more of it once it was deleted', () => {
    setUp(ended(1, '', { isCut: true, deleted: 5 }));
    expect(within(row()).queryByText('Broken off here')).toBeNull();
  });
});

describe('who listens', () => {
  const news = () => document.querySelector('[data-part="news"]')?.textContent;

  it('hears a message that was written before all eyes once, when it is whole', () => {
    vi.useFakeTimers();
    const { set } = renderChat(<Announcer />, { state: { messages: [messageOf(1)] } });
    for (const text of ['as ', 'as far ', 'as far as ']) {
      set({ messages: [messageOf(1), live(text)] });
      act(() => vi.advanceTimersByTime(2_000));
      expect(news()).toBe('');
    }
    set({ messages: [messageOf(1), ended(2, 'as far as it goes')] });
    expect(news()).toBe('Bob: as far as it goes');
    act(() => vi.advanceTimersByTime(5_000));
    expect(news()).toBe('Bob: as far as it goes');
    vi.useRealTimers();
  });

  it('hears that it broke off', () => {
    const { set } = renderChat(<Announcer />, { state: { messages: [messageOf(1)] } });
    set({ messages: [messageOf(1), ended(2, 'as far', { isCut: true })] });
    expect(news()).toBe('Bob: as far (Broken off here)');
  });
});
