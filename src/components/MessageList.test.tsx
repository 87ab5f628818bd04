import { act, fireEvent, screen, within } from '@testing-library/react';
import { Profiler } from 'react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { zhCN } from '../i18n/zh-CN';
import type { ChatMessage } from '../store/chatStore';
import { ann, bob, messageOf, ownMessage, renderChat } from '../testing/renderChat';
import { MessageList } from './MessageList';
import { SendForm } from './SendForm';

const log = () => screen.getByRole('log');
const rows = () => [...log().querySelectorAll<HTMLElement>('[data-message-id]')];
const part = (row: HTMLElement | undefined, name: string) =>
  row?.querySelector(`[data-part="${name}"]`)?.textContent;
const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => messageOf(from + index));

describe('the message list', () => {
  it('shows each message with its author, text, place and state', () => {
    renderChat(<MessageList />, {
      state: { messages: [messageOf(1), ownMessage('x', { state: 'queued', body: '你好' })] },
    });
    const [first, second] = rows();
    expect(first?.dataset).toMatchObject({ messageId: 'm1', seq: '1', state: 'sent' });
    expect([part(first, 'author'), part(first, 'body')]).toEqual(['Bob', 'number 1']);
    expect(second?.dataset).toMatchObject({ messageId: 'x', state: 'queued' });
    expect(second?.dataset.seq).toBeUndefined();
    expect(part(second, 'body')).toBe('你好');
  });

  it('tells apart authors of one name by a tag beside it, and leaves the name alone', () => {
    const tagged = { id: 'u3', name: 'Bob', tag: 'k3f9' };
    renderChat(<MessageList />, {
      state: { messages: [messageOf(1), messageOf(2, { author: tagged })] },
    });
    expect(rows().map((row) => [part(row, 'author'), part(row, 'tag')])).toEqual([
      ['Bob', undefined],
      ['Bob', '·k3f9'],
    ]);
    expect(rows().map((row) => row.dataset.continues)).toEqual(['false', 'false']);
  });

  it('shows texts as they are: no markup, nothing trimmed, each in its own direction', () => {
    const body = ' <b>bold?</b>\n& done ';
    renderChat(<MessageList />, { state: { messages: [messageOf(1, { body })] } });
    expect(part(rows()[0], 'body')).toBe(body);
    expect(rows()[0]?.querySelector('[data-part="body"]')?.getAttribute('dir')).toBe('auto');
  });

  it('names the author of every message, though it shows a name once for a run of them', () => {
    renderChat(<MessageList />, {
      state: { messages: [messageOf(1), messageOf(2), messageOf(3, { author: ann })] },
    });
    expect(rows().map((row) => part(row, 'author'))).toEqual(['Bob', 'Bob', 'Ann']);
    expect(rows().map((row) => row.dataset.continues)).toEqual(['false', 'true', 'false']);
  });

  it('begins a new run after five minutes, and a new day with its date', () => {
    const day = messageOf(1).at;
    renderChat(<MessageList />, {
      state: {
        messages: [
          messageOf(1),
          messageOf(2, { at: day + 5 * 60_000 }),
          messageOf(3, { at: day + 24 * 3_600_000 }),
        ],
      },
    });
    expect(rows().map((row) => row.dataset.continues)).toEqual(['false', 'false', 'false']);
    expect(screen.getByText('Thursday, January 15, 2026')).toBeTruthy();
    expect(screen.getByText('Friday, January 16, 2026')).toBeTruthy();
  });

  it('lays long texts out only near the screen when there are very many of them', () => {
    const long = (count: number) =>
      range(1, count).map((message) => ({ ...message, body: 'x'.repeat(10_000) }));
    const { set } = renderChat(<MessageList />, { state: { messages: long(30) } });
    const list = () => rows()[0]?.parentElement;
    expect(list()?.dataset.heavy).toBe('false');
    set({ messages: long(31) });
    expect(list()?.dataset.heavy).toBe('true');
    expect(rows()[0]?.dataset.long).toBe('true');
  });

  it('says so when nothing was said yet, once that is known', () => {
    const { set } = renderChat(<MessageList />);
    expect(screen.queryByText('Nothing has been said here yet.')).toBeNull();
    set({ isLoaded: true });
    expect(screen.getByText('Nothing has been said here yet.')).toBeTruthy();
  });

  it('is no live region: new messages are announced elsewhere', () => {
    renderChat(<MessageList />);
    expect(log().getAttribute('aria-live')).toBe('off');
    expect(log().tabIndex).toBe(0);
  });
});

