import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { Menu } from './Menu';

function renderMenu() {
  const user = userEvent.setup();
  const chosen = vi.fn<(label: string, focused: string | undefined) => void>();
  const labels = ['Reply', 'Edit', 'Copy', 'Close', '删除'];
  const onSelect = (label: string) => () =>
    chosen(label, document.activeElement?.textContent ?? undefined);
  render(
    <>
      <Menu
        label="Actions"
        items={labels.map((label) => ({
          label,
          isDisabled: label === 'Edit',
          onSelect: onSelect(label),
        }))}
      />
      <button type="button">Elsewhere</button>
    </>,
  );
  const button = screen.getByRole('button', { name: 'Actions' });
  return { user, chosen, button };
}

const focused = () => document.activeElement?.textContent;
const isOpen = () => screen.queryByRole('menu', { name: 'Actions' }) !== null;

describe('a menu', () => {
  it('opens and closes by its button, and says so', async () => {
    const { user, button } = renderMenu();
    expect(button.getAttribute('aria-expanded')).toBe('false');
    await user.click(button);
    expect(isOpen()).toBe(true);
    expect(button.getAttribute('aria-expanded')).toBe('true');
    expect(focused()).toBe('Reply');
    await user.click(button);
    expect(isOpen()).toBe(false);
    await user.click(button);
    expect(isOpen()).toBe(true);
  });

  it('goes by a press beside it', async () => {
    const { user, button } = renderMenu();
    await user.click(button);
    await user.click(screen.getByRole('button', { name: 'Elsewhere' }));
    expect(isOpen()).toBe(false);
    expect(focused()).toBe('Elsewhere');
  });

  it('goes by Escape and Tab, and the focus is back on the button or beyond it', async () => {
    const { user, button } = renderMenu();
    await user.click(button);
    await user.keyboard('{Escape}');
    expect(isOpen()).toBe(false);
    expect(document.activeElement).toBe(button);
    await user.keyboard('{Enter}');
    expect(isOpen()).toBe(true);
    await user.tab();
    expect(isOpen()).toBe(false);
    expect(focused()).toBe('Elsewhere');
  });

  it('does what is chosen once it is gone, by pointer and by key', async () => {
    const { user, chosen, button } = renderMenu();
    await user.click(button);
    await user.click(screen.getByRole('menuitem', { name: 'Copy' }));
    expect(isOpen()).toBe(false);
    expect(chosen).toHaveBeenLastCalledWith('Copy', 'Actions');
    await user.keyboard('{ArrowDown}{Enter}');
    expect(chosen).toHaveBeenLastCalledWith('Reply', 'Actions');
  });

  it('does nothing for what cannot be chosen', async () => {
    const { user, chosen, button } = renderMenu();
    await user.click(button);
    await user.click(screen.getByRole('menuitem', { name: 'Edit' }));
    expect(chosen).not.toHaveBeenCalled();
    expect(isOpen()).toBe(true);
  });
});

describe('the focus in a menu', () => {
  it('goes round by arrows, past what cannot be chosen, and to both ends', async () => {
    const { user, button } = renderMenu();
    button.focus();
    await user.keyboard('{ArrowUp}');
    expect(focused()).toBe('删除');
    await user.keyboard('{ArrowDown}');
    expect(focused()).toBe('Reply');
    await user.keyboard('{ArrowDown}');
    expect(focused()).toBe('Copy');
    await user.keyboard('{End}');
    expect(focused()).toBe('删除');
    await user.keyboard('{Home}{ArrowUp}');
    expect(focused()).toBe('删除');
  });

  it('goes by first letters, one after the other or in a word', async () => {
    const { user, button } = renderMenu();
    await user.click(button);
    await user.keyboard('c');
    expect(focused()).toBe('Copy');
    await user.keyboard('l');
    expect(focused()).toBe('Close');
    await user.keyboard('{Home}{Escape}{ArrowDown}');
    await user.keyboard('删');
    expect(focused()).toBe('删除');
  });
});
