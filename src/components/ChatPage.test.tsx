import { act, fireEvent, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { RoomExport } from '../store/chatStore';
import { compositions } from '../testing/compositions';
import {
  ann,
  bob,
  connectionOf,
  messageOf,
  ownMessage,
  type RenderChatOptions,
  renderChat,
} from '../testing/renderChat';
import { known, navigationOf } from '../testing/roomFakes';
import { ChatPage } from './ChatPage';

const open = connectionOf({ status: 'open' });
const link = 'https://chat.example/?room=lobby';

function setUp(options: RenderChatOptions = {}) {
  const navigation = navigationOf({ roomLink: link });
  return { ...renderChat(<ChatPage navigation={navigation} />, options), navigation };
}

/** A page as wide as a phone or a tablet. */
function narrow() {
  vi.stubGlobal('matchMedia', (query: string) => ({
    matches: query.includes('max-width'),
    addEventListener: () => {},
    removeEventListener: () => {},
  }));
}

/** jsdom's Blob has no `text()`. */
const textOf = (file = new Blob()) =>
  new Promise<string>((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.readAsText(file);
  });

describe('the people in the room', () => {
  it('are listed, oneself among them', () => {
    setUp({ state: { members: [ann, bob], connection: open } });
    const list = within(screen.getByRole('list', { name: 'Here now' }));
    expect(list.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
      'Ann you',
      'Bob',
    ]);
  });

  it('are told apart where their names are the same, and one knows why one has a tag', () => {
    const tagged = { id: 'u3', name: 'Ann', tag: 'k3f9' };
    const { set } = setUp({ state: { members: [ann, tagged], connection: open, me: tagged } });
    const list = within(screen.getByRole('list', { name: 'Here now' }));
    expect(list.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
      'Ann·k3f9 you',
      'Ann',
    ]);
    expect(screen.getByText('Someone else came with this name first.')).toBeTruthy();
    set({ me: ann });
    expect(screen.queryByText('Someone else came with this name first.')).toBeNull();
  });

  it('are in a crowd the first of them, and how many more there are', () => {
    setUp({ state: { members: [ann, bob], memberCount: 5_002, connection: open } });
    expect(screen.getByText('and 5,000 more')).toBeTruthy();
  });

  it('begin with oneself, and show who is writing', () => {
    setUp({ state: { members: [bob, ann], memberCount: 2, connection: open, writing: [bob] } });
    const list = within(screen.getByRole('list', { name: 'Here now' }));
    expect(list.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
      'Ann you',
      'Bobis writing',
    ]);
  });

  it('are nobody else’s business without a line: who is still here is unknown, and that is said', () => {
    setUp({ state: { members: [ann, bob], memberCount: 2, writing: [bob] } });
    expect(screen.getByText(/nobody knows who is still here/)).toBeTruthy();
    expect(screen.queryByText('is writing')).toBeNull();
  });

  it('can be invited where one is alone', async () => {
    const { user } = setUp({ state: { members: [ann], memberCount: 1, connection: open } });
    expect(screen.getByText('Nobody else is here right now.')).toBeTruthy();
    const [invite] = screen.getAllByRole('button', { name: 'Invite somebody' });
    if (invite) await user.click(invite);
    expect(screen.getByRole('dialog', { name: 'Share lobby' })).toBeTruthy();
  });

  it('can be invited from where nothing was said yet, by a dialog that is no part of the log', async () => {
    const { user } = setUp({ state: { connection: open, isLoaded: true } });
    const log = screen.getByRole('log');
    await user.click(within(log).getByRole('button', { name: 'Invite somebody' }));
    expect(screen.getByRole('dialog', { name: 'Share lobby' })).toBeTruthy();
    expect(within(log).queryByRole('dialog')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Close' }));
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('are folded away by a button, which is remembered', async () => {
    const state = { members: [ann, bob], memberCount: 2, connection: open };
    const { user, unmount } = setUp({ state });
    const button = screen.getByRole('button', { name: 'People: 2 here' });
    expect(button.getAttribute('aria-expanded')).toBe('true');
    await user.click(button);
    expect(screen.queryByRole('list', { name: 'Here now' })).toBeNull();
    unmount();
    setUp({ state });
    expect(screen.queryByRole('list', { name: 'Here now' })).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'People: 2 here' }));
    expect(screen.getByRole('list', { name: 'Here now' })).toBeTruthy();
  });
});

