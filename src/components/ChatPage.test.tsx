import { act, screen, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { checkRoom } from '../settings';
import type { RoomExport } from '../store/chatStore';
import {
  ann,
  bob,
  connectionOf,
  messageOf,
  ownMessage,
  type RenderChatOptions,
  renderChat,
} from '../testing/renderChat';
import { ChatPage } from './ChatPage';

const open = connectionOf({ status: 'open' });

function setUp(options: RenderChatOptions & { link?: string } = {}) {
  const callbacks = {
    onSwitchRoom: vi.fn(),
    onNewPrivateRoom: vi.fn(),
    onSwitchLanguage: vi.fn(),
    onChangeName: vi.fn(),
  };
  const page = <ChatPage checkRoom={checkRoom} privateLink={options.link} {...callbacks} />;
  return { ...renderChat(page, options), ...callbacks };
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
      'Ann',
      'Ann·k3f9 you',
    ]);
    expect(screen.getByText('Someone else came with this name first.')).toBeTruthy();
    set({ me: ann });
    expect(screen.queryByText('Someone else came with this name first.')).toBeNull();
  });

  it('are in a crowd the first of them, and how many more there are', () => {
    setUp({ state: { members: [ann, bob], memberCount: 5_002, connection: open } });
    expect(screen.getByText('and 5,000 more')).toBeTruthy();
  });

  it('are folded behind their count where the page is narrow', () => {
    vi.stubGlobal('matchMedia', (query: string) => ({
      matches: query.includes('max-width'),
      addEventListener: () => {},
      removeEventListener: () => {},
    }));
    setUp({ state: { members: [ann, bob], memberCount: 2 } });
    expect(screen.getByText('2 here')).toBeTruthy();
    expect(screen.getAllByRole('button', { name: 'Export', hidden: true })).toHaveLength(1);
  });
});

const privateRoom = 'p-lutbdvne3uvubmtx37nv5t23jg';
const link = `https://chat.example/?room=${privateRoom}#key=AAECAwQFBgcICQoLDA0ODw`;

describe('a private room', () => {
  it('has a name that people can say, and says who can come in', () => {
    setUp({ state: { room: privateRoom, isPrivate: true }, link });
    expect(screen.getByRole('heading', { name: 'Private room · lutb' })).toBeTruthy();
    expect(document.title).toBe('Private room · lutb · Heartline');
    expect(screen.getByText('Private room: only who has the link can come in.')).toBeTruthy();
  });

  it('hands out its link, and says so until one goes on to something else', async () => {
    const { user } = setUp({ state: { room: privateRoom, isPrivate: true }, link });
    await user.click(screen.getByRole('button', { name: 'Copy link' }));
    expect(await screen.findByRole('button', { name: /Link copied/ })).toBeTruthy();
    expect(await navigator.clipboard.readText()).toBe(link);
    await user.tab();
    expect(screen.getByRole('button', { name: 'Copy link' })).toBeTruthy();
  });

  it('has its link copied in the old way where the page has no clipboard', async () => {
    const { user } = setUp({ state: { room: privateRoom, isPrivate: true }, link });
    vi.stubGlobal('navigator', Object.create(navigator, { clipboard: { value: undefined } }));
    let copied: string | undefined;
    document.execCommand = () => {
      const field = document.activeElement;
      copied = field instanceof HTMLTextAreaElement ? field.value : undefined;
      return true;
    };
    const button = screen.getByRole('button', { name: 'Copy link' });
    await user.click(button);
    expect(await screen.findByRole('button', { name: /Link copied/ })).toBe(button);
    expect(copied).toBe(link);
    expect(document.activeElement).toBe(button);
    expect(document.querySelector('textarea[readonly]')).toBeNull();
  });

  it('shows its link, selected, where nothing can copy it', async () => {
    const { user } = setUp({ state: { room: privateRoom, isPrivate: true }, link });
    vi.stubGlobal('navigator', Object.create(navigator, { clipboard: { value: undefined } }));
    document.execCommand = () => false;
    await user.click(screen.getByRole('button', { name: 'Copy link' }));
    const field = await screen.findByRole<HTMLInputElement>('textbox', { name: 'Copy this link' });
    expect(field.value).toBe(link);
    expect([field.selectionStart, field.selectionEnd]).toEqual([0, link.length]);
  });

  it('is made by a button, where the server has rooms', async () => {
    const { user, onNewPrivateRoom } = setUp();
    const button = () => screen.queryByRole('button', { name: 'New private room', hidden: true });
    const made = button();
    if (made) await user.click(made);
    expect(onNewPrivateRoom).toHaveBeenCalledOnce();
    expect(screen.queryByText(/Private room:/)).toBeNull();
  });

  it('cannot be made in plain mode', () => {
    setUp({ mode: 'plain' });
    expect(screen.queryByRole('button', { name: 'New private room', hidden: true })).toBeNull();
  });
});

describe('the room', () => {
  it('is named, and left for another whose name will do', async () => {
    const { user, onSwitchRoom } = setUp();
    expect(screen.getByRole('heading', { name: 'lobby' })).toBeTruthy();
    await user.type(screen.getByRole('textbox', { name: 'Change room' }), 'Tea House{Enter}');
    expect(screen.getByRole('alert').textContent).toContain('a–z');
    expect(onSwitchRoom).not.toHaveBeenCalled();
    await user.clear(screen.getByRole('textbox', { name: 'Change room' }));
    await user.type(screen.getByRole('textbox', { name: 'Change room' }), 'Tea-House{Enter}');
    expect(onSwitchRoom).toHaveBeenCalledExactlyOnceWith('tea-house');
  });

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
  const announcer = () => document.querySelector('.visuallyHidden[aria-live="polite"]');
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

describe('what lies over the page', () => {
  const details = () => screen.getByRole('heading', { name: 'lobby' }).closest('details');

  it('closes on Escape and gives the focus back, and on a press beside it', async () => {
    const { user } = setUp();
    const summary = screen.getByRole('heading', { name: 'lobby' });
    await user.click(summary);
    await user.click(screen.getByRole('textbox', { name: 'Change room' }));
    expect(details()?.open).toBe(true);
    await user.keyboard('{Escape}');
    expect(details()?.open).toBe(false);
    expect(document.activeElement?.tagName).toBe('SUMMARY');
    await user.click(summary);
    expect(details()?.open).toBe(true);
    await user.click(screen.getByRole('textbox', { name: 'Message' }));
    expect(details()?.open).toBe(false);
  });
});

describe('the tools', () => {
  it('change the name and the language', async () => {
    const { user, onChangeName, onSwitchLanguage } = setUp();
    await user.click(screen.getByRole('button', { name: 'Change name' }));
    expect(onChangeName).toHaveBeenCalledOnce();
    await user.click(screen.getByRole('button', { name: '中文' }));
    expect(onSwitchLanguage).toHaveBeenCalledExactlyOnceWith('zh-CN');
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
