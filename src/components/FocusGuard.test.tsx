import { act, render, screen, waitFor } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { FocusGuard } from './FocusGuard';
import { useFocusStart } from './useFocusStart';

interface PageProps {
  place?: string;
  gone?: readonly string[];
  isGuarded?: boolean;
}

function Page({ place = 'lobby', gone = [], isGuarded = true }: PageProps) {
  useFocusStart(place);
  const buttons = (names: readonly string[]) =>
    names
      .filter((name) => !gone.includes(name))
      .map((name) => (
        <button key={name} type="button">
          {name}
        </button>
      ));
  return (
    <>
      <section data-focus-group>{buttons(['Disconnect', 'Reconnect'])}</section>
      <main>
        <form>
          <textarea aria-label="Message" />
        </form>
      </main>
      {buttons(['Alone'])}
      {isGuarded && <FocusGuard />}
    </>
  );
}
const focusOn = (name: string) => act(() => screen.getByRole('button', { name }).focus());
const field = () => screen.getByRole('textbox', { name: 'Message' });

describe('the focus of the page', () => {
  it('begins where one writes, and again in another room', () => {
    const { rerender } = render(<Page />);
    expect(document.activeElement).toBe(field());
    focusOn('Disconnect');
    rerender(<Page />);
    expect(document.activeElement?.textContent).toBe('Disconnect');
    rerender(<Page place="attic" />);
    expect(document.activeElement).toBe(field());
  });

  it('begins at the conversation on a touch screen, which calls up no keyboard', () => {
    vi.stubGlobal('matchMedia', () => ({ matches: true }));
    render(<Page />);
    expect(document.activeElement).toBe(screen.getByRole('main'));
  });

  it('goes to the next thing of the same group when what had it is gone', async () => {
    const { rerender } = render(<Page />);
    focusOn('Disconnect');
    rerender(<Page gone={['Disconnect']} />);
    await waitFor(() => expect(document.activeElement?.textContent).toBe('Reconnect'));
  });

  it('goes to where one writes when nothing is left of the group, or there was none', async () => {
    const { rerender } = render(<Page />);
    focusOn('Disconnect');
    rerender(<Page gone={['Disconnect', 'Reconnect']} />);
    await waitFor(() => expect(document.activeElement).toBe(field()));
    focusOn('Alone');
    rerender(<Page gone={['Disconnect', 'Reconnect', 'Alone']} />);
    await waitFor(() => expect(document.activeElement).toBe(field()));
  });

  it('goes to where one writes if it has fallen before its guard was there', () => {
    const { rerender } = render(<Page isGuarded={false} />);
    focusOn('Disconnect');
    rerender(<Page isGuarded={false} gone={['Disconnect']} />);
    expect(document.activeElement).toBe(document.body);
    rerender(<Page gone={['Disconnect']} />);
    expect(document.activeElement).toBe(field());
  });

  it('is guarded, too, where it was before its guard', async () => {
    const { rerender } = render(<Page isGuarded={false} />);
    focusOn('Disconnect');
    rerender(<Page />);
    rerender(<Page gone={['Disconnect']} />);
    await waitFor(() => expect(document.activeElement?.textContent).toBe('Reconnect'));
  });

  it('is left alone where a person has put it', async () => {
    const { rerender } = render(<Page />);
    focusOn('Disconnect');
    act(() => screen.getByRole('button', { name: 'Disconnect' }).blur());
    rerender(<Page gone={['Alone']} />);
    await Promise.resolve();
    expect(document.activeElement).toBe(document.body);
  });
});
