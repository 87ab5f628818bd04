import { act, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { en } from '../i18n/en';
import { zhCN } from '../i18n/zh-CN';
import type { ConnectionState, ConnectionStatus, LossCause } from '../store/chatStore';
import { connectionOf, renderChat } from '../testing/renderChat';
import { StatusBadge } from './StatusBadge';

const state = (status: ConnectionStatus, fields: Partial<ConnectionState> = {}) =>
  connectionOf({ status, ...fields });
const cut: LossCause = { kind: 'closed', code: 1006, reason: '', wasClean: false };
const buttons = () => screen.queryAllByRole('button').map(({ textContent }) => textContent);

describe('the status badge', () => {
  it.each<[ConnectionStatus, string, string[]]>([
    ['idle', 'Not connected', ['Reconnect']],
    ['connecting', 'Connecting…', ['Disconnect']],
    ['open', 'Connected', ['Disconnect']],
    ['waiting', 'Connection lost', ['Reconnect', 'Disconnect']],
    ['offline', 'No network', ['Reconnect', 'Disconnect']],
    ['closed', 'Disconnected', ['Reconnect']],
    ['failed', 'Not connected', ['Reconnect']],
  ])('says in words that the line is %s, and offers what can be done', (status, words, offered) => {
    renderChat(<StatusBadge />, { state: { connection: state(status) } });
    const badge = screen.getByRole('status');
    expect(badge.dataset.connectionState).toBe(status);
    expect(badge.textContent).toBe(words);
    expect(buttons()).toEqual(offered);
  });

  it('says that an open line is being checked, and calls it open still', () => {
    renderChat(<StatusBadge />, { state: { connection: state('open', { isChecking: true }) } });
    const badge = screen.getByRole('status');
    expect(badge.dataset.connectionState).toBe('open');
    expect(badge.textContent).toBe('Checking…');
  });

  it('says the same through the tries of one outage, and shows which one is under way', () => {
    const { set } = renderChat(<StatusBadge />, {
      state: { connection: state('waiting', { cause: cut, attempt: 2, retryAt: Date.now() }) },
    });
    const badge = screen.getByRole('status');
    expect(badge.textContent).toBe('Connection lost');
    set({ connection: state('connecting', { cause: cut, attempt: 2 }) });
    expect(badge.textContent).toBe('Connection lost');
    expect(badge.dataset.connectionState).toBe('connecting');
    expect(screen.getByRole('timer').textContent).toBe('Try 2…');
    set({ connection: state('connecting', { cause: cut, attempt: 0 }) });
    expect(badge.textContent).toBe('Connecting…');
  });

  it('speaks Chinese as well', () => {
    renderChat(<StatusBadge />, {
      language: 'zh-CN',
      texts: zhCN,
      state: { connection: state('waiting', { cause: cut }) },
    });
    expect(screen.getByRole('status').textContent).toBe('连接中断');
    expect(buttons()).toEqual(['重新连接', '断开']);
  });

  it('connects and disconnects', async () => {
    const { user, actions } = renderChat(<StatusBadge />, {
      state: { connection: state('waiting') },
    });
    await user.click(screen.getByRole('button', { name: 'Reconnect' }));
    expect(actions.reconnect).toHaveBeenCalledOnce();
    await user.click(screen.getByRole('button', { name: 'Disconnect' }));
    expect(actions.disconnect).toHaveBeenCalledOnce();
  });

  it('shows how long the last answer took', () => {
    const { set } = renderChat(<StatusBadge />, {
      state: { connection: state('open'), rttMs: 42 },
    });
    expect(screen.getByTitle('Round-trip time').textContent).toBe('42 ms');
    set({ rttMs: undefined });
    expect(screen.queryByTitle('Round-trip time')).toBeNull();
  });
});

describe('why the line was lost', () => {
  it('is said as exactly as an HTTP request could find out', () => {
    const { set } = renderChat(<StatusBadge />, {
      state: { connection: state('waiting', { cause: cut, diagnosis: 'sign in' }) },
    });
    expect(screen.getByText(en.diagnoses['sign in'], { exact: false })).toBeTruthy();
    const restarting: LossCause = { kind: 'closed', code: 4001, reason: '', wasClean: true };
    set({ connection: state('waiting', { cause: restarting, diagnosis: 'sign in' }) });
    expect(screen.queryByText(en.diagnoses['sign in'], { exact: false })).toBeNull();
  });

  it.each<[LossCause, string]>([
    [cut, en.closeCodes[1006] ?? ''],
    [{ kind: 'heartbeat timeout' }, 'The server did not answer a heartbeat.'],
    [{ kind: 'ack timeout' }, 'The server did not confirm a message in time.'],
    [{ kind: 'connect timeout' }, 'The server did not answer.'],
    [{ kind: 'bad address', message: 'x' }, 'The server’s address cannot be used.'],
    [{ kind: 'closed', code: 4001, reason: 'x', wasClean: true }, 'The server is restarting.'],
    [
      { kind: 'closed', code: 4321, reason: 'tired', wasClean: true },
      'The server closed the line (4321, tired).',
    ],
    [
      { kind: 'closed', code: 4321, reason: '', wasClean: true },
      'The server closed the line (4321).',
    ],
  ])('is said in words: %j', (cause, words) => {
    renderChat(<StatusBadge />, { state: { connection: state('waiting', { cause }) } });
    expect(screen.getByText(words)).toBeTruthy();
  });

  it('tells giving up from being refused', () => {
    const { set } = renderChat(<StatusBadge />, {
      state: { connection: state('failed', { cause: cut }) },
    });
    expect(screen.getByText(/Gave up/)).toBeTruthy();
    const refused: LossCause = { kind: 'closed', code: 4501, reason: 'x', wasClean: true };
    set({ connection: state('failed', { cause: refused }) });
    expect(screen.queryByText(/Gave up/)).toBeNull();
    expect(screen.getByText(/no longer valid/)).toBeTruthy();
  });

  it('is not held up to who closed the line themselves', () => {
    renderChat(<StatusBadge />, { state: { connection: state('closed', { cause: cut }) } });
    expect(screen.queryByText(en.closeCodes[1006] ?? '')).toBeNull();
  });
});

describe('the countdown to the next try', () => {
  beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }));
  afterEach(() => vi.useRealTimers());

  it('ticks each second, apart from the status, which is read aloud only when it changes', () => {
    renderChat(<StatusBadge />, {
      state: { connection: state('waiting', { cause: cut, attempt: 3, retryAt: 1_004_500 }) },
    });
    const timer = screen.getByRole('timer');
    expect(timer.textContent).toBe('Try 3 in 5 s');
    act(() => vi.advanceTimersByTime(2_000));
    expect(timer.textContent).toBe('Try 3 in 3 s');
    act(() => vi.advanceTimersByTime(60_000));
    expect(timer.textContent).toBe('Try 3 in 0 s');
    expect(screen.getByRole('status').textContent).toBe('Connection lost');
  });

  it('leaves no timer once the line is open', () => {
    const { set } = renderChat(<StatusBadge />, {
      state: { connection: state('waiting', { cause: cut, retryAt: 1_004_500 }) },
    });
    set({ connection: state('open') });
    expect(screen.queryByRole('timer')).toBeNull();
    expect(vi.getTimerCount()).toBe(0);
  });
});
