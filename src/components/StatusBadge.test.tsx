import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { zhCN } from '../i18n/zh-CN';
import type { ConnectionState, ConnectionStatus, LossCause } from '../store/chatStore';
import { connectionOf, renderChat } from '../testing/renderChat';
import { StatusBadge } from './StatusBadge';

const state = (status: ConnectionStatus, fields: Partial<ConnectionState> = {}) =>
  connectionOf({ status, ...fields });
const cut: LossCause = { kind: 'closed', code: 1006, reason: '', wasClean: false };
const lost = (fields: Partial<ConnectionState> = {}) =>
  state('waiting', { cause: cut, wasOpen: true, ...fields });
const buttons = () => screen.queryAllByRole('button').map(({ textContent }) => textContent);

describe('the status badge', () => {
  it.each<[ConnectionStatus, string, string[]]>([
    ['idle', 'Not connected', ['Reconnect']],
    ['connecting', 'Connecting…', ['Disconnect']],
    ['open', 'Connected', ['Disconnect']],
    ['waiting', 'Connecting…', ['Reconnect', 'Disconnect']],
    ['offline', 'No network', ['Reconnect', 'Disconnect']],
    ['closed', 'Disconnected', ['Reconnect']],
    ['failed', 'Gave up', ['Reconnect']],
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

  it('says the same through the tries of one outage', () => {
    const { set } = renderChat(<StatusBadge />, {
      state: { connection: lost({ attempt: 2, retryAt: Date.now() }) },
    });
    const badge = screen.getByRole('status');
    expect(badge.textContent).toBe('Reconnecting…');
    expect(buttons()).toEqual(['Reconnect', 'Disconnect']);
    set({ connection: lost({ status: 'connecting', attempt: 2 }) });
    expect(badge.textContent).toBe('Reconnecting…');
    // A button that came and went with each try could hardly be pressed.
    expect(buttons()).toEqual(['Reconnect', 'Disconnect']);
    expect(badge.dataset.connectionState).toBe('connecting');
    // A person asks for a try: the count starts anew, the outage is the same.
    set({ connection: lost({ status: 'connecting', attempt: 0 }) });
    expect(badge.textContent).toBe('Reconnecting…');
  });

  it.each<[number, string]>([
    [4500, 'Update needed'],
    [4501, 'Signed out'],
    [4502, 'Not let in'],
    [4504, 'Signed out'],
    [4505, 'Not let in'],
    [4999, 'Not let in'],
  ])('tells what a person has to do after close code %i', (code, words) => {
    const cause: LossCause = { kind: 'closed', code, reason: '', wasClean: true };
    renderChat(<StatusBadge />, { state: { connection: state('failed', { cause }) } });
    expect(screen.getByRole('status').textContent).toBe(words);
  });

  it('tells a page that was put aside from one that a person disconnected', () => {
    renderChat(<StatusBadge />, { state: { connection: state('closed', { isSuspended: true }) } });
    expect(screen.getByRole('status').textContent).toBe('Paused');
  });

  it('speaks Chinese as well', () => {
    renderChat(<StatusBadge />, {
      language: 'zh-CN',
      texts: zhCN,
      state: { connection: lost() },
    });
    expect(screen.getByRole('status').textContent).toBe('正在重连…');
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
