/** Lets a service worker's events do what `notifications.ts` says. Any worker can take them on. */
import { openClicked, type PushScope, showPush } from './notifications';

interface WaitingEvent {
  waitUntil(work: Promise<unknown>): void;
}

interface WorkerEvents {
  push: WaitingEvent & { readonly data: { text(): string } | null };
  notificationclick: WaitingEvent & {
    readonly notification: { readonly data: unknown; close(): void };
  };
  install: WaitingEvent;
}

/** A service worker's global scope, which DOM's types lack. */
export interface WorkerScope extends PushScope {
  addEventListener<Type extends keyof WorkerEvents>(
    type: Type,
    listener: (event: WorkerEvents[Type]) => void,
  ): void;
  skipWaiting(): Promise<void>;
}

export function listenForPushes(scope: WorkerScope): void {
  scope.addEventListener('push', (event) => event.waitUntil(showPush(event.data?.text(), scope)));
  scope.addEventListener('notificationclick', (event) => {
    event.notification.close();
    event.waitUntil(openClicked(event.notification.data, scope));
  });
}