describe('on a phone', () => {
  beforeEach(narrow);

  it('rooms, search and people are a press away, below the conversation', async () => {
    const { user } = setUp({ state: { members: [ann, bob], memberCount: 2, connection: open } });
    await user.click(screen.getByRole('button', { name: 'People' }));
    const people = within(screen.getByRole('dialog', { name: 'People' }));
    expect(people.getAllByRole('listitem')).toHaveLength(2);
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'People' }));
    await user.click(screen.getByRole('button', { name: 'Search' }));
    expect(await screen.findByRole('searchbox', { name: 'Search this room' })).toBeTruthy();
  });

  it('the room’s name opens the rooms, and going to another one closes them', async () => {
    const rooms = [{ ...known('tea'), unread: 3 }];
    const { user, navigation } = setUp({ state: { rooms } });
    await user.click(screen.getByRole('button', { name: /^lobby.*3 unread/ }));
    await user.click(screen.getByRole('link', { name: /^tea/ }));
    expect(navigation.onSwitchRoom).toHaveBeenCalledExactlyOnceWith('tea', undefined);
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('the line is closed and opened again from the menu', async () => {
    const { user, actions, set } = setUp({ state: { connection: open } });
    const choose = async (name: string) => {
      await user.click(screen.getByRole('button', { name: 'More' }));
      await user.click(screen.getByRole('menuitem', { name }));
    };
    await choose('Disconnect');
    expect(actions.disconnect).toHaveBeenCalledOnce();
    set({ connection: connectionOf({ status: 'closed' }) });
    await choose('Reconnect');
    expect(actions.reconnect).toHaveBeenCalledOnce();
  });
});

const privateRoom = 'p-lutbdvne3uvubmtx37nv5t23jg';

describe('a private room', () => {
  it('has a name that people can say, and says who can come in', () => {
    setUp({ state: { room: privateRoom, isPrivate: true } });
    expect(screen.getByRole('heading', { name: 'Private room · lutb' })).toBeTruthy();
    expect(document.title).toBe('Private room · lutb · Heartline');
    expect(screen.getByText('Only its link lets people in.')).toBeTruthy();
  });

  it('is made by a button, where the server has rooms', async () => {
    const { user, navigation } = setUp();
    await user.click(screen.getByRole('button', { name: 'New private room' }));
    expect(navigation.onNewPrivateRoom).toHaveBeenCalledOnce();
    expect(screen.queryByText(/Private room:/)).toBeNull();
  });

  it('cannot be made in plain mode', () => {
    setUp({ mode: 'plain' });
    expect(screen.queryByRole('button', { name: 'New private room' })).toBeNull();
  });
});

describe('the room', () => {
  it('is saved whole as a file', async () => {
    const saved: RoomExport = { room: 'lobby', messages: [] };
    const files: Blob[] = [];
    vi.stubGlobal('URL', {
      createObjectURL: (file: Blob) => `blob:${files.push(file)}`,
      revokeObjectURL: () => {},
    });
    const clicked = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => {});
    const { user, actions } = setUp();
    actions.exportRoom.mockResolvedValue(saved);
    await user.click(screen.getByRole('button', { name: 'Export' }));
    expect(clicked.mock.contexts).toMatchObject([{ download: 'heartline-lobby.json' }]);
    expect(JSON.parse(await textOf(files[0]))).toEqual(saved);
  });

  it('that cannot be read whole is not saved in part, and that is said', async () => {
    const { user, actions } = setUp();
    actions.exportRoom.mockRejectedValue(new Error('no line'));
    await user.click(screen.getByRole('button', { name: 'Export' }));
    expect((await screen.findByRole('alert')).textContent).toContain('could not be read whole');
  });
});

