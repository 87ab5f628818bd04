import { screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { type RenderChatOptions, renderChat } from '../testing/renderChat';
import { navigationOf } from '../testing/roomFakes';
import { pathOf } from './QrCode';
import { RoomNavigationProvider } from './roomNavigation';
import { ShareDialog } from './ShareDialog';

const room = 'p-lutbdvne3uvubmtx37nv5t23jg';
const link = `https://chat.example/?room=${room}#key=AAECAwQFBgcICQoLDA0ODw`;

function setUp(options: RenderChatOptions = {}) {
  const onClose = vi.fn();
  const dialog = (
    <RoomNavigationProvider value={navigationOf({ roomLink: link })}>
      <ShareDialog onClose={onClose} />
    </RoomNavigationProvider>
  );
  return { ...renderChat(dialog, options), onClose };
}

const withoutClipboard = () =>
  vi.stubGlobal('navigator', Object.create(navigator, { clipboard: { value: undefined } }));

describe('sharing a room', () => {
  it('says what the link of an open room does, and warns of what that of a private one gives', () => {
    const { set } = setUp();
    expect(screen.getByText('Whoever opens this link comes into this room.')).toBeTruthy();
    set({ room, isPrivate: true });
    expect(screen.getByText(/holds the room’s key/)).toBeTruthy();
    expect(screen.getByText(/cannot be taken back/)).toBeTruthy();
  });

  it('copies the link, and says so until one goes on to something else', async () => {
    const { user } = setUp({ state: { room, isPrivate: true } });
    await user.click(screen.getByRole('button', { name: 'Copy link' }));
    expect(await screen.findByRole('button', { name: 'Link copied' })).toBeTruthy();
    expect(await navigator.clipboard.readText()).toBe(link);
    await user.tab();
    expect(screen.getByRole('button', { name: 'Copy link' })).toBeTruthy();
  });

  it('copies in the old way where the page has no clipboard', async () => {
    const { user } = setUp();
    withoutClipboard();
    let copied: string | undefined;
    document.execCommand = () => {
      const field = document.activeElement;
      copied = field instanceof HTMLTextAreaElement ? field.value : undefined;
      return true;
    };
    const button = screen.getByRole('button', { name: 'Copy link' });
    await user.click(button);
    expect(await screen.findByRole('button', { name: 'Link copied' })).toBe(button);
    expect(copied).toBe(link);
    expect(document.activeElement).toBe(button);
    expect(document.querySelector('textarea[readonly]')).toBeNull();
  });

  it('selects the link where nothing can copy it, and asks to', async () => {
    const { user } = setUp();
    withoutClipboard();
    document.execCommand = () => false;
    await user.click(screen.getByRole('button', { name: 'Copy link' }));
    const field = await screen.findByRole<HTMLInputElement>('textbox', { name: 'Copy this link' });
    expect(field.value).toBe(link);
    expect([field.selectionStart, field.selectionEnd]).toEqual([0, link.length]);
    expect(screen.getByRole('alert').textContent).toBe('Copy this link');
  });

  it('hands the link to another app where the browser can', async () => {
    expect(setUp().container.textContent).not.toContain('Send by');
    const share = vi.fn(async () => {});
    vi.stubGlobal('navigator', Object.create(navigator, { share: { value: share } }));
    const { user } = setUp();
    await user.click(screen.getByRole('button', { name: 'Send by…' }));
    expect(share).toHaveBeenCalledExactlyOnceWith({ title: 'lobby', url: link });
  });

  it('shows the link as a QR code', async () => {
    setUp();
    expect(await screen.findByRole('img', { name: 'QR code of the link' })).toBeTruthy();
  });

  it('goes by Escape', async () => {
    const { user, onClose } = setUp();
    await user.keyboard('{Escape}');
    expect(onClose).toHaveBeenCalledOnce();
  });
});

describe('the path of a QR code', () => {
  it('draws each run of dark modules once, within four light ones', () => {
    const modules = [
      [true, true, false],
      [false, true, true],
    ];
    expect(pathOf(modules)).toBe('M4 4h2v1h-2zM5 5h2v1h-2z');
  });
});
