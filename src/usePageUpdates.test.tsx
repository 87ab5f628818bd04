import { act, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { PageUpdates } from './offline/pageUpdates';
import { usePageUpdates } from './usePageUpdates';

const soonMs = 10_000;
const updates = {
  start: vi.fn(async () => {}),
  isReady: () => false,
  subscribe: () => () => {},
  reload: async () => {},
  reloadFromNetwork: () => {},
} satisfies PageUpdates;

beforeEach(() => {
  updates.start.mockClear();
  vi.useFakeTimers();
  vi.stubEnv('DEV', false);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

const open = () =>
  renderHook(({ isUsable, load }) => usePageUpdates(isUsable, load), {
    initialProps: { isUsable: true, load: async (): Promise<PageUpdates> => updates },
  });
const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

it('a page whose server died before its files were asked for asks once the line is open again', async () => {
  const { rerender } = open();
  const load = async () => updates;
  await pass(10);
  rerender({ isUsable: false, load });
  await pass(soonMs);
  expect(updates.start).not.toHaveBeenCalled();
  rerender({ isUsable: true, load });
  await pass(soonMs);
  expect(updates.start).toHaveBeenCalledOnce();
});

it('a page that could not have what asks for its files asks once the line is open again', async () => {
  let isThere = false;
  const load = async () => {
    if (!isThere) throw new Error('it could not be loaded');
    return updates;
  };
  const { rerender } = renderHook(({ isUsable }) => usePageUpdates(isUsable, load), {
    initialProps: { isUsable: true },
  });
  await pass(soonMs);
  isThere = true;
  rerender({ isUsable: false });
  rerender({ isUsable: true });
  await pass(soonMs);
  expect(updates.start).toHaveBeenCalledOnce();
});