describe('what became of one’s own message', () => {
  it.each([
    ['queued', 'Waiting for the line'],
    ['sending', 'Sending'],
    ['sent', 'Sent'],
  ] as const)('is said in words: %s', (state, words) => {
    renderChat(<MessageList />, { state: { messages: [ownMessage('x', { state })] } });
    expect(screen.getByText(words)).toBeTruthy();
  });

  it('tells one that has left, and may be there, from one that has not', () => {
    renderChat(<MessageList />, {
      state: { messages: [ownMessage('x', { state: 'queued', hasLeft: true })] },
    });
    expect(screen.getByText('Not confirmed yet, goes again')).toBeTruthy();
  });

  it('is said in Chinese too', () => {
    renderChat(<MessageList />, {
      language: 'zh-CN',
      texts: zhCN,
      state: { messages: [ownMessage('x', { state: 'queued' })] },
    });
    expect(screen.getByText('等待连接')).toBeTruthy();
  });

  it('in plain mode is never more than handed over', () => {
    renderChat(<MessageList />, {
      mode: 'plain',
      state: { messages: [ownMessage('x', { state: 'sent' })] },
    });
    expect(screen.getByText('Handed over, not acknowledged')).toBeTruthy();
    expect(screen.queryByText('Sent')).toBeNull();
  });

  it('when refused comes with the reason, Retry and Delete', async () => {
    const failed = ownMessage('x', {
      state: 'failed',
      failure: { code: 'too_long', message: 'x' },
    });
    const { user, actions } = renderChat(<MessageList />, { state: { messages: [failed] } });
    const row = within(rows()[0] ?? log());
    expect(row.getByText(/Not sent: Too long: .* at most 10,000 characters/)).toBeTruthy();
    await user.click(row.getByRole('button', { name: 'Retry' }));
    expect(actions.retry).toHaveBeenCalledExactlyOnceWith('x');
    await user.click(row.getByRole('button', { name: 'Delete' }));
    expect(actions.remove).toHaveBeenCalledExactlyOnceWith('x');
  });

  it('when refused for a reason that is not known here, in the server’s words', () => {
    const failed = ownMessage('x', {
      state: 'failed',
      failure: { code: 'new', message: 'too pink' },
    });
    renderChat(<MessageList />, { state: { messages: [failed] } });
    expect(screen.getByText(/too pink/)).toBeTruthy();
  });

  it('changes without the message becoming another element', () => {
    const { set } = renderChat(<MessageList />, {
      state: { messages: [ownMessage('x', { state: 'queued' })] },
    });
    const [before] = rows();
    set({ messages: [{ ...messageOf(1, { author: ann }), id: 'x' }] });
    expect(rows()).toEqual([before]);
    expect(before?.dataset.state).toBe('sent');
  });
});

