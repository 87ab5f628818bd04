import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { zhCN } from '../i18n/zh-CN';
import type { RoomExport } from '../store/chatStore';
import { readSetting } from '../storedSettings';
import { compositions } from '../testing/compositions';
import { ann, type RenderChatOptions, renderChat } from '../testing/renderChat';
import type { NotifyPermission, PageControls } from './pageControls';
import { Settings } from './Settings';

const renderSettings = (options: RenderChatOptions = {}) =>
  renderChat(<Settings onClose={() => {}} />, options);
const button = (name: string) => screen.getByRole('button', { name });
const theSwitch = (name: string) => screen.getByRole('switch', { name });
const isOn = (name: string) => theSwitch(name).getAttribute('aria-checked') === 'true';

/** jsdom's Blob has no `text()`. */
const textOf = (file = new Blob()) =>
  new Promise<string>((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.readAsText(file);
  });

describe('the settings', () => {
  it('say who one is, and lead to another name', async () => {
    const { user, page } = renderSettings({ state: { me: { ...ann, tag: 'k3f9' } } });
    expect(screen.getByText('Someone else came with this name first.')).toBeTruthy();
    await user.click(button('Change name'));
    const field = screen.getByRole<HTMLInputElement>('textbox', { name: 'Your name' });
    expect([field, field.value]).toEqual([document.activeElement, 'Ann']);
    await user.clear(field);
    await user.type(field, ' Zoë {Enter}');
    expect(page.onChangeName).toHaveBeenCalledExactlyOnceWith('Zoë');
  });

  it.each(['the same name', 'Cancel', 'Escape'])('leave one who one is by %s', async (how) => {
    const onClose = vi.fn();
    const { user, page } = renderChat(<Settings onClose={onClose} />);
    await user.click(button('Change name'));
    const field = screen.getByRole('textbox', { name: 'Your name' });
    if (how === 'the same name') await user.type(field, '{Enter}');
    else await user.type(field, 'e');
    if (how === 'Cancel') await user.click(button('Cancel'));
    if (how === 'Escape') await user.keyboard('{Escape}');
    expect(screen.queryByRole('textbox', { name: 'Your name' })).toBeNull();
    expect(document.activeElement).toBe(button('Change name'));
    expect(page.onChangeName).not.toHaveBeenCalled();
    expect(onClose).not.toHaveBeenCalled();
  });

  it.each(compositions)(
    'keep the field when Escape gives up a composition in it (%s)',
    async (_, told) => {
      const { user } = renderSettings();
      await user.click(button('Change name'));
      const field = screen.getByRole('textbox', { name: 'Your name' });
      fireEvent.keyDown(field, { key: 'Escape', ...told });
      expect(screen.getByRole('textbox', { name: 'Your name' })).toBe(field);
    },
  );

  it('say why a name will not do', async () => {
    const { user, page } = renderSettings({ controls: { checkName: () => 'not allowed' } });
    await user.click(button('Change name'));
    await user.type(screen.getByRole('textbox', { name: 'Your name' }), 'x{Enter}');
    expect(screen.getByRole('alert').textContent).toContain('visible characters only');
    expect(page.onChangeName).not.toHaveBeenCalled();
  });

  it('change language and theme at once', async () => {
    const { user, page } = renderSettings();
    const languages = within(screen.getByRole('group', { name: 'Language' }));
    expect(languages.getByRole<HTMLInputElement>('radio', { name: 'English' }).checked).toBe(true);
    await user.click(languages.getByRole('radio', { name: '中文' }));
    expect(page.onSwitchLanguage).toHaveBeenCalledExactlyOnceWith('zh-CN');
    await user.click(screen.getByRole('radio', { name: 'Dark' }));
    expect(readSetting('theme')).toBe('dark');
    await user.click(screen.getByRole('radio', { name: 'As the system' }));
    expect(readSetting('theme')).toBe('system');
  });

  it.each([
    ['Enter sends', 'enter-sends', true],
    ['Simple list of messages', 'simple-list', false],
    ['Shortcuts of a single key', 'single-keys', true],
  ] as const)('turn on and off: %s', async (label, name, first) => {
    const { user } = renderSettings();
    expect(isOn(label)).toBe(first);
    await user.click(theSwitch(label));
    expect(isOn(label)).toBe(!first);
    expect(readSetting(name)).toBe(!first);
  });

  it('choose what becomes of the line while nobody looks', async () => {
    const { user } = renderSettings();
    await user.click(screen.getByRole('radio', { name: 'Close it after 5 minutes' }));
    expect(readSetting('background')).toBe('close');
  });

  it('speak Chinese as well', () => {
    renderSettings({ language: 'zh-CN', texts: zhCN });
    expect(screen.getByRole('dialog', { name: '设置' })).toBeTruthy();
    expect(theSwitch('按 Enter 发送')).toBeTruthy();
  });
});

