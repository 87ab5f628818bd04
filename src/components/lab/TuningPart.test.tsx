import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { renderLab } from '../../testing/renderLab';
import { TuningPart } from './TuningPart';

describe('the knobs', () => {
  it('show what holds now, and change it at once', async () => {
    const { actions, user } = renderLab(<TuningPart />);
    const interval = screen.getByRole('textbox', { name: 'Ping interval' });
    expect(interval).toHaveProperty('value', '25');
    await user.clear(interval);
    await user.type(interval, '2.5');
    expect(actions.tune).toHaveBeenLastCalledWith({ intervalMs: 2_500 });
    await user.click(screen.getByRole('switch', { name: 'Adaptive interval' }));
    expect(actions.tune).toHaveBeenLastCalledWith({ isAdaptive: true });
  });

  it('go back one by one, or all at once', async () => {
    const { actions, user } = renderLab(<TuningPart />);
    expect(screen.getByRole('button', { name: 'Reset all' })).toHaveProperty('disabled', true);
    actions.tune({ capMs: 5_000 });
    await user.click(await screen.findByRole('button', { name: 'Reset: Backoff, longest' }));
    expect(actions.tune).toHaveBeenLastCalledWith({ capMs: undefined });
    actions.tune({ capMs: 5_000 });
    await waitFor(() =>
      expect(screen.getByRole('button', { name: 'Reset all' })).toHaveProperty('disabled', false),
    );
    await user.click(screen.getByRole('button', { name: 'Reset all' }));
    expect(actions.resetTuning).toHaveBeenCalledOnce();
  });

  it('are handed on in a link', async () => {
    const { actions, user } = renderLab(<TuningPart />);
    actions.tune({ intervalMs: 1_000 });
    const copied = vi.spyOn(navigator.clipboard, 'writeText');
    const button = await screen.findByRole('button', { name: 'Copy a link with this tuning' });
    await waitFor(() => expect(button).toHaveProperty('disabled', false));
    await user.click(button);
    expect(copied).toHaveBeenCalledWith('https://chat.example/?tune=interval-1s');
    expect(await screen.findByRole('button', { name: 'Link copied' })).toBeTruthy();
  });
});