describe('where the reader is', () => {
  /** A scroller of 100 px, with `rowHeight` px for each row, as no layout is computed here. */
  let scrollTop = 0;
  let rowHeight = 50;
  let resized = () => {};
  beforeEach(() => {
    scrollTop = 0;
    rowHeight = 50;
    const height = () => rowHeight * document.querySelectorAll('[data-message-id]').length;
    vi.stubGlobal(
      'ResizeObserver',
      class {
        constructor(callback: () => void) {
          resized = callback;
        }
        observe() {}
        disconnect() {}
      },
    );
    vi.spyOn(Element.prototype, 'getBoundingClientRect').mockImplementation(function (
      this: Element,
    ) {
      if (this === log()) return new DOMRect(0, 0, 100, 100);
      const row = this.closest<HTMLElement>('[data-message-id]');
      const above = row ? rows().indexOf(row) : 0;
      return new DOMRect(0, rowHeight * above - scrollTop, 100, rowHeight);
    });
    vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(100);
    vi.spyOn(Element.prototype, 'scrollHeight', 'get').mockImplementation(height);
    vi.spyOn(Element.prototype, 'scrollTop', 'get').mockImplementation(() => scrollTop);
    vi.spyOn(Element.prototype, 'scrollTop', 'set').mockImplementation((top) => {
      scrollTop = Math.max(0, Math.min(top, height() - 100));
    });
  });
  const scrollTo = (top: number) => {
    log().scrollTop = top;
    fireEvent.scroll(log());
  };
  const jump = () => screen.queryByRole('button', { name: /Jump to latest/ });

  it('is at the end to begin with, and stays there as messages come', () => {
    const { set } = renderChat(<MessageList />, { state: { messages: range(1, 10) } });
    expect(scrollTop).toBe(400);
    set({ messages: range(1, 12) });
    expect(scrollTop).toBe(500);
    expect(jump()).toBeNull();
  });

  it('stays where the reader has scrolled up to, and is told how many have come', async () => {
    const { set, user } = renderChat(<MessageList />, { state: { messages: range(1, 10) } });
    scrollTo(200);
    set({ messages: range(1, 12) });
    expect(scrollTop).toBe(200);
    expect(jump()?.textContent).toBe('Jump to latest · 2 new messages');
    await user.click(jump() ?? log());
    expect(scrollTop).toBe(500);
    expect(jump()).toBeNull();
  });

  it('follows again once the reader is back at the end', () => {
    const { set } = renderChat(<MessageList />, { state: { messages: range(1, 10) } });
    scrollTo(200);
    scrollTo(400);
    set({ messages: range(1, 11) });
    expect(scrollTop).toBe(450);
  });

  it('keeps to the line that is read when older messages come in front', () => {
    const { set } = renderChat(<MessageList />, { state: { messages: range(11, 20) } });
    scrollTo(120);
    set({ messages: range(1, 20) });
    expect(scrollTop).toBe(620);
  });

  it('keeps to it too when others come below at the same time', () => {
    const { set } = renderChat(<MessageList />, { state: { messages: range(11, 20) } });
    scrollTo(120);
    set({ messages: range(1, 25) });
    expect(scrollTop).toBe(620);
  });

  it('keeps to it when what is above takes more room, and when older messages come after that', () => {
    const { set } = renderChat(<MessageList />, { state: { messages: range(11, 20) } });
    scrollTo(120);
    rowHeight = 80;
    act(() => resized());
    // Two rows are above the one that is read.
    expect(scrollTop).toBe(120 + 2 * 30);
    set({ messages: range(1, 20) });
    expect(scrollTop).toBe(120 + 2 * 30 + 10 * 80);
  });

  it('does not take back what the reader scrolls while messages come', () => {
    const { set } = renderChat(<MessageList />, { state: { messages: range(1, 20) } });
    scrollTo(500);
    // The browser has not told of it yet.
    scrollTop = 400;
    set({ messages: range(1, 21) });
    expect(scrollTop).toBe(400);
  });

  it('does not change because one’s own message has to wait again', () => {
    const own = ownMessage('x', { state: 'queued' });
    const { set } = renderChat(<MessageList />, { state: { messages: range(1, 10) } });
    set({ messages: [...range(1, 10), own] });
    set({ messages: [...range(1, 10), { ...own, state: 'sending' }] });
    scrollTo(200);
    set({ messages: [...range(1, 10), own] });
    expect(scrollTop).toBe(200);
  });

  it('counts what others have said, above one’s own that failed', () => {
    const failed = ownMessage('x', { state: 'failed' });
    const { set } = renderChat(<MessageList />, { state: { messages: [...range(1, 10), failed] } });
    scrollTo(200);
    set({ messages: [...range(1, 11), messageOf(12, { author: ann }), failed] });
    expect(jump()?.textContent).toBe('Jump to latest · 1 new message');
  });

  it('goes to the end with one’s own message', () => {
    const { set } = renderChat(<MessageList />, { state: { messages: range(1, 10) } });
    scrollTo(200);
    set({ messages: [...range(1, 10), ownMessage('x', { state: 'queued' })] });
    expect(scrollTop).toBe(450);
  });

  it('near the top asks for older messages, and a button does too', async () => {
    const { user, actions } = renderChat(<MessageList />, {
      state: { messages: range(11, 20), hasOlder: true },
    });
    expect(actions.loadOlder).not.toHaveBeenCalled();
    scrollTo(150);
    expect(actions.loadOlder).toHaveBeenCalledOnce();
    await user.click(screen.getByRole('button', { name: 'Load older messages' }));
    expect(actions.loadOlder).toHaveBeenCalledTimes(2);
  });
});

describe('a keystroke', () => {
  it('does not draw the list again', async () => {
    const onRender = vi.fn();
    const messages: ChatMessage[] = [messageOf(1, { author: bob })];
    const { user } = renderChat(
      <>
        <Profiler id="list" onRender={onRender}>
          <MessageList />
        </Profiler>
        <SendForm />
      </>,
      { state: { messages } },
    );
    const before = onRender.mock.calls.length;
    await user.type(screen.getByRole('textbox', { name: 'Message' }), 'hello');
    expect(onRender.mock.calls.length).toBe(before);
  });
});
