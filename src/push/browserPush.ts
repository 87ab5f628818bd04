/**
 * The browser's Push API as the chat uses it: the service worker that shows what comes, and the
 * subscription by which it comes.
 */

import * as v from 'valibot';
import type { PushBrowser } from '../chat/pushSwitch';
import { registerWorker } from '../offline/registerWorker';
import { pushSubscriptionSchema } from '../protocol/pushSubscription';
import { tagOf } from './notifications';
import { keepPageQuery } from './pageQuery';

export interface BrowserPushOptions {
  /** The query with which a click opens the page again, whatever the room. */
  pageQuery(): string;
}

/** Undefined where this browser, or this page in it, cannot be pushed to. */
export function createBrowserPush({ pageQuery }: BrowserPushOptions): PushBrowser | undefined {
  const isPossible =
    window.isSecureContext &&
    'serviceWorker' in navigator &&
    'PushManager' in window &&
    'Notification' in window;
  if (!isPossible) return undefined;

  const registration = () => navigator.serviceWorker.getRegistration(document.baseURI);
  const current = async () => (await registration())?.pushManager.getSubscription();

  return {
    permission: () => Notification.permission,
    askPermission: () => Notification.requestPermission(),

    onPermissionChange(listener) {
      let status: PermissionStatus | undefined;
      let isCancelled = false;
      navigator.permissions?.query({ name: 'notifications' }).then(
        (found) => {
          if (isCancelled) return;
          status = found;
          found.addEventListener('change', listener);
        },
        // Some browsers do not tell: then the next `ready` finds out.
        () => {},
      );
      return () => {
        isCancelled = true;
        status?.removeEventListener('change', listener);
      };
    },

    async subscribe(key) {
      await registerWorker();
      const { pushManager, scope } = await navigator.serviceWorker.ready;
      await keepPageQuery(pageQuery(), scope, caches);
      const known = await pushManager.getSubscription();
      if (known && keyOf(known) === key) return readSubscription(known);
      // One that was made for another key stands in the way of a new one.
      await known?.unsubscribe();
      return readSubscription(
        await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }),
      );
    },

    endpoint: async () => (await current())?.endpoint,
    async unsubscribe() {
      await (await current())?.unsubscribe();
    },

    async clearShown(room) {
      const shown = await (await registration())?.getNotifications({ tag: tagOf(room) });
      for (const notification of shown ?? []) notification.close();
    },
  };
}

const readSubscription = (subscription: PushSubscription) =>
  v.parse(pushSubscriptionSchema, subscription.toJSON());

function keyOf({ options }: PushSubscription): string | undefined {
  const { applicationServerKey } = options;
  if (!applicationServerKey) return undefined;
  const binary = String.fromCharCode(...new Uint8Array(applicationServerKey));
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