describe('what the reader should know', () => {
  it('is said once, and goes when dismissed', async () => {
    const { user } = setUp({ state: { notices: [{ kind: 'log changed' }] } });
    expect(screen.getByText(/loaded anew/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Dismiss' }));
    expect(screen.queryByText(/loaded anew/)).toBeNull();
  });

  it('in plain mode is that nothing is acknowledged', () => {
    setUp({ mode: 'plain' });
    expect(screen.getByText(/does not acknowledge messages/)).toBeTruthy();
  });
});

describe('what is read aloud', () => {
  const announcer = () => document.querySelector('[data-part="news"]');
  const spoken = () => [...(announcer()?.children ?? [])].map(({ textContent }) => textContent);
  const own = messageOf(6, { author: ann });
  beforeEach(() => {
    vi.useFakeTimers();
    return () => vi.useRealTimers();
  });
  const aSecondPasses = () => act(() => vi.advanceTimersByTime(1_000));

  it('is a new message of another, once', () => {
    const { set } = setUp({ state: { connection: open } });
    set({ messages: [] });
    set({ messages: [messageOf(1)] });
    aSecondPasses();
    expect(spoken()).toEqual(['Bob: number 1']);
  });

  it('is what it says, and not how it is marked', () => {
    const { set } = setUp({ state: { connection: open, messages: [messageOf(1)] } });
    set({ messages: [messageOf(1), messageOf(2, { body: 'run `npm test` **now**' })] });
    aSecondPasses();
    expect(spoken()).toEqual(['Bob: run npm test now']);
  });

  it('is only how many, when several come at once or within a second', () => {
    const { set } = setUp({ state: { connection: open, messages: [messageOf(1)] } });
    set({ messages: [messageOf(1), messageOf(2), messageOf(3)] });
    expect(spoken()).toEqual(['2 new messages']);
    set({ messages: [messageOf(1), messageOf(2), messageOf(3), messageOf(4)] });
    set({ messages: [messageOf(1), messageOf(2), messageOf(3), messageOf(4), messageOf(5)] });
    expect(spoken()).toEqual(['2 new messages']);
    aSecondPasses();
    expect(spoken()).toEqual(['2 new messages', '2 new messages']);
  });

  it('is the same words again, when they are said again', () => {
    const { set } = setUp({ state: { messages: [messageOf(1)] } });
    set({ messages: [messageOf(1), messageOf(2, { body: 'ok' })] });
    aSecondPasses();
    set({ messages: [messageOf(1), messageOf(2, { body: 'ok' }), messageOf(3, { body: 'ok' })] });
    expect(spoken()).toEqual(['Bob: ok', 'Bob: ok']);
  });

  it('is of history only how much was loaded, and of one’s own nothing', () => {
    const { set } = setUp({ state: { connection: open, messages: [messageOf(5)] } });
    expect(spoken()).toEqual([]);
    set({ messages: [messageOf(4), messageOf(5)] });
    set({ messages: [messageOf(4), messageOf(5), own] });
    aSecondPasses();
    expect(spoken()).toEqual(['1 older message loaded']);
  });

  it('is not a message that was changed', () => {
    const { set } = setUp({ state: { messages: [messageOf(1)] } });
    set({ messages: [messageOf(1, { body: 'other', edited: 5 })] });
    set({ messages: [messageOf(1, { body: '', deleted: 6 })] });
    aSecondPasses();
    expect(spoken()).toEqual([]);
  });

  it('is not the first page, which comes some time after the line is open', () => {
    const { set } = setUp();
    set({ connection: open });
    set({ messages: [messageOf(1), messageOf(2)] });
    expect(spoken()).toEqual([]);
    set({ messages: [messageOf(1), messageOf(2), messageOf(3)] });
    expect(spoken()).toEqual(['Bob: number 3']);
  });

  it('is nothing of another room that one goes to', () => {
    const { set } = setUp({ state: { connection: open, messages: [messageOf(1)] } });
    set({ room: 'tea', messages: [] });
    set({ messages: [messageOf(1), messageOf(2)] });
    aSecondPasses();
    expect(spoken()).toEqual([]);
  });

  it('is not a log that took the place of another, yet is what comes after it', () => {
    const { set } = setUp({ state: { connection: open, messages: [messageOf(50)] } });
    set({ messages: [messageOf(1), messageOf(2)] });
    expect(spoken()).toEqual([]);
    set({ messages: [messageOf(1), messageOf(2), messageOf(3)] });
    expect(spoken()).toEqual(['Bob: number 3']);
  });

  it('is a message in plain mode too, where none has a number', () => {
    const { set } = setUp({ mode: 'plain', state: { connection: open } });
    const hello = messageOf(1, { seq: undefined, body: 'hello' });
    const waiting = ownMessage('x', { state: 'queued' });
    set({ messages: [hello] });
    expect(spoken()).toEqual(['Bob: hello']);
    aSecondPasses();
    set({ messages: [hello, waiting] });
    set({ messages: [hello, { ...messageOf(2, { body: 'again' }), seq: undefined }, waiting] });
    expect(spoken()).toEqual(['Bob: hello', 'Bob: again']);
  });
});

describe('the tools', () => {
  it('are a press away below the rooms: settings, and the keys of the page', async () => {
    const { user } = setUp();
    await user.click(screen.getByRole('button', { name: 'Settings' }));
    expect(await screen.findByRole('dialog', { name: 'Settings' })).toBeTruthy();
  });

  it('search from the keyboard', async () => {
    const { user } = setUp();
    document.body.focus();
    await user.keyboard('{Control>}k{/Control}');
    expect(await screen.findByRole('searchbox', { name: 'Search this room' })).toBeTruthy();
  });
});

it('a search that is open is gone back to by its key, and not closed', async () => {
  const { user } = setUp({ state: { connection: open } });
  await user.click(screen.getByRole('button', { name: 'Search' }));
  const field = await screen.findByRole('searchbox', { name: 'Search this room' });
  await user.type(field, 'tea');
  act(() => screen.getByRole('button', { name: 'Connection lab' }).focus());
  await user.keyboard('/');
  expect(document.activeElement).toBe(field);
  expect(screen.getByDisplayValue('tea')).toBe(field);
});

describe('the connection lab', () => {
  const lab = () => screen.findByRole('region', { name: 'Connection lab' });

  it('opens in the place of the people, with the focus, and goes by its button', async () => {
    const { user } = setUp({ state: { members: [ann], connection: open } });
    await user.click(screen.getByRole('button', { name: 'Connection lab' }));
    expect(document.activeElement).toBe(await lab());
    expect(screen.queryByRole('complementary')).toBeNull();
    expect(await within(await lab()).findByRole('tablist')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Connection lab' }));
    expect(screen.queryByRole('region', { name: 'Connection lab' })).toBeNull();
    expect(screen.getByRole('complementary', { name: 'People' })).toBeTruthy();
  });

  it.each(compositions)('stays when Escape gives up a composition in it (%s)', async (_, told) => {
    const { user } = setUp();
    await user.click(screen.getByRole('button', { name: 'Connection lab' }));
    const inside = await within(await lab()).findByRole('tablist');
    fireEvent.keyDown(inside, { key: 'Escape', ...told });
    expect(await lab()).toBeTruthy();
  });

  it('goes by Escape, to where one writes', async () => {
    const { user } = setUp();
    await user.click(screen.getByRole('button', { name: 'Connection lab' }));
    await lab();
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('region', { name: 'Connection lab' })).toBeNull();
    await vi.waitFor(() =>
      expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Message' })),
    );
  });

  it('is in the menu on a phone, and leaves the conversation in use', async () => {
    narrow();
    const { user, actions } = setUp({ state: { connection: open } });
    await user.click(screen.getByRole('button', { name: 'More' }));
    await user.click(screen.getByRole('menuitem', { name: 'Connection lab' }));
    await lab();
    await user.type(screen.getByRole('textbox', { name: 'Message' }), 'hi');
    await user.click(screen.getByRole('button', { name: 'Send' }));
    expect(actions.send).toHaveBeenCalledWith('hi');
  });

  it('says on the page what is wrong on purpose, open or not', async () => {
    const { labStore, user } = setUp();
    act(() => labStore.getState().actions.setFaults({ lostPercent: 20 }));
    expect(screen.getByText('20% lost')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'All off' }));
    expect(screen.queryByText('20% lost')).toBeNull();
  });
});

describe('another room', () => {
  it('takes the place of the one before it, whole', () => {
    const { set } = setUp({ state: { messages: [messageOf(1)] } });
    const complained = vi.spyOn(console, 'error');
    set({ room: 'tea', messages: [messageOf(2)] });
    expect(screen.getAllByRole('log')).toHaveLength(1);
    expect(screen.getAllByRole('textbox', { name: 'Message' })).toHaveLength(1);
    set({ room: 'work', messages: [] });
    expect(screen.getAllByRole('log')).toHaveLength(1);
    expect(complained).not.toHaveBeenCalled();
  });
});

describe('leaving the page', () => {
  const isAsked = () => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
  const waiting = { messages: [ownMessage('x', { state: 'queued' })] };

  it('asks nothing, as what is unsent is found again', () => {
    setUp({ state: waiting });
    expect(isAsked()).toBe(false);
  });

  it('asks where the browser keeps nothing and something is unsent, and only as long', () => {
    const { set } = setUp({ state: { ...waiting, notices: [{ kind: 'no storage' }] } });
    expect(isAsked()).toBe(true);
    set({ messages: [ownMessage('x', { state: 'sent' })] });
    expect(isAsked()).toBe(false);
  });
});
