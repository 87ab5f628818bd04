import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { createFakeLab } from '../testing/fakeLab';
import { renderChat } from '../testing/renderChat';
import { LabStrip } from './LabStrip';

function setUp() {
  const lab = createFakeLab();
  return { ...renderChat(<LabStrip />, { labStore: lab.labStore }), ...lab };
}

const strip = () => screen.queryByRole('region', { name: 'Changed in the connection lab' });

describe('what was made wrong on purpose', () => {
  it('is said as long as it is, and nothing is said where nothing is', async () => {
    const { actions } = setUp();
    expect(strip()).toBeNull();
    actions.setFaults({ frozen: 'in', delayMs: 1_500, lostPercent: 5 });
    actions.tune({ intervalMs: 1_000 });
    expect(await screen.findByText(/nothing comes in/)).toBeTruthy();
    expect(strip()?.textContent).toContain(
      'frozen: nothing comes in · 1,500 ms late · 5% lost · tuned by hand',
    );
  });

  it('is said of each kind alone', async () => {
    const { actions } = setUp();
    actions.setFaults({ isRefusing: true, isOffline: true, duplicatedPercent: 3 });
    expect(await screen.findByText('offline · connections refused · 3% sent twice')).toBeTruthy();
  });

  it('is put right by one press', async () => {
    const { actions, user } = setUp();
    actions.setFaults({ isOffline: true });
    await user.click(await screen.findByRole('button', { name: 'All off' }));
    expect(actions.clearFaults).toHaveBeenCalledOnce();
    expect(actions.resetTuning).toHaveBeenCalledOnce();
  });
});
