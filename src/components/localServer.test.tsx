import { screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { en } from '../i18n/en';
import { zhCN } from '../i18n/zh-CN';
import { ann, renderChat } from '../testing/renderChat';
import { EmptyRoom } from './EmptyRoom';
import { Notices } from './Notices';
import { OpenElsewhere } from './OpenElsewhere';
import { PeoplePanel } from './PeoplePanel';
import type { LocalServer, LocalServerState } from './pageControls';
import { RoomNavigationProvider } from './roomNavigation';
import { ServerField } from './ServerField';
import { ShareDialog } from './ShareDialog';

function serverIn(state: Partial<LocalServerState>): { controls: { localServer: LocalServer } } {
  const whole: LocalServerState = { host: 'shared', storage: 'kept', ...state };
  return { controls: { localServer: { getState: () => whole, subscribe: () => () => {} } } };
}

const navigation = {
  checkRoom: () => undefined,
  readRoomLink: () => ({ problem: 'no link' as const }),
  hrefOf: () => '?room=lobby',
  onSwitchRoom() {},
  onNewPrivateRoom() {},
  roomLink: 'https://chat.example/?room=lobby',
};

const shareDialog = (
  <RoomNavigationProvider value={navigation}>
    <ShareDialog onClose={() => {}} />
  </RoomNavigationProvider>
);

describe('a chat whose server is in this browser', () => {
  it('says in an empty room who can join, and who cannot', () => {
    renderChat(<EmptyRoom />, serverIn({}));
    expect(screen.getByText(/Other tabs of it can join; other browsers/)).toBeTruthy();
    expect(screen.getByText(/in another tab, under another name/)).toBeTruthy();
    expect(screen.queryByText(/invite those you want/)).toBeNull();
    expect(screen.getByRole('button', { name: 'Join from another tab' })).toBeTruthy();
  });

  it('invites nobody where no other tab can join', () => {
    renderChat(
      <>
        <EmptyRoom />
        <PeoplePanel onShare={() => {}} />
      </>,
      serverIn({ host: 'alone' }),
    );
    expect(screen.getByText(/lets no other tab join/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: /Invite somebody|Join from/ })).toBeNull();
  });

  it.each([
    ['shared', en, /other tabs can join it.*private windows have chats of their own/],
    ['shared', zhCN, /其他标签页可以加入.*其他设备和无痕窗口各有自己的聊天/],
    ['alone', en, /in this tab: nobody else can join/],
    ['alone', zhCN, /就在此标签页里，别人无法加入/],
  ] as const)('says among the people who can join: %s', (host, texts, words) => {
    const state = { members: [ann], memberCount: 1 };
    renderChat(<PeoplePanel onShare={() => {}} />, { ...serverIn({ host }), texts, state });
    expect(screen.getByText(words)).toBeTruthy();
  });

  it('says nothing of it among the people of other servers', () => {
    renderChat(<PeoplePanel onShare={() => {}} />);
    expect(screen.queryByText(/in this browser/)).toBeNull();
  });

  it('shares a link for other tabs, and no code for phones', () => {
    renderChat(shareDialog, serverIn({}));
    expect(screen.getByText(/opens the room in another tab of this browser/)).toBeTruthy();
    expect(screen.queryByText(/Whoever opens this link/)).toBeNull();
    expect(screen.queryByText(/phone’s camera/)).toBeNull();
  });

  it('is named in the settings without an address', () => {
    renderChat(<ServerField />, serverIn({}));
    expect(screen.getByText(/In this browser, without a network/)).toBeTruthy();
  });

  it.each([
    ['full', /storage of this browser is full/],
    ['blocked', /Another tab with an older Heartline/],
    ['newer', /written by a newer Heartline/],
    ['none', /keeps nothing for this page/],
  ] as const)('says what is wrong with what it keeps: %s', (storage, words) => {
    renderChat(<Notices />, serverIn({ storage }));
    expect(screen.getByText(words)).toBeTruthy();
    expect(screen.queryAllByRole('button', { name: 'Reload the page' })).toHaveLength(
      storage === 'newer' ? 1 : 0,
    );
  });

  it('says nothing where all is well, and of other servers', () => {
    const { container, unmount } = renderChat(<Notices />, serverIn({}));
    expect(container.textContent).toBe('');
    unmount();
    expect(renderChat(<Notices />).container.textContent).toBe('');
  });

  it('says that other tabs cannot join, until it is dismissed', async () => {
    const { user } = renderChat(<Notices />, serverIn({ host: 'alone' }));
    expect(screen.getByText(/other tabs cannot join/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Dismiss' }));
    expect(screen.queryByText(/other tabs cannot join/)).toBeNull();
  });

  it('that is open in another tab can be had here', async () => {
    const onUseHere = vi.fn();
    const { user } = renderChat(<OpenElsewhere onUseHere={onUseHere} />, {
      language: 'zh-CN',
      texts: zhCN,
    });
    expect(screen.getByRole('alert').textContent).toContain('另一个标签页');
    await user.click(screen.getByRole('button', { name: '在这里使用' }));
    expect(onUseHere).toHaveBeenCalledOnce();
  });
});
