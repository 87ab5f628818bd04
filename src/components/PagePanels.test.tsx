import { act, screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import type { KnownRoom } from '../store/chatStore';
import { storeSetting } from '../storedSettings';
import { type RenderChatOptions, renderChat } from '../testing/renderChat';
import { PagePanels } from './PagePanels';
import { SettingsButton, ShortcutsButton } from './PanelButtons';

const room = (name: string, unread = 0, roomKey?: string): KnownRoom => ({
  room: name,
  isPrivate: roomKey !== undefined,
  roomKey,
  unread,
  last: undefined,
});

function renderPage(options: RenderChatOptions = {}) {
  const onSearch = vi.fn();
  const view = renderChat(
    <>
      <SettingsButton />
      <ShortcutsButton />
      <button type="button" data-shortcut="search" onClick={onSearch}>
        Search
      </button>
      <main>
        <form>
          <textarea aria-label="Message" />
        </form>
      </main>
      <PagePanels />
    </>,
    options,
  );
  return { ...view, onSearch };
}
/** As long as a busy machine takes. */
const fetched = { timeout: 10_000 };
const field = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message' });

describe('the panels over the page', () => {
  it('open by their buttons, and give the focus back', async () => {
    const { user } = renderPage();
    const button = screen.getByRole('button', { name: 'Settings' });
    await user.click(button);
    await screen.findByRole('heading', { name: 'Reading and writing' }, fetched);
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(document.activeElement).toBe(button);
  });

  it('show all keys at ?, but not to who writes one', async () => {
    const { user } = renderPage();
    await user.click(field());
    await user.keyboard('why?');
    expect(field().value).toBe('why?');
    expect(screen.queryByRole('dialog')).toBeNull();
    act(() => field().blur());
    await user.keyboard('?');
    await screen.findByText('Search the room', undefined, fetched);
    // What is drawn is shown a moment later.
    await screen.findByRole('dialog', { name: 'Keyboard and close codes' });
    expect(screen.getByRole('region', { name: 'What the close codes mean' })).toBeTruthy();
  });

  it('do not open by a single key where that is turned off, and the sheet says so', async () => {
    storeSetting('single-keys', false);
    const { user } = renderPage();
    await user.keyboard('?');
    expect(screen.queryByRole('dialog')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Keyboard shortcuts and close codes' }));
    await screen.findByText(/Shortcuts of a single key are off/, undefined, fetched);
  });
});

describe('the keys of the page', () => {
  const rooms = [room('tea'), room('lobby'), room('cake'), room('p-secret', 3, 'key')];

  it('go from room to room, round the ends, with what opens a private one', async () => {
    const { user, page } = renderPage({ state: { rooms } });
    await user.keyboard('{Alt>}{ArrowDown}{/Alt}');
    expect(page.onSwitchRoom).toHaveBeenLastCalledWith('cake', undefined);
    await user.keyboard('{Alt>}{ArrowUp}{/Alt}');
    expect(page.onSwitchRoom).toHaveBeenLastCalledWith('tea', undefined);
    await user.keyboard('{Alt>}{Shift>}{ArrowDown}{/Shift}{/Alt}');
    expect(page.onSwitchRoom).toHaveBeenLastCalledWith('p-secret', 'key');
  });

  it('do nothing where there is no other room', async () => {
    const { user, page } = renderPage({ state: { rooms: [room('lobby')] } });
    await user.keyboard('{Alt>}{ArrowDown}{ArrowUp}{/Alt}{Alt>}{Shift>}{ArrowDown}{/Shift}{/Alt}');
    expect(page.onSwitchRoom).not.toHaveBeenCalled();
  });

  it('search, and go to where one writes', async () => {
    const { user, onSearch } = renderPage();
    await user.keyboard('/');
    expect(onSearch).toHaveBeenCalledOnce();
    await user.keyboard('{Control>}k{/Control}');
    expect(onSearch).toHaveBeenCalledTimes(2);
    await user.keyboard('{Escape}');
    expect(document.activeElement).toBe(field());
  });

  it('are not the page’s while a dialog is open', async () => {
    const { user, onSearch } = renderPage();
    await user.click(screen.getByRole('button', { name: 'Settings' }));
    await screen.findByRole('heading', { name: 'Reading and writing' }, fetched);
    await user.keyboard('/');
    expect(onSearch).not.toHaveBeenCalled();
  });
});
