/** A Chromium that can be pushed to: it has no push service behind it, so a test takes that one's part. */
import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import type { PushService } from '../../testing/pushService';

/** Gives the pages a push service: subscriptions to the test's own, kept over a reload. */
export async function subscribeTo(context: BrowserContext, service: PushService) {
  await context.addInitScript((json) => {
    const stored = 'test.subscription';
    const current = () => {
      const key = localStorage.getItem(stored);
      if (key === null) return null;
      const padded = key.replaceAll('-', '+').replaceAll('_', '/');
      const bytes = Uint8Array.from(atob(padded), (character) => character.charCodeAt(0));
      return {
        endpoint: json.endpoint,
        options: { applicationServerKey: bytes.buffer },
        toJSON: () => json,
        unsubscribe: async () => localStorage.removeItem(stored),
      };
    };
    Object.assign(PushManager.prototype, {
      getSubscription: async () => current(),
      subscribe: async ({ applicationServerKey }: { applicationServerKey: string }) => {
        localStorage.setItem(stored, applicationServerKey);
        return current();
      },
    });
  }, service.subscribe('ann'));
}

/**
 * Hands pushes to the page's worker, as the browser does when one comes. A busy browser may drop what it is
 * given so: what must arrive is given until it has.
 */
export async function pusherOf(context: BrowserContext, page: Page) {
  // Without a worker at work a push goes nowhere.
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  const session: CDPSession = await context.newCDPSession(page);
  const registrationId = new Promise<string>((resolve) => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const found = registrations.find(({ isDeleted }) => !isDeleted);
      if (found) resolve(found.registrationId);
    });
  });
  await session.send('ServiceWorker.enable');
  const origin = new URL(page.url()).origin;
  return async (data: string) =>
    session.send('ServiceWorker.deliverPushMessage', {
      origin,
      registrationId: await registrationId,
      data,
    });
}