describe('notifications while the page is hidden', () => {
  const label = 'Notify me while the page is open but hidden';
  const renderWith = (first: NotifyPermission, answer: NotifyPermission) =>
    renderSettings({
      controls: { notifyPermission: () => first, askToNotify: async () => answer },
    });

  it('are not offered where the browser has none', () => {
    renderSettings();
    expect(screen.queryByRole('switch', { name: label })).toBeNull();
  });

  it('ask the browser when they are turned on, and stay off where it says no', async () => {
    const { user } = renderWith('default', 'denied');
    await user.click(theSwitch(label));
    await screen.findByText(/Your browser blocks notifications/);
    expect(readSetting('notify')).toBe(false);
    expect(theSwitch(label).getAttribute('aria-disabled')).toBe('true');
  });

  it('have a sound only when that is wanted, and only with them', async () => {
    const { user } = renderWith('granted', 'granted');
    expect(theSwitch('With a sound').getAttribute('aria-disabled')).toBe('true');
    await user.click(theSwitch(label));
    expect(readSetting('notify')).toBe(true);
    expect(isOn('With a sound')).toBe(false);
    await user.click(theSwitch('With a sound'));
    expect(readSetting('sound')).toBe(true);
  });
});

describe('the server', () => {
  it('is shown, and another one is gone to', async () => {
    const { user, page } = renderSettings();
    expect(screen.getByText('chat.example').closest('small')?.textContent).toBe(
      'chat.example (the page’s own)',
    );
    await user.click(button('Change server'));
    const field = screen.getByRole('textbox', { name: 'Address of the server' });
    expect(document.activeElement).toBe(field);
    await user.type(field, 'wss://other.example/ws{Enter}');
    expect(page.onSwitchServer).toHaveBeenCalledExactlyOnceWith('wss://other.example/ws');
  });

  it('is not left for what cannot be one, and that is said', async () => {
    const { user, page } = renderSettings({ controls: { isServer: () => false } });
    await user.click(button('Change server'));
    await user.keyboard('nonsense{Enter}');
    expect(screen.getByRole('alert').textContent).toContain('not the address');
    expect(page.onSwitchServer).not.toHaveBeenCalled();
  });

  it('is the page’s own again when the address is emptied', async () => {
    const { user, page } = renderSettings({ controls: { isOwnServer: false } });
    await user.click(button('Change server'));
    const field = screen.getByRole<HTMLInputElement>('textbox', { name: 'Address of the server' });
    expect(field.value).toBe('wss://chat.example/ws');
    await user.clear(field);
    await user.click(button('Connect'));
    expect(page.onSwitchServer).toHaveBeenCalledExactlyOnceWith(undefined);
  });
});

