import { fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { en } from '../i18n/en';
import { TextsProvider } from '../i18n/texts';
import { compositions } from '../testing/compositions';
import { Dialog } from './Dialog';

/** A page with a button that opens a dialog, and a field to write in. */
function Page({ isGoneWhenOpen = false, onClosed = () => {} }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <main>
      <form>
        <textarea aria-label="Message" />
      </form>
      {!(isOpen && isGoneWhenOpen) && (
        <button type="button" onClick={() => setOpen(true)}>
          Open
        </button>
      )}
      {isOpen && (
        <Dialog
          title="Settings"
          onClose={() => {
            onClosed();
            setOpen(false);
          }}
        >
          <input aria-label="Your name" />
        </Dialog>
      )}
    </main>
  );
}

async function openDialog(props: Parameters<typeof Page>[0] = {}) {
  const user = userEvent.setup();
  render(
    <TextsProvider language="en" texts={en}>
      <Page {...props} />
    </TextsProvider>,
  );
  const opener = screen.getByRole('button', { name: 'Open' });
  await user.click(opener);
  return { user, opener, dialog: screen.getByRole('dialog', { name: 'Settings' }) };
}

describe('a dialog', () => {
  it.each(['its button', 'Escape', 'a press beside it'])(
    'is closed by %s, and gives the focus back',
    async (way) => {
      const { user, opener, dialog } = await openDialog();
      expect(dialog.contains(document.activeElement)).toBe(true);
      if (way === 'its button') await user.click(screen.getByRole('button', { name: 'Close' }));
      if (way === 'Escape') await user.keyboard('{Escape}');
      if (way === 'a press beside it') await user.click(dialog);
      expect(screen.queryByRole('dialog')).toBeNull();
      expect(document.activeElement).toBe(opener);
    },
  );

  it.each(compositions)('stays when Escape gives up a composition in it (%s)', async (_, told) => {
    const { user } = await openDialog();
    const field = screen.getByRole('textbox', { name: 'Your name' });
    fireEvent.keyDown(field, { key: 'Escape', ...told });
    expect(screen.getByRole('dialog')).toBeTruthy();
    await user.type(field, '{Escape}');
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('stays when a press only ends beside it, as when a text is selected', async () => {
    const { user, dialog } = await openDialog();
    await user.pointer([
      { keys: '[MouseLeft>]', target: screen.getByRole('textbox', { name: 'Your name' }) },
      { keys: '[/MouseLeft]', target: dialog },
    ]);
    fireEvent.click(dialog);
    expect(screen.getByRole('dialog')).toBeTruthy();
  });

  it('is closed with a browser that closes it unasked, once', async () => {
    const onClosed = vi.fn();
    const { dialog } = await openDialog({ onClosed });
    if (dialog instanceof HTMLDialogElement) dialog.close();
    await screen.findByRole('button', { name: 'Open' });
    await vi.waitFor(() => expect(screen.queryByRole('dialog', { hidden: true })).toBeNull());
    expect(onClosed).toHaveBeenCalledOnce();
  });

  it('gives the focus to where one writes when what opened it is gone', async () => {
    const { user } = await openDialog({ isGoneWhenOpen: true });
    await user.keyboard('{Escape}');
    expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Message' }));
  });

  it('stays when a field for files within it is cancelled', async () => {
    const { dialog } = await openDialog();
    const field = screen.getByRole('textbox', { name: 'Your name' });
    fireEvent(field, new Event('cancel', { bubbles: true }));
    expect(dialog.isConnected).toBe(true);
  });
});
