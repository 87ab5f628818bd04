/** Puts pushing together: the keys and the registrations in the data folder, or in memory without one. */
import { join } from 'node:path';
import type { PushPorts } from '../chat/push/push';
import { createMemoryPushStore } from '../chat/push/pushRegistry';
import type { ServerOptions } from './options';
import { openDatabase } from './sqliteDriver';
import { openSqlitePushStore } from './sqlitePushStore';
import { makeVapidKeys, readOrMakeVapidKeys } from './vapidKeys';
import { createWebPushSender } from './webPushSender';

export interface WebPush {
  readonly ports: PushPorts;
  /** Closes the file and the lines to push services. */
  close(): void;
}

type WebPushOptions = Pick<ServerOptions, 'pushContact' | 'pushServices'>;

/** Rejects when what is in `dataDir` cannot be used. Without `dataDir` nothing is kept. */
export async function openWebPush(
  dataDir: string | undefined,
  { pushContact: contact, pushServices: ownServices }: WebPushOptions,
): Promise<WebPush> {
  const keys = dataDir === undefined ? makeVapidKeys() : await readOrMakeVapidKeys(dataDir);
  const sender = createWebPushSender({ keys, contact, ownServices });
  if (dataDir === undefined) {
    return { ports: { store: createMemoryPushStore(), sender }, close: sender.close };
  }
  const database = openDatabase(join(dataDir, 'push.sqlite'));
  const store = openSqlitePushStore(database, keys.publicKey);
  return {
    ports: { store, sender },
    close() {
      sender.close();
      store.close();
    },
  };
}
