import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { zhCN } from '../i18n/zh-CN';
import { ownMessage, renderChat } from '../testing/renderChat';
import { SignOut } from './SignOut';

describe('signing out', () => {
  it('asks first, and says what would be lost', async () => {
    const { user, actions } = renderChat(<SignOut />);
    actions.unsentCount.mockReturnValue(2);
    await user.click(screen.getByRole('button', { name: 'Sign out' }));
    const question = screen.getByRole('alertdialog', { name: 'Sign out?' });
    expect(question.textContent).toContain('2 messages were not sent and will be deleted');
    expect(actions.signOut).not.toHaveBeenCalled();
    await user.click(within(question).getByRole('button', { name: 'Sign out' }));
    expect(actions.signOut).toHaveBeenCalledOnce();
  });

  it('begins with staying, by key too, and gives the focus back', async () => {
    const { user, actions } = renderChat(<SignOut />);
    const signOut = screen.getByRole('button', { name: 'Sign out' });
    await user.click(signOut);
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Stay' }));
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('alertdialog')).toBeNull();
    expect(document.activeElement).toBe(signOut);
    expect(actions.signOut).not.toHaveBeenCalled();
  });

  it('counts anew what is written meanwhile', async () => {
    const { user, actions, set } = renderChat(<SignOut />);
    await user.click(screen.getByRole('button', { name: 'Sign out' }));
    actions.unsentCount.mockReturnValue(1);
    set({ messages: [ownMessage('x', { state: 'queued' })] });
    expect(screen.getByRole('alertdialog').textContent).toContain('1 message was not sent');
  });

  it('speaks Chinese as well', async () => {
    const { user, actions } = renderChat(<SignOut />, { language: 'zh-CN', texts: zhCN });
    actions.unsentCount.mockReturnValue(1);
    await user.click(screen.getByRole('button', { name: '退出登录' }));
    const question = screen.getByRole('alertdialog', { name: '退出登录？' });
    expect(question.textContent).toContain('1 条消息');
  });
});
