import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { zhCN } from '../i18n/zh-CN';
import { renderChat } from '../testing/renderChat';
import { Notices } from './Notices';

describe('a newer version of the page', () => {
  it('is offered, and opened when the reader says so', async () => {
    const { user, page } = renderChat(<Notices />, { controls: { isUpdateReady: true } });
    expect(screen.getByText(/A new version of this page is ready/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Reload' }));
    expect(page.onReload).toHaveBeenCalledOnce();
  });

  it('is not spoken of where there is none', () => {
    renderChat(<Notices />);
    expect(screen.queryByRole('button')).toBeNull();
  });
});

describe('a room that the server cannot read just now', () => {
  it('is told for as long as it lasts', () => {
    const { set } = renderChat(<Notices />, { state: { isUnreadable: true } });
    screen.getByText(/^This room cannot be read just now\./);
    set({ isUnreadable: false });
    expect(screen.queryByText(/cannot be read/)).toBeNull();
  });

  it('is told in Chinese', () => {
    renderChat(<Notices />, { language: 'zh-CN', texts: zhCN, state: { isUnreadable: true } });
    screen.getByText(/^暂时读不到这个房间的内容/);
  });
});

describe('a server.json that cannot be used', () => {
  it('is told, with what is used instead', async () => {
    const { user } = renderChat(<Notices />, {
      controls: { serverFileProblem: { kind: 'not JSON' }, isServerFromBefore: true },
    });
    screen.getByText(
      'server.json beside this page is not JSON. The server that it named before is used.',
    );
    await user.click(screen.getByRole('button', { name: 'Dismiss' }));
    expect(screen.queryByText(/server\.json/)).toBeNull();
  });

  it('is told in Chinese, with the address that is none', () => {
    renderChat(<Notices />, {
      language: 'zh-CN',
      texts: zhCN,
      controls: { serverFileProblem: { kind: 'bad address', value: 'ftp://x' } },
    });
    screen.getByText(
      '页面旁边的 server.json 写的是“ftp://x”，这不是 WebSocket 服务器的地址。因此聊天只存在于这个浏览器里。',
    );
  });

  it('does not matter to who names a server in the address', () => {
    renderChat(<Notices />, {
      controls: { serverFileProblem: { kind: 'not there' }, isOwnServer: false },
    });
    expect(screen.queryByText(/server\.json/)).toBeNull();
  });
});
