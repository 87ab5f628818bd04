import { act, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { first } from '../i18n/en/first';
import { useRestOfTexts } from '../i18n/texts';
import { connectionOf, renderChat } from '../testing/renderChat';
import { useLoadLater } from './loadLater';

function Page() {
  useLoadLater();
  return <output>{useRestOfTexts().hasRest ? 'all is there' : 'the first is there'}</output>;
}

const words = () => screen.getByRole('status').textContent;
const open = connectionOf({ status: 'open' });
const frameMs = 200;
const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

async function untilAllIsThere() {
  vi.useRealTimers();
  await waitFor(() => expect(words()).toBe('all is there'));
}

describe('what comes later', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('waits for what there is to read', async () => {
    const { set } = renderChat(<Page />, { texts: first, state: { connection: open } });
    await pass(3_900);
    expect(words()).toBe('the first is there');
    set({ isLoaded: true });
    await pass(frameMs);
    await untilAllIsThere();
  });

  it('waits for a first try of the line, and for no other', async () => {
    const connection = connectionOf({ status: 'connecting' });
    const { set } = renderChat(<Page />, { texts: first, state: { connection } });
    await pass(3_900);
    expect(words()).toBe('the first is there');
    set({ connection: connectionOf({ status: 'waiting' }) });
    await pass(frameMs);
    await untilAllIsThere();
  });

  it('waits for no room that cannot be read', async () => {
    const state = { connection: open, isUnreadable: true };
    renderChat(<Page />, { texts: first, state });
    await pass(frameMs);
    await untilAllIsThere();
  });

  it('waits for nothing longer than 4 s', async () => {
    renderChat(<Page />, { texts: first, state: { connection: open } });
    await pass(4_000);
    await untilAllIsThere();
  });
});
