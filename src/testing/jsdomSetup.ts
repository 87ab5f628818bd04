/**
 * What jsdom lacks and the app uses, given once; and what it has and no test may use: a WebSocket
 * that would really dial out.
 */
import { cleanup, configure } from '@testing-library/react';
import { afterEach, beforeEach, vi } from 'vitest';
import { loadLaterParts } from '../components/loadLater';
import { forgetSizes, SteadyResizeObserver } from './rowSizes';
import { installTopLayer } from './topLayer';

// What a page loads once its room is shown is there from the beginning.
await loadLaterParts();

// Node has storages of its own from version 25 on, empty words where no file is named: a page's are jsdom's.
for (const name of ['localStorage', 'sessionStorage'] as const) {
  Object.defineProperty(globalThis, name, {
    configurable: true,
    // The runner tells of its jsdom by a global of this name.
    get: () => Reflect.get(globalThis, 'jsdom').window[name],
  });
}

// What is waited for takes as long as a busy machine takes, in ms.
configure({ asyncUtilTimeout: 8_000 });

let removeTopLayer = () => {};

beforeEach(() => {
  removeTopLayer = installTopLayer();
  vi.stubGlobal('ResizeObserver', SteadyResizeObserver);
  // jsdom lays nothing out, and calls every element one that is not shown.
  vi.spyOn(HTMLElement.prototype, 'offsetParent', 'get').mockImplementation(function (
    this: HTMLElement,
  ) {
    return this.parentElement;
  });
  // Nothing moves where nothing is laid out.
  Object.assign(Element.prototype, { scrollTo() {}, scrollBy() {}, scrollIntoView() {} });
  vi.stubGlobal('WebSocket', function refuse(url: string) {
    throw new Error(`a test tried to dial out to ${url}: give it a fake socket`);
  });
});

afterEach(() => {
  cleanup();
  forgetSizes();
  removeTopLayer();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  sessionStorage.clear();
  localStorage.clear();
});
