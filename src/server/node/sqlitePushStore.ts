/**
 * Who wants to be pushed to, in a small SQLite file: read whole at the start, answered from memory, and
 * written through. A browser that registers what it had registered before writes nothing.
 */
import * as v from 'valibot';
import type { PushRegistration, PushStore } from '../chat/push/pushPorts';
import { PushRegistry } from '../chat/push/pushRegistry';
import { closeWhole, type Database, inTransaction } from '../log/database';

export interface SqlitePushStore extends PushStore {
  close(): void;
}

const schemaVersion = 1;

const schema = `
  CREATE TABLE signer (key TEXT NOT NULL);
  CREATE TABLE registrations (
    room TEXT NOT NULL,
    user TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    p256dh TEXT NOT NULL,
    auth TEXT NOT NULL,
    PRIMARY KEY (room, user, endpoint)
  );
`;

const versionRow = v.object({ user_version: v.number() });
const signerRow = v.object({ key: v.string() });
const registrationRow = v.object({
  room: v.string(),
  user: v.string(),
  endpoint: v.string(),
  p256dh: v.string(),
  auth: v.string(),
});

/**
 * Opens the store in `database`, making it if the file is new. `key` is the public key that browsers
 * subscribe with: what was registered under another can never be pushed to, and is forgotten. So many
 * registrations are kept at most, `maxRegistrations`. Throws when a later version wrote the file.
 */
export function openSqlitePushStore(
  database: Database,
  key: string,
  maxRegistrations?: number,
): SqlitePushStore {
  // What a power cut takes back is given again with the next visit: not worth a sync for each, in the
  // thread that serves everybody.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  prepareTables(database, key);
  const registry = new PushRegistry(maxRegistrations);
  const rows = database.prepare(
    'SELECT room, user, endpoint, p256dh, auth FROM registrations ORDER BY rowid',
  );
  const tooMany: PushRegistration[] = [];
  for (const row of rows.iterate()) {
    const { room, user, endpoint, p256dh, auth } = v.parse(registrationRow, row);
    const subscription = { endpoint, keys: { p256dh, auth } };
    tooMany.push(...(registry.add({ room, userId: user, subscription })?.displaced ?? []));
  }
  const insert = database.prepare(
    'INSERT OR REPLACE INTO registrations (room, user, endpoint, p256dh, auth) VALUES (?, ?, ?, ?, ?)',
  );
  const remove = database.prepare(
    'DELETE FROM registrations WHERE room = ? AND user = ? AND endpoint = ?',
  );
  const removeAll = (registrations: readonly PushRegistration[]) => {
    for (const { room, userId, subscription } of registrations) {
      remove.run(room, userId, subscription.endpoint);
    }
  };
  if (tooMany.length > 0) inTransaction(database, () => removeAll(tooMany));

  return {
    async add(registration) {
      const { room, userId, subscription } = registration;
      const { endpoint, keys } = subscription;
      const added = registry.add(registration);
      if (!added) return 'room full';
      const { replaced, isNew, displaced } = added;
      if (!isNew && displaced.length === 0) return 'kept';
      try {
        inTransaction(database, () => {
          removeAll(displaced);
          insert.run(room, userId, endpoint, keys.p256dh, keys.auth);
        });
        return 'kept';
      } catch (error) {
        // In memory as on the disk: nothing happened.
        registry.remove(userId, { room, endpoint });
        for (const each of displaced) registry.add(each);
        if (replaced) registry.add(replaced);
        throw error;
      }
    },
    async remove(userId, which) {
      const removed = registry.remove(userId, which);
      if (removed.length === 0) return;
      try {
        inTransaction(database, () => removeAll(removed));
      } catch (error) {
        for (const each of removed) registry.add(each);
        throw error;
      }
    },
    inRoom: async (room) => registry.inRoom(room),
    ofUser: async (userId) => registry.ofUser(userId),
    close: () => closeWhole(database),
  };
}

function prepareTables(database: Database, key: string): void {
  const { user_version } = v.parse(versionRow, database.prepare('PRAGMA user_version').get());
  if (user_version > schemaVersion) throw new Error('a later version of Heartline wrote it');
  if (user_version === 0) {
    inTransaction(database, () => {
      database.exec(`${schema} PRAGMA user_version = ${schemaVersion}`);
      database.prepare('INSERT INTO signer (key) VALUES (?)').run(key);
    });
  }
  const signer = v.parse(signerRow, database.prepare('SELECT key FROM signer').get());
  if (signer.key === key) return;
  inTransaction(database, () => {
    database.exec('DELETE FROM registrations');
    database.prepare('UPDATE signer SET key = ?').run(key);
  });
}
