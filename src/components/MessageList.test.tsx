import { act, fireEvent, screen, within } from '@testing-library/react';
import { Profiler } from 'react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { zhCN } from '../i18n/zh-CN';
import type { ChatMessage } from '../store/chatStore';
import { nextFrame } from '../store/frameBatch';
import { storeSetting } from '../storedSettings';
import { ann, bob, connectionOf, messageOf, ownMessage, renderChat } from '../testing/renderChat';
import { MessageList } from './MessageList';
import { SendForm } from './SendForm';

const log = () => screen.getByRole('log');
const rows = () => [...log().querySelectorAll<HTMLElement>('[data-message-id]')];
const part = (row: HTMLElement | undefined, name: string) =>
  row?.querySelector(`[data-part="${name}"]`)?.textContent;
const focused = () => document.activeElement?.getAttribute('data-message-id');
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

  it('says so when nothing was said yet, once that is known', () => {
    const { set } = renderChat(<MessageList />);
    expect(screen.queryByText('Nothing has been said here yet.')).toBeNull();
    set({ isLoaded: true });
    expect(screen.getByText('Nothing has been said here yet.')).toBeTruthy();
  });

  it('is no live region: new messages are announced elsewhere', () => {
    renderChat(<MessageList />);
    expect(log().getAttribute('aria-live')).toBe('off');
  });

  it('is a list of articles, each of which says who, when, what and what became of it', () => {
    renderChat(<MessageList />, { state: { messages: [messageOf(1), ownMessage('x')] } });
    const items = within(log()).getAllByRole('listitem');
    expect(items.map((item) => item.getAttribute('aria-posinset'))).toEqual(['1', '2']);
    expect(items.map((item) => item.getAttribute('aria-setsize'))).toEqual(['-1', '-1']);
    const name = /^Ann .*number 0 .*Sent$/;
    expect(within(log()).getByRole('article', { name })).toBe(rows()[1]);
  });

  it('is in the page whole, unless its texts are very long', () => {
    const { set } = renderChat(<MessageList />, { state: { messages: range(1, 40) } });
    expect(rows()).toHaveLength(40);
    set({ messages: range(1, 40).map((each) => ({ ...each, body: 'x'.repeat(9_000) })) });
    expect(rows().length).toBeLessThan(40);
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

describe('the reader', () => {
  /** A list of 1,000 px on a screen of 100, as no layout is computed here: where they are is in e2e. */
  let scrollTop = 0;
  beforeEach(() => {
    scrollTop = 0;
    vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(100);
    vi.spyOn(Element.prototype, 'scrollHeight', 'get').mockReturnValue(1_000);
    vi.spyOn(Element.prototype, 'scrollTop', 'get').mockImplementation(() => scrollTop);
    vi.spyOn(Element.prototype, 'scrollTop', 'set').mockImplementation((top) => {
      scrollTop = Math.max(0, Math.min(top, 900));
    });
  });
  const scrollTo = (top: number) => {
    scrollTop = top;
    fireEvent.scroll(log());
  };
  const jump = () => screen.queryByRole('button', { name: /Jump to latest/ });

  it('is told how many others have come since they left the end', async () => {
    const { set, user } = renderChat(<MessageList />, { state: { messages: range(1, 10) } });
    expect(jump()).toBeNull();
    scrollTo(200);
    expect(jump()?.textContent).toBe('Jump to latest');
    set({ messages: [...range(1, 11), messageOf(12, { author: ann })] });
    set({ messages: [...range(1, 11), messageOf(12, { author: ann }), messageOf(13)] });
    expect(jump()?.textContent).toBe('Jump to latest · 2 new messages');
    await user.click(jump() ?? log());
    expect(scrollTop).toBe(900);
    expect(jump()).toBeNull();
  });

  it('has others counted that come above one’s own that failed', () => {
    const failed = ownMessage('x', { state: 'failed' });
    const { set } = renderChat(<MessageList />, { state: { messages: [...range(1, 10), failed] } });
    scrollTo(200);
    set({ messages: [...range(1, 11), failed] });
    expect(jump()?.textContent).toBe('Jump to latest · 1 new message');
  });

  it('is not moved because one’s own message has to wait again, and is by a new one', () => {
    const own = ownMessage('x', { state: 'queued' });
    const { set } = renderChat(<MessageList />, { state: { messages: range(1, 10) } });
    set({ messages: [...range(1, 10), own] });
    set({ messages: [...range(1, 10), { ...own, state: 'sending' }] });
    scrollTo(200);
    set({ messages: [...range(1, 10), own] });
    expect(scrollTop).toBe(200);
    set({ messages: [...range(1, 10), own, ownMessage('y', { state: 'queued' })] });
    expect(scrollTop).toBe(900);
  });

  it('near the start is given older messages, and by a button too', async () => {
    const state = {
      messages: range(11, 20),
      hasOlder: true,
      connection: connectionOf({ status: 'open' }),
    };
    const { user, actions, set } = renderChat(<MessageList />, { state });
    expect(actions.loadOlder).not.toHaveBeenCalled();
    scrollTo(150);
    scrollTo(140);
    expect(actions.loadOlder).toHaveBeenCalledOnce();
    expect(log().getAttribute('aria-busy')).toBe('true');
    set({ messages: range(1, 20) });
    expect(log().getAttribute('aria-busy')).toBe('false');
    await user.click(screen.getByRole('button', { name: 'Load older messages' }));
    expect(actions.loadOlder).toHaveBeenCalledTimes(2);
  });

  it('is at the end taken to have read all, while the page is seen', () => {
    const hidden = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    const state = { messages: [...range(1, 9), ownMessage('x')], isLoaded: true };
    const { actions, set } = renderChat(<MessageList />, { state });
    expect(actions.markRead).not.toHaveBeenCalled();
    hidden.mockReturnValue('visible');
    fireEvent(document, new Event('visibilitychange'));
    expect(actions.markRead).toHaveBeenCalledExactlyOnceWith(9);
    set({ messages: range(1, 11) });
    expect(actions.markRead).toHaveBeenLastCalledWith(11);
  });

  it('is read anew where its log was replaced by a shorter one', () => {
    const { actions, set } = renderChat(<MessageList />, {
      state: { messages: range(1, 9), isLoaded: true },
    });
    expect(actions.markRead).toHaveBeenLastCalledWith(9);
    const other = range(1, 3).map((message) => ({ ...message, id: `other ${message.id}` }));
    set({ messages: other });
    expect(actions.markRead).toHaveBeenLastCalledWith(3);
  });
});

describe('the unread line', () => {
  const line = () => screen.queryByText('Unread');
  const button = () => screen.queryByRole('button', { name: 'Jump to unread' });
  const aFramePasses = () => act(() => new Promise<void>((resolve) => nextFrame(resolve)));

  it('stands above the first message of another that was not read when the room was opened', async () => {
    const mine = messageOf(4, { author: ann });
    const state = { messages: [...range(1, 3), mine, messageOf(5)], isLoaded: true, readBefore: 3 };
    const { set } = renderChat(<MessageList />, { state });
    await aFramePasses();
    expect(line()?.nextElementSibling).toBe(rows()[4]);
    set({ messages: [...range(1, 3), mine, messageOf(5), messageOf(6)] });
    expect(line()?.nextElementSibling).toBe(rows()[4]);
  });

  it('is not drawn for what comes while the room is open', async () => {
    const state = { messages: range(1, 3), isLoaded: true, readBefore: 3 };
    const { set } = renderChat(<MessageList />, { state });
    await aFramePasses();
    set({ messages: range(1, 4) });
    expect(line()).toBeNull();
  });

  it('waits until it is known that nothing unread is above, and is led to from further down', async () => {
    const state = { messages: range(11, 20), isLoaded: true, hasOlder: true, readBefore: 5 };
    const { user, actions, set } = renderChat(<MessageList />, { state });
    await aFramePasses();
    expect(line()).toBeNull();
    const scrollTop = vi.spyOn(log(), 'scrollTop', 'get').mockReturnValue(0);
    fireEvent.scroll(log());
    expect(button()).toBeNull();
    scrollTop.mockReturnValue(900);
    fireEvent.scroll(log());
    await user.click(button() ?? log());
    expect(actions.loadBackTo).toHaveBeenCalledExactlyOnceWith(6);
    set({ messages: range(1, 20) });
    expect(line()?.nextElementSibling).toBe(rows()[5]);
  });

  it('is no row of a later page while the room’s first one is known of, and not drawn yet', async () => {
    const state = { messages: range(11, 20), isLoaded: true, hasOlder: true, readBefore: 1 };
    const { user, actions, set } = renderChat(<MessageList />, { state });
    let loaded = () => {};
    actions.loadBackTo.mockReturnValue(
      new Promise((resolve) => {
        loaded = resolve;
      }),
    );
    await aFramePasses();
    await user.click(button() ?? log());
    set({ hasOlder: false });
    await aFramePasses();
    expect([line(), focused()]).toEqual([null, null]);
    set({ messages: range(1, 20) });
    loaded();
    await aFramePasses();
    await aFramePasses();
    expect(line()?.nextElementSibling).toBe(rows()[1]);
    expect(focused()).toBe('m2');
  });
});

describe('the keyboard', () => {
  it('comes to the list once, at its latest row, and goes from row to row by arrows', async () => {
    const { user } = renderChat(<MessageList />, { state: { messages: range(1, 5) } });
    await user.tab();
    expect(focused()).toBe('m5');
    await user.keyboard('{ArrowUp}{ArrowUp}');
    expect(focused()).toBe('m3');
    expect(rows().map(({ tabIndex }) => tabIndex)).toEqual([-1, -1, 0, -1, -1]);
    await user.keyboard('{Home}');
    expect(focused()).toBe('m1');
    await user.keyboard('{ArrowUp}{ArrowDown}');
    expect(focused()).toBe('m2');
    await user.keyboard('{End}');
    expect(focused()).toBe('m5');
  });

  it('opens a row’s actions by Enter, goes through them by arrows, and back by Escape', async () => {
    const { user } = renderChat(<MessageList />, { state: { messages: range(1, 2) } });
    await user.tab();
    await user.keyboard('{Enter}');
    expect(document.activeElement?.getAttribute('aria-label')).toBe('React');
    await user.keyboard('{ArrowRight}');
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Reply');
    await user.keyboard('{Escape}');
    expect(focused()).toBe('m2');
  });

  it('goes from a row to where one writes by Escape', async () => {
    const page = (
      <main>
        <MessageList />
        <SendForm />
      </main>
    );
    const { user } = renderChat(page, { state: { messages: range(1, 2) } });
    await user.tab();
    await user.keyboard('{Escape}');
    expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Message' }));
  });

  it('is at the neighbour when the row that had the focus is gone, never at the page', async () => {
    const failed = ownMessage('x', { state: 'failed' });
    const { user, set } = renderChat(<MessageList />, {
      state: { messages: [...range(1, 3), failed] },
    });
    await user.tab();
    expect(focused()).toBe('x');
    set({ messages: range(1, 3) });
    expect(focused()).toBe('m3');
  });
});

describe('the simple list', () => {
  it('is chosen at any time, and has its rows one below the other as any list', () => {
    renderChat(<MessageList />, { state: { messages: range(1, 5) } });
    const placed = () =>
      within(log())
        .getAllByRole('listitem')
        .map(({ style }) => style.position);
    expect(placed()).toEqual(Array(5).fill('absolute'));
    act(() => storeSetting('simple-list', true));
    expect(placed()).toEqual(Array(5).fill(''));
  });

  it('is what is printed', () => {
    renderChat(<MessageList />, { state: { messages: range(1, 30) } });
    const printed = () => [...document.querySelectorAll('body > div > ol > li')];
    act(() => void window.dispatchEvent(new Event('beforeprint')));
    expect(printed()).toHaveLength(30);
    act(() => void window.dispatchEvent(new Event('afterprint')));
    expect(printed()).toHaveLength(0);
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
