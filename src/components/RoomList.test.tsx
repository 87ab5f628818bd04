import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { en } from '../i18n/en';
import { zhCN } from '../i18n/zh-CN';
import {
  ann,
  bob,
  connectionOf,
  messageOf,
  type RenderChatOptions,
  renderChat,
} from '../testing/renderChat';
import { known, navigationOf } from '../testing/roomFakes';
import { RoomsPanel } from './RoomsPanel';
import { RoomNavigationProvider } from './roomNavigation';

const privateRoom = 'p-lutbdvne3uvubmtx37nv5t23jg';
const roomKey = 'AAECAwQFBgcICQoLDA0ODw';

function setUp(options: RenderChatOptions = {}) {
  const navigation = navigationOf();
  const panel = (
    <RoomNavigationProvider value={navigation}>
      <RoomsPanel>{null}</RoomsPanel>
    </RoomNavigationProvider>
  );
  return { ...renderChat(panel, options), navigation };
}

const links = () => screen.getAllByRole('link');

describe('the list of rooms', () => {
  it('has the open room in it, and says so, before any other is known', () => {
    setUp({ state: { connection: connectionOf({ status: 'open' }) } });
    expect(links().map(({ textContent }) => textContent)).toEqual(['lobbyNothing said yet']);
    expect(links()[0]?.getAttribute('aria-current')).toBe('page');
    expect(screen.getByText('Other rooms that you enter are kept here.')).toBeTruthy();
  });

  it('claims nothing of rooms while there is no line by which to know, and shows what waits', () => {
    const { set } = setUp({
      state: { connection: connectionOf({ status: 'waiting' }), rooms: [known('tea')] },
    });
    const texts = () => links().map(({ textContent }) => textContent);
    expect(texts()).toEqual(['lobby', 'tea']);
    set({ messages: [messageOf(1, { author: ann, body: 'early', seq: undefined })] });
    expect(texts()[0]).toContain('early');
    set({ connection: connectionOf({ status: 'open' }) });
    expect(texts()[1]).toBe('teaNothing said yet');
  });

  it('keeps the order that it was given, and marks the open one alone', () => {
    setUp({ state: { rooms: [known('tea'), known('lobby'), known('work')] } });
    expect(links().map((link) => link.getAttribute('aria-current'))).toEqual([null, 'page', null]);
  });

  it('says who said what last, and how much is unread', () => {
    const last = { author: bob, body: 'the kettle is on', at: Date.now() };
    setUp({ state: { rooms: [known('tea', { unread: 3, last })] } });
    const tea = within(screen.getByRole('link', { name: /^tea/ }));
    expect(tea.getByText('Bob: the kettle is on')).toBeTruthy();
    expect(tea.getByText('3 unread')).toBeTruthy();
  });

  it('says it in plain words, without the marks of its markup', () => {
    const last = { author: bob, body: '> **well**\nrun `npm test`', at: Date.now() };
    setUp({
      state: {
        rooms: [known('tea', { last }), known('lobby')],
        messages: [messageOf(1, { body: '**mind** the _gap_' })],
      },
    });
    const said = screen.getAllByText(/^Bob: /).map(({ textContent }) => textContent);
    expect(said).toEqual(['Bob: well\nrun npm test', 'Bob: mind the gap']);
  });

  it('says of the open room what the page itself heard last', () => {
    const { set } = setUp({ state: { messages: [messageOf(1)] } });
    expect(screen.getByText('Bob: number 1')).toBeTruthy();
    set({ messages: [messageOf(1), messageOf(2, { author: ann, body: 'mine' })] });
    expect(screen.getByText('You: mine')).toBeTruthy();
    set({ messages: [messageOf(1, { deleted: 5, body: '' })] });
    expect(screen.getByText('Message deleted')).toBeTruthy();
  });

  it('goes to a room with what opens it', async () => {
    const secret = known(privateRoom, { isPrivate: true, roomKey });
    const { user, navigation } = setUp({ state: { rooms: [secret] } });
    await user.click(screen.getByRole('link', { name: /^Private room · lutb/ }));
    expect(navigation.onSwitchRoom).toHaveBeenCalledExactlyOnceWith(privateRoom, roomKey);
  });

  it('forgets a room through its menu, and never the open one', async () => {
    const { user, actions } = setUp({ state: { rooms: [known('lobby'), known('tea')] } });
    expect(screen.queryByRole('button', { name: 'More about lobby' })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'More about tea' }));
    await user.click(screen.getByRole('menuitem', { name: 'Forget this room' }));
    expect(actions.forgetRoom).toHaveBeenCalledExactlyOnceWith('tea');
  });

  it('speaks Chinese as well', () => {
    const last = { author: bob, body: '水开了', at: Date.now() };
    const rooms = [known('tea', { unread: 2, last })];
    setUp({ language: 'zh-CN', texts: zhCN, state: { rooms } });
    expect(screen.getByText('Bob：水开了')).toBeTruthy();
    expect(screen.getByText('2 条未读')).toBeTruthy();
  });
});

describe('another room', () => {
  const field = () => screen.getByRole('textbox', { name: 'Change room' });

  it('is gone to by its name, if that will do', async () => {
    const { user, navigation } = setUp();
    await user.type(field(), 'Tea House{Enter}');
    expect(screen.getByRole('alert').textContent).toBe(en.roomProblem);
    expect(navigation.onSwitchRoom).not.toHaveBeenCalled();
    await user.clear(field());
    expect(screen.queryByRole('alert')).toBeNull();
    await user.type(field(), '#Tea-House');
    await user.click(screen.getByRole('button', { name: 'Go' }));
    expect(navigation.onSwitchRoom).toHaveBeenCalledExactlyOnceWith('tea-house', undefined);
  });

  it('is gone to by a link that somebody has sent, with the key that is in it', async () => {
    const { user, navigation } = setUp();
    await user.type(field(), `https://chat.example/?room=${privateRoom}#key=${roomKey}{Enter}`);
    expect(navigation.onSwitchRoom).toHaveBeenCalledExactlyOnceWith(privateRoom, roomKey);
  });

  it.each([
    [`https://chat.example/?room=${privateRoom}`, en.rooms.linkProblems['no key']],
    ['https://elsewhere.example/?room=tea', en.rooms.linkProblems.elsewhere],
    ['javascript://chat.example/?room=tea', en.rooms.linkProblems['no link']],
  ])('is not gone to by %s, and that is explained', async (wish, words) => {
    const { user, navigation } = setUp();
    await user.type(field(), `${wish}{Enter}`);
    expect(screen.getByRole('alert').textContent).toBe(words);
    expect(navigation.onSwitchRoom).not.toHaveBeenCalled();
  });

  it('is made in a dialog that explains which names will do', async () => {
    const { user, navigation } = setUp();
    await user.click(screen.getByRole('button', { name: 'New room' }));
    const dialog = within(screen.getByRole('dialog', { name: 'New room' }));
    const name = dialog.getByRole('textbox', { name: 'Name of the room' });
    expect(document.activeElement).toBe(name);
    await user.type(name, 'not a room{Enter}');
    expect(name.getAttribute('aria-invalid')).toBe('true');
    expect(dialog.getByText(en.roomProblem)).toBeTruthy();
    await user.clear(name);
    await user.type(name, 'Plans');
    await user.click(dialog.getByRole('button', { name: 'Create' }));
    expect(navigation.onSwitchRoom).toHaveBeenCalledExactlyOnceWith('plans');
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});
