import { act, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { en } from '../i18n/en';
import { zhCN } from '../i18n/zh-CN';
import type { ConnectionState, ConnectionStatus, LossCause } from '../store/chatStore';
import {
  connectionOf,
  messageOf,
  ownMessage,
  type RenderChatOptions,
  renderChat,
} from '../testing/renderChat';
import { LineBanner } from './LineBanner';
import { graceMs, recoveredMs } from './lineWatch';

const state = (status: ConnectionStatus, fields: Partial<ConnectionState> = {}) =>
  connectionOf({ status, ...fields });
const cut: LossCause = { kind: 'closed', code: 1006, reason: '', wasClean: false };
const closedBy = (code: number, reason = ''): LossCause => ({
  kind: 'closed',
  code,
  reason,
  wasClean: true,
});
const lost = (fields: Partial<ConnectionState> = {}) =>
  state('waiting', { cause: cut, attempt: 1, wasOpen: true, ...fields });

const banner = () => screen.queryByRole('region', { name: 'Connection notice' });
const button = (name: string) => screen.getByRole('button', { name });
const spoken = (container: HTMLElement) =>
  container.querySelector('[aria-live="polite"]')?.textContent;
const pass = (ms: number) => act(() => vi.advanceTimersByTime(ms));

/** Renders with the line as given, and lets the grace pass. */
function renderAfterGrace(connection: ConnectionState, options: RenderChatOptions = {}) {
  const view = renderChat(<LineBanner isPhone />, {
    ...options,
    state: { connection, ...options.state },
  });
  pass(graceMs);
  return view;
}

beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => vi.useRealTimers());

