/** The message log of a running server: in SQLite, in a thread of its own, and back by itself. */
import { systemTime } from '../../connection/ports';
import { openHealingLog } from '../log/healingLog';
import type { MessageLog } from '../log/log';
import { createSqliteLog } from '../log/sqliteLog';
import type { LogSyncs } from './logSyncs';
import { type LogWatch, tellWhetherThere } from './logWatch';
import { startSqliteThread } from './sqliteThread';

/**
 * Opens the log at `path`, making it if there is none. Rejects with the reason if it cannot be opened. `syncs` hears
 * when it has the disk.
 */
export function openSqliteLog(
  path: string,
  watch: LogWatch,
  syncs?: Pick<LogSyncs, 'begun'>,
): Promise<MessageLog> {
  const tell = tellWhetherThere(watch);
  return openHealingLog({
    async open(mayMake, lost) {
      const thread = await startSqliteThread(path, mayMake);
      thread.onDeath(lost);
      return createSqliteLog(thread, {
        soon: setImmediate,
        onStored: tell,
        ...(syncs && { onAppending: syncs.begun }),
      });
    },
    after: systemTime.after,
    onLost: tell,
    onBack: () => tell(undefined),
  });
}
