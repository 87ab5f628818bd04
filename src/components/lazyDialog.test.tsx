import { screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { renderChat } from '../testing/renderChat';
import { Dialog } from './Dialog';
import { createLazyDialog } from './lazyDialog';

const Part = ({ onClose }: { onClose(): void }) => (
  <Dialog title="Part" onClose={onClose}>
    all of it
  </Dialog>
);

describe('a dialog that is fetched when it is wanted', () => {
  it('is fetched once, and shown when it is there', async () => {
    const load = vi.fn(async () => Part);
    const { View, prefetch } = createLazyDialog(() => 'Part', load);
    prefetch();
    await vi.waitFor(() => expect(load).toHaveBeenCalledOnce());
    renderChat(<View onClose={() => {}} />);
    expect(await screen.findByText('all of it')).toBeTruthy();
    expect(load).toHaveBeenCalledOnce();
  });

  it('says that it cannot be had, closes, and is asked for again the next time', async () => {
    const load = vi.fn(async () => Part);
    load.mockRejectedValueOnce(new Error('no line'));
    const onClose = vi.fn();
    const { View } = createLazyDialog(() => 'Part', load);
    const { unmount, user } = renderChat(<View onClose={onClose} />);
    expect((await screen.findByRole('alert')).textContent).toContain('could not be loaded');
    await user.click(screen.getByRole('button', { name: 'Close' }));
    expect(onClose).toHaveBeenCalledOnce();
    unmount();
    renderChat(<View onClose={() => {}} />);
    expect(await screen.findByText('all of it')).toBeTruthy();
  });
});