describe('the banner of the line', () => {
  it('comes with its grace, tells that the line is back, and goes', () => {
    const { set, container } = renderChat(<LineBanner isPhone />, {
      state: { connection: state('open') },
    });
    set({ connection: lost() });
    pass(graceMs - 1);
    expect(banner()).toBeNull();
    expect(spoken(container)).toBe('Connected');
    pass(1);
    expect(banner()?.textContent).toContain('Connection lost. Reconnecting…');
    expect(spoken(container)).toBe('Reconnecting…');
    set({ connection: state('open') });
    expect(banner()?.textContent).toContain('Connected.');
    pass(recoveredMs);
    expect(banner()).toBeNull();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('says so where what is shown is from an earlier visit', () => {
    const at = Date.now() - 2 * 24 * 3_600_000;
    const { set } = renderAfterGrace(state('offline'), { state: { asOf: at } });
    expect(banner()?.textContent).toContain('What you see is from your last visit, as of');
    set({ asOf: undefined });
    expect(banner()?.textContent).not.toContain('last visit');
  });

  it('opens an old page anew in its newest version, and past what is kept where one is to sign in', () => {
    const { page, set } = renderAfterGrace(state('failed', { cause: closedBy(4500) }));
    fireEvent.click(button('Reload the page'));
    expect(page.onReload).toHaveBeenCalledOnce();
    set({ connection: lost({ diagnosis: 'sign in' }) });
    fireEvent.click(button('Reload the page'));
    expect(page.onReloadFromNetwork).toHaveBeenCalledOnce();
    expect(page.onReload).toHaveBeenCalledOnce();
  });

  it('tries now when it is asked to', () => {
    const { actions } = renderAfterGrace(lost());
    fireEvent.click(button('Retry now'));
    expect(actions.reconnect).toHaveBeenCalledOnce();
  });

  it.each<[string, ConnectionState, string, string]>([
    ['a first try', state('connecting'), 'Connecting takes longer than usual.', ''],
    ['a doubt', state('open', { isChecking: true }), 'Checking whether', ''],
    ['no network', state('offline', { cause: cut }), 'There is no network.', 'Retry now'],
    ['a pause', state('closed', { isSuspended: true }), 'was paused', 'Reconnect'],
    ['giving up', state('failed', { cause: cut }), 'Gave up', 'Reconnect'],
    ['an ended sign-in', state('failed', { cause: closedBy(4501) }), 'signed out', 'Reconnect'],
    ['an old page', state('failed', { cause: closedBy(4500) }), 'out of date', 'Reload the page'],
    ['a crowd', state('failed', { cause: closedBy(4505) }), 'too often', 'Reconnect'],
    ['a refusal', state('failed', { cause: closedBy(4502) }), 'let you in', 'Reconnect'],
  ])('says what it is, and what can be done: %s', (_, connection, words, action) => {
    renderAfterGrace(connection);
    expect(banner()?.textContent).toContain(words);
    expect(screen.queryAllByRole('button').map(({ textContent }) => textContent)).toEqual(
      action ? [action] : [],
    );
  });

  it.each<[ConnectionState, string]>([
    [state('failed', { cause: cut }), 'Gave up'],
    [lost(), 'Connection lost'],
    [state('waiting', { cause: cut, attempt: 1 }), 'No connection yet'],
  ])('leaves it to the button of the head, where that has one: %#', (connection, words) => {
    renderChat(<LineBanner isPhone={false} />, { state: { connection } });
    pass(graceMs);
    expect(banner()?.textContent).toContain(words);
    expect(screen.queryByRole('button')).toBeNull();
  });

  it.each([
    ['en', en, 'No connection yet. Still trying… The server could not be reached.'],
    ['zh-CN', zhCN, '还没有连上，正在继续尝试… 连不上服务器。'],
  ] as const)(
    'speaks of no line that was lost where there never was one: %s',
    (language, texts, words) => {
      const trying = state('waiting', { cause: cut, attempt: 2, retryAt: Date.now() + 1_000 });
      const { set } = renderAfterGrace(trying, { language, texts });
      expect(screen.getByRole('region').textContent).toContain(words);
      expect(button(texts.line.retryNow)).toBeTruthy();
      set({ connection: state('connecting', { cause: cut, attempt: 2 }) });
      expect(screen.getByRole('region').textContent).toContain(words);
      set({ connection: state('open', { wasOpen: true }) });
      expect(screen.getByRole('region').textContent).toContain(texts.line.told.open);
      set({ connection: lost() });
      expect(screen.getByRole('region').textContent).toContain(texts.line.told.reconnecting);
    },
  );

  it('is an alert only where a person has to do something', () => {
    const { set } = renderAfterGrace(lost());
    expect(screen.queryByRole('alert')).toBeNull();
    set({ connection: state('failed', { cause: closedBy(4504) }) });
    expect(screen.getByRole('alert').textContent).toContain('You are signed out.');
  });

  it('speaks Chinese as well', () => {
    renderAfterGrace(lost(), {
      language: 'zh-CN',
      texts: zhCN,
      state: { outbox: { waiting: 2, failed: 1 } },
    });
    const words = screen.getByRole('region', { name: '连接提示' }).textContent;
    expect(words).toContain('连接中断，正在重连…');
    expect(words).toContain('2 条消息待发');
    expect(words).toContain('1 条消息没有发出');
  });
});

describe('what is said of a line that ended for good', () => {
  it.each([
    ['en', en],
    ['zh-CN', zhCN],
  ] as const)('is said once in a banner: %s', (language, texts) => {
    for (const code of Object.keys(texts.closeCodes)) {
      const connection = state('failed', { cause: closedBy(Number(code)) });
      const { unmount } = renderAfterGrace(connection, { language, texts });
      const words = screen.getByRole('region').textContent ?? '';
      const sentences = (words.match(/[^.。]+[.。]/g) ?? []).map((each) => each.trim());
      expect(sentences.length).toBeGreaterThan(1);
      expect(sentences).toEqual([...new Set(sentences)]);
      unmount();
    }
  });
});

describe('why the line was lost', () => {
  it('is said as exactly as an HTTP request could find out', () => {
    const { set } = renderAfterGrace(lost({ diagnosis: 'sign in' }));
    expect(banner()?.textContent).toContain(en.diagnoses['sign in']);
    expect(button('Reload the page')).toBeTruthy();
    set({ connection: lost({ cause: closedBy(4001), diagnosis: 'server down' }) });
    expect(banner()?.textContent).not.toContain(en.diagnoses['server down']);
  });

  it.each<[LossCause, string]>([
    [cut, en.closeCodes[1006] ?? ''],
    [{ kind: 'heartbeat timeout' }, 'The server did not answer a heartbeat.'],
    [{ kind: 'ack timeout' }, 'The server did not confirm a message in time.'],
    [{ kind: 'connect timeout' }, 'The server did not answer.'],
    [{ kind: 'bad address', message: 'x' }, 'The server’s address cannot be used.'],
    [closedBy(4001, 'x'), 'The server is restarting.'],
    [closedBy(4321, 'tired'), 'The server closed the line (4321, tired).'],
    [closedBy(4321), 'The server closed the line (4321).'],
  ])('is said in words: %j', (cause, words) => {
    renderAfterGrace(lost({ cause }));
    expect(banner()?.textContent).toContain(words);
  });

  it('is not held up to who closed the line themselves', () => {
    renderAfterGrace(state('closed', { cause: cut }), {
      state: { outbox: { waiting: 1, failed: 0 } },
    });
    expect(banner()?.textContent).not.toContain(en.closeCodes[1006]);
    expect(banner()?.textContent).toContain('1 message waits and leaves when you reconnect.');
  });
});

describe('the next try', () => {
  it('counts down a wait of five seconds and more, and nobody is read the number', () => {
    const { container } = renderAfterGrace(lost({ attempt: 3, retryAt: Date.now() + 7_500 }));
    const timer = screen.getByRole('timer');
    expect(timer.textContent).toBe('Try 3 in 6 s');
    expect(timer.getAttribute('aria-live')).toBe('off');
    pass(3_000);
    expect(timer.textContent).toBe('Try 3 in 3 s');
    expect(spoken(container)).toBe('Reconnecting…');
  });

  it('is named without a number where the wait is shorter', () => {
    renderAfterGrace(lost({ attempt: 2, retryAt: Date.now() + 4_999 }));
    expect(screen.getByRole('timer').textContent).toBe('Try 2…');
  });

  it('leaves no timer once the line is open', () => {
    const { set } = renderAfterGrace(lost({ retryAt: Date.now() + 9_000 }));
    set({ connection: state('open') });
    pass(recoveredMs);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('what waits', () => {
  it('is counted while the line is away, and otherwise one may simply go on', () => {
    const { set } = renderAfterGrace(lost());
    expect(banner()?.textContent).toContain('You can go on reading and writing.');
    set({ outbox: { waiting: 2, failed: 0 } });
    expect(banner()?.textContent).toContain('2 messages wait and leave when the line is open.');
    set({ connection: state('failed', { cause: closedBy(4501) }) });
    expect(banner()?.textContent).toContain('2 messages wait and leave when you reconnect.');
  });
});

describe('what was not sent', () => {
  const outbox = { waiting: 0, failed: 2 };
  const open = state('open');
  const stale = ownMessage('x', {
    state: 'failed',
    body: 'old news',
    failure: { code: 'stale', message: '' },
  });
  const refusedEdit = messageOf(7, {
    body: 'better words',
    change: {
      id: 'e7',
      kind: 'edit',
      state: 'failed',
      failure: { code: 'no_message', message: 'gone' },
    },
  });

  it('is told at once, whatever the line is, and goes again or is forgotten as a whole', () => {
    const { actions } = renderChat(<LineBanner isPhone />, { state: { connection: open, outbox } });
    expect(screen.getByRole('alert').textContent).toBe('2 messages were not sent.');
    fireEvent.click(button('Retry all'));
    expect(actions.retryAll).toHaveBeenCalledOnce();
  });

  it('is deleted only after a question, which begins with keeping it', () => {
    const { actions } = renderChat(<LineBanner isPhone />, { state: { connection: open, outbox } });
    fireEvent.click(button('Delete all'));
    const question = screen.getByRole('alertdialog', { name: 'Delete 2 messages?' });
    expect(document.activeElement).toBe(within(question).getByRole('button', { name: 'Keep' }));
    fireEvent.click(within(question).getByRole('button', { name: 'Keep' }));
    expect(screen.queryByRole('alertdialog')).toBeNull();
    expect(actions.removeAll).not.toHaveBeenCalled();
    fireEvent.click(button('Delete all'));
    fireEvent.click(
      within(screen.getByRole('alertdialog')).getByRole('button', { name: 'Delete all' }),
    );
    expect(actions.removeAll).toHaveBeenCalledOnce();
    expect(screen.queryByRole('alertdialog')).toBeNull();
  });

  it('is listed, each with its reason and its buttons', () => {
    const { actions, set } = renderChat(<LineBanner isPhone />, {
      state: {
        connection: open,
        outbox: { waiting: 0, failed: 3 },
        messages: [messageOf(1), refusedEdit, stale],
      },
    });
    fireEvent.click(button('Show why'));
    const list = within(screen.getByRole('dialog', { name: 'Not sent' }));
    const [edit, old] = list.getAllByRole('listitem');
    expect(edit?.textContent).toContain('Edit: better words');
    expect(old?.textContent).toContain('It has waited for more than an hour. Send it still?');
    expect(list.getByText('1 more was not sent in other rooms.')).toBeTruthy();

    fireEvent.click(list.getAllByRole('button', { name: 'Retry' })[1] ?? document.body);
    expect(actions.retry).toHaveBeenCalledWith('x');
    fireEvent.click(list.getAllByRole('button', { name: 'Delete' })[0] ?? document.body);
    expect(actions.remove).toHaveBeenCalledWith('e7');

    set({ messages: [messageOf(1)], outbox: { waiting: 0, failed: 0 } });
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});