describe('a room as a file', () => {
  const message: RoomExport['messages'][number] = {
    id: 'm1',
    seq: 1,
    author: 'Bob',
    body: '你好',
    at: Date.UTC(2026, 0, 15, 12),
    state: 'sent',
  };
  const saved: RoomExport = { room: 'lobby', messages: [message] };

  it('is saved whole', async () => {
    const files: Blob[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => {});
    Object.assign(URL, {
      createObjectURL: (file: Blob) => `blob:${files.push(file)}`,
      revokeObjectURL: () => {},
    });
    const clicked = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => {});
    const { user, actions } = renderSettings();
    actions.exportRoom.mockResolvedValue(saved);
    await user.click(button('Export'));
    expect(clicked.mock.contexts).toMatchObject([{ download: 'heartline-lobby.json' }]);
    expect(JSON.parse(await textOf(files[0]))).toEqual(saved);
  });

  it('that cannot be read whole is not saved in part, and that is said', async () => {
    const { user, actions } = renderSettings();
    actions.exportRoom.mockRejectedValue(new Error('no line'));
    await user.click(button('Export'));
    expect((await screen.findByRole('alert')).textContent).toContain('could not be read whole');
  });

  /** Chooses a file of this text, as the browser's own dialog would. */
  function choose(text: string) {
    const file = Object.assign(new Blob([text]), { text: async () => text });
    fireEvent.change(screen.getByTestId('import'), { target: { files: [file] } });
  }

  it('is opened to be read: who, when, what, and what became of it', async () => {
    const file = { name: 'sea.jpg', type: 'image/jpeg', size: 18_000_000 };
    const messages: RoomExport['messages'] = [
      message,
      { ...message, id: 'm2', seq: 2, body: '', deleted: 1 },
      { ...message, id: 'm3', seq: null, state: 'queued', reactions: { '👍': ['Ann', 'Bob'] } },
      { ...message, id: 'm4', seq: 4, body: '', file },
      { ...message, id: 'm5', seq: 5, body: '', file, deleted: 1 },
    ];
    const parse = vi.fn<PageControls['parseExport']>(async () => ({
      room: { ...saved, messages },
    }));
    const { user } = renderSettings({ controls: { parseExport: parse } });
    choose('the file');
    const room = within(await screen.findByRole('dialog', { name: 'Saved room: lobby' }));
    expect(parse).toHaveBeenCalledExactlyOnceWith('the file');
    const [first, second, third, fourth, fifth] = room.getAllByRole('listitem');
    expect(first?.textContent).toContain('Bob');
    expect(first?.textContent).toContain('你好');
    expect(second?.textContent).toContain('Deleted by its author');
    expect(third?.textContent).toContain('Waiting for the line');
    expect(third?.textContent).toContain('👍 2');
    expect(fourth?.textContent).toContain('Picture: sea.jpg18 MB');
    expect(fifth?.textContent).not.toContain('sea.jpg');
    await user.keyboard('{Escape}');
    expect(screen.getByRole('dialog', { name: 'Settings' })).toBeTruthy();
  });

  it('shows a long room in parts', async () => {
    const messages = Array.from({ length: 250 }, (_, index) => ({ ...message, id: `m${index}` }));
    renderSettings({
      controls: { parseExport: async () => ({ room: { ...saved, messages } }) },
    });
    choose('long');
    const room = await screen.findByText('Saved room: lobby');
    const shown = () => room.closest('dialog')?.querySelectorAll('li').length;
    expect(shown()).toBe(100);
    fireEvent.click(screen.getByText('Show 100 more'));
    fireEvent.click(screen.getByText('Show 50 more'));
    expect(shown()).toBe(250);
    expect(screen.queryByText(/Show .* more/)).toBeNull();
  });

  it('that is too large is not even read', async () => {
    const { page } = renderSettings();
    const text = vi.fn();
    const file = Object.assign(new Blob([]), { text });
    Object.defineProperty(file, 'size', { value: 300 * 1_024 * 1_024 });
    fireEvent.change(screen.getByTestId('import'), { target: { files: [file] } });
    expect((await screen.findByRole('alert')).textContent).toContain('larger than 256 MB');
    expect(text).not.toHaveBeenCalled();
    expect(page.parseExport).not.toHaveBeenCalled();
  });

  it('can be chosen again once it is smaller', async () => {
    renderSettings();
    const file = Object.assign(new Blob([]));
    Object.defineProperty(file, 'size', { value: 300 * 1_024 * 1_024 });
    const field = screen.getByTestId<HTMLInputElement>('import');
    const empty = vi.spyOn(field, 'value', 'set');
    fireEvent.change(field, { target: { files: [file] } });
    expect(empty).toHaveBeenCalledExactlyOnceWith('');
  });

  it('may have two messages of one id, each by somebody else', async () => {
    const complaint = vi.spyOn(console, 'error');
    const messages = ['Ann', 'Bob'].map((author) => ({ ...message, author }));
    renderSettings({ controls: { parseExport: async () => ({ room: { ...saved, messages } }) } });
    choose('two');
    const room = within(await screen.findByRole('dialog', { name: 'Saved room: lobby' }));
    expect(room.getAllByRole('listitem')).toHaveLength(2);
    expect(complaint).not.toHaveBeenCalled();
  });

  it('that is none is refused in words', async () => {
    renderSettings({ controls: { parseExport: async () => ({ problem: 'This is no export.' }) } });
    choose('nonsense');
    await waitFor(() => expect(screen.getByRole('alert').textContent).toBe('This is no export.'));
  });
});
