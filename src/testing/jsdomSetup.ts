/**
 * What jsdom lacks and the app uses, given once; and what it has and no test may use: a WebSocket
 * that would really dial out.
 */
import { cleanup } from '@testing-library/react';
import { afterEach, beforeEach, vi } from 'vitest';
import { installTopLayer } from './topLayer';

class InertResizeObserver implements ResizeObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}

let removeTopLayer = () => {};

beforeEach(() => {
  removeTopLayer = installTopLayer();
  vi.stubGlobal('ResizeObserver', InertResizeObserver);
  vi.stubGlobal('WebSocket', function refuse(url: string) {
    throw new Error(`a test tried to dial out to ${url}: give it a fake socket`);
  });
});

afterEach(() => {
  cleanup();
  removeTopLayer();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  sessionStorage.clear();
  localStorage.clear();
});
