import { act, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { renderLab } from '../../testing/renderLab';
import { createTestLab } from '../../testing/testLab';
import { FaultsPart } from './FaultsPart';

describe('the faults', () => {
  it('happen at once, by one press', async () => {
    const { actions, user } = renderLab(<FaultsPart />);
    await user.click(screen.getByRole('button', { name: 'Cut the line' }));
    expect(actions.cut).toHaveBeenCalledOnce();
    await user.selectOptions(screen.getByRole('combobox', { name: 'How long' }), '1 hour');
    await user.click(screen.getByRole('button', { name: 'Skip time' }));
    expect(actions.skipTime).toHaveBeenCalledWith(3_600_000);
  });

  it('say how far the clock was made to run ahead, and how that ends', async () => {
    const { labStore, lab } = createTestLab();
    const { page, user } = renderLab(<FaultsPart />, { labStore });
    expect(screen.queryByText(/clock is/)).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Skip time' }));
    expect(screen.getByText('The lab’s clock is 10 min ahead.')).toBeTruthy();
    act(() => lab.actions.skipTime(8 * 3_600_000));
    expect(screen.getByText('The lab’s clock is 8.2 h ahead.')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Reload the page' }));
    expect(page.onReload).toHaveBeenCalledOnce();
  });

  it('hang up with a code of the list, or any other, and take none that is no code', async () => {
    const { actions, user } = renderLab(<FaultsPart />);
    const codes = screen.getByRole('combobox', { name: 'Close code' });
    await user.selectOptions(codes, '4500');
    await user.click(screen.getByRole('button', { name: 'Hang up' }));
    expect(actions.hangUp).toHaveBeenLastCalledWith(4500, expect.any(String));
    await user.selectOptions(codes, 'other');
    const own = screen.getByRole('textbox', { name: /^Code/ });
    await user.type(own, '999');
    await user.click(screen.getByRole('button', { name: 'Hang up' }));
    expect(screen.getByRole('alert').textContent).toContain('1000 to 4999');
    expect(actions.hangUp).toHaveBeenCalledOnce();
    await user.clear(own);
    await user.type(own, '3333{Enter}');
    expect(actions.hangUp).toHaveBeenLastCalledWith(3333, expect.any(String));
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('stand until they are put right', async () => {
    const { actions, user } = renderLab(<FaultsPart />);
    await user.click(screen.getByRole('radio', { name: 'Both ways' }));
    expect(actions.setFaults).toHaveBeenLastCalledWith({ frozen: 'both' });
    await user.click(screen.getByRole('switch', { name: 'Refuse connections' }));
    expect(actions.setFaults).toHaveBeenLastCalledWith({ isRefusing: true });
    await user.click(screen.getByRole('switch', { name: 'Go offline' }));
    expect(actions.setFaults).toHaveBeenLastCalledWith({ isOffline: true });
    const lost = screen.getByRole('textbox', { name: 'Lose' });
    await user.clear(lost);
    await user.type(lost, '30');
    expect(actions.setFaults).toHaveBeenLastCalledWith({ lostPercent: 30 });
    expect(screen.getByRole('radio', { name: 'Both ways' })).toHaveProperty('checked', true);
  });

  it('take no number that cannot be, and say what could', async () => {
    const { actions, user } = renderLab(<FaultsPart />);
    const delay = screen.getByRole('textbox', { name: 'Delay' });
    await user.clear(delay);
    await user.type(delay, '50000');
    expect(screen.getByRole('alert').textContent).toBe('From 0 ms to 30 s.');
    expect(actions.setFaults).toHaveBeenLastCalledWith({ delayMs: 5_000 });
    await user.tab();
    expect(screen.queryByRole('alert')).toBeNull();
    expect(delay).toHaveProperty('value', '5000');
  });
});
