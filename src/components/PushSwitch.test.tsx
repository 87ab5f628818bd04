import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { zhCN } from '../i18n/zh-CN';
import { renderChat } from '../testing/renderChat';
import { PushSwitch } from './PushSwitch';

const theSwitch = () => screen.getByRole('switch', { name: 'Notify me when I am away' });
/** What is read out with the switch. */
const hint = () =>
  document.getElementById(screen.getByRole('switch').getAttribute('aria-describedby') ?? '')
    ?.textContent;
const isChecked = () => theSwitch().getAttribute('aria-checked') === 'true';

describe('being told while away', () => {
  it('is not offered where it cannot be', () => {
    renderChat(<PushSwitch />);
    expect(screen.queryByRole('switch')).toBeNull();
  });

  it('is turned on and off by the switch', async () => {
    const { user, actions, set } = renderChat(<PushSwitch />, {
      state: { push: { status: 'off' } },
    });
    expect(isChecked()).toBe(false);
    await user.click(theSwitch());
    expect(actions.setPush).toHaveBeenLastCalledWith(true);
    set({ push: { status: 'on' } });
    expect(isChecked()).toBe(true);
    theSwitch().focus();
    await user.keyboard(' ');
    expect(actions.setPush).toHaveBeenLastCalledWith(false);
  });

  it('says that it waits for the browser, and can be taken back meanwhile', async () => {
    const { user, actions } = renderChat(<PushSwitch />, {
      state: { push: { status: 'asking' } },
    });
    expect(isChecked()).toBe(false);
    expect(hint()).toBe('Waiting for your browser…');
    await user.click(theSwitch());
    expect(actions.setPush).toHaveBeenLastCalledWith(false);
  });

  it('says what to do when the browser blocks it', async () => {
    const { user, actions } = renderChat(<PushSwitch />, {
      state: { push: { status: 'blocked' } },
    });
    expect(theSwitch().getAttribute('aria-disabled')).toBe('true');
    expect(hint()).toContain('Allow them in its settings');
    await user.click(theSwitch());
    expect(actions.setPush).not.toHaveBeenCalled();
  });

  it.each([
    ['no service', 'could not reach its push service'],
    ['refused', 'does not accept'],
  ] as const)('says why it did not work: %s', (problem, words) => {
    renderChat(<PushSwitch />, { state: { push: { status: 'off', problem } } });
    expect(hint()).toContain(words);
  });

  it('speaks Chinese as well', () => {
    const state = { push: { status: 'blocked' } } as const;
    renderChat(<PushSwitch />, { state, language: 'zh-CN', texts: zhCN });
    expect(screen.getByRole('switch', { name: '离开时通知我' })).toBeTruthy();
    expect(hint()).toContain('屏蔽');
  });
});
