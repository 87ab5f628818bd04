/** Lets a service worker's events do what `notifications.ts` says. Any worker can take them on. */
import * as v from 'valibot';
import { openClicked, type PushScope, showHandedOver, showPush } from './notifications';
import { handedOverSchema, type Pushed } from './pushMessages';

interface WaitingEvent {
  waitUntil(work: Promise<unknown>): void;
}

interface WorkerEvents {
  push: WaitingEvent & { readonly data: { text(): string } | null };
  notificationclick: WaitingEvent & {
    readonly notification: { readonly data: unknown; close(): void };
  };
  message: WaitingEvent & {
    readonly data: unknown;
    readonly ports: readonly Pick<MessagePort, 'postMessage'>[];
  };
}

/** A service worker's global scope, which DOM's types lack. */
export interface WorkerScope extends PushScope {
  addEventListener<Type extends keyof WorkerEvents>(
    type: Type,
    listener: (event: WorkerEvents[Type]) => void,
  ): void;
}

export function listenForPushes(scope: WorkerScope): void {
  scope.addEventListener('push', (event) =>
    event.waitUntil(showPush(event.data?.text(), scope).finally(() => tellWindows(scope))),
  );
  scope.addEventListener('message', (event) => {
    const parsed = v.safeParse(handedOverSchema, event.data);
    if (!parsed.success) return;
    const [port] = event.ports;
    const answer = async () => port?.postMessage(await showHandedOver(parsed.output.text, scope));
    event.waitUntil(answer());
  });
  scope.addEventListener('notificationclick', (event) => {
    event.notification.close();
    event.waitUntil(openClicked(event.notification.data, scope));
  });
}

async function tellWindows({ clients }: WorkerScope): Promise<void> {
  const message: Pushed = { type: 'pushed' };
  const windows = await clients.matchAll({ type: 'window', includeUncontrolled: true });
  for (const each of windows) each.postMessage(message);
}
