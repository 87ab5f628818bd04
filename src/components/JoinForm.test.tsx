import { screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { zhCN } from '../i18n/zh-CN';
import { checkName } from '../settings';
import { renderChat } from '../testing/renderChat';
import { JoinForm } from './JoinForm';

function setUp(initialName = '') {
  const onJoin = vi.fn();
  const form = (
    <JoinForm
      room="tea"
      initialName={initialName}
      isNameGiven={false}
      checkName={checkName}
      onJoin={onJoin}
      onSwitchLanguage={vi.fn()}
    />
  );
  return { onJoin, form };
}
const field = () => screen.getByRole('textbox', { name: 'Your name' });

describe('the door', () => {
  it('lets in who gives a name, trimmed', async () => {
    const { onJoin, form } = setUp();
    const { user } = renderChat(form);
    await user.type(field(), '  小明 ');
    await user.click(screen.getByRole('button', { name: 'Join' }));
    expect(onJoin).toHaveBeenCalledExactlyOnceWith('小明');
  });

  it('knows the name of an earlier visit', async () => {
    const { onJoin, form } = setUp('Ann');
    const { user } = renderChat(form);
    await user.click(screen.getByRole('button', { name: 'Join' }));
    expect(onJoin).toHaveBeenCalledExactlyOnceWith('Ann');
  });

  it.each([
    ['empty', ' ', 'Please give a name.'],
    ['too long', 'x'.repeat(10_000), 'A name has at most 40 characters.'],
    ['full of control characters', 'a\u0007\u0000b', 'A name may have visible characters only.'],
  ])('says what is wrong with a name that is %s, and lets nobody in', async (_, name, words) => {
    const { onJoin, form } = setUp(name);
    const { user } = renderChat(form);
    await user.click(screen.getByRole('button', { name: 'Join' }));
    expect(onJoin).not.toHaveBeenCalled();
    expect(field().getAttribute('aria-invalid')).toBe('true');
    const hint = document.getElementById(field().getAttribute('aria-describedby') ?? '');
    expect(hint?.textContent).toBe(words);
    expect(screen.getByRole('alert')).toBe(hint);
    expect(document.activeElement).toBe(field());
  });

  it('says which room lies behind it, in either language', () => {
    const { form } = setUp();
    renderChat(form).unmount();
    renderChat(form, { language: 'zh-CN', texts: zhCN });
    expect(screen.getByText('即将进入房间“tea”。')).toBeTruthy();
    expect(screen.getByRole('button', { name: '加入' })).toBeTruthy();
  });

  it('speaks another language for who asks', async () => {
    const onSwitchLanguage = vi.fn();
    const { user } = renderChat(
      <JoinForm
        room="tea"
        initialName=""
        isNameGiven={false}
        checkName={checkName}
        onJoin={vi.fn()}
        onSwitchLanguage={onSwitchLanguage}
      />,
    );
    await user.click(screen.getByRole('button', { name: '中文' }));
    expect(onSwitchLanguage).toHaveBeenCalledExactlyOnceWith('zh-CN');
  });
});
