import { describe, expect, it, vi } from 'vitest';
import { watchPage } from './pageSignals';

function setUp() {
  const connection = { wake: vi.fn(), networkGone: vi.fn() };
  return { connection, cancel: watchPage(connection) };
}
const becomeVisible = (state: DocumentVisibilityState) => {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);
  document.dispatchEvent(new Event('visibilitychange'));
};

describe('what the page hears', () => {
  it.each<[string, () => void, 'wake' | 'networkGone']>([
    ['the network is back', () => window.dispatchEvent(new Event('online')), 'wake'],
    ['the network is gone', () => window.dispatchEvent(new Event('offline')), 'networkGone'],
    ['the page is visible again', () => becomeVisible('visible'), 'wake'],
  ])('is told to the connection: %s', (_, happen, told) => {
    const { connection, cancel } = setUp();
    happen();
    cancel();
    expect(connection[told]).toHaveBeenCalledOnce();
  });

  it('says nothing when the page is hidden', () => {
    const { connection, cancel } = setUp();
    becomeVisible('hidden');
    cancel();
    expect(connection.wake).not.toHaveBeenCalled();
  });

  it('is no longer listened to once cancelled', () => {
    const { connection, cancel } = setUp();
    cancel();
    window.dispatchEvent(new Event('online'));
    window.dispatchEvent(new Event('offline'));
    becomeVisible('visible');
    expect(connection.wake).not.toHaveBeenCalled();
    expect(connection.networkGone).not.toHaveBeenCalled();
  });
});
