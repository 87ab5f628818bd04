/** The message log of a running server: in SQLite, in a thread of its own, and back by itself. */
import { systemTime } from '../../connection/ports';
import { openHealingLog } from '../log/healingLog';
import type { MessageLog } from '../log/log';
import { createSqliteLog } from '../log/sqliteLog';
import { startSqliteThread } from './sqliteThread';

/**
 * Opens the log at `path`, making it if there is none. Rejects with the reason if it cannot be opened.
 * `tell` hears of later troubles, each once: why messages cannot be stored, or undefined now that they can.
 */
export function openSqliteLog(
  path: string,
  tell: (reason: string | undefined) => void,
): Promise<MessageLog> {
  /** Why messages cannot be stored, as was last told. */
  let told: string | undefined;
  function tellOnce(reason: string | undefined) {
    if (reason === told) return;
    told = reason;
    tell(reason);
  }

  return openHealingLog({
    async open(mayMake, lost) {
      const thread = await startSqliteThread(path, mayMake);
      thread.onDeath(lost);
      return createSqliteLog(thread, { soon: setImmediate, onStored: tellOnce });
    },
    after: systemTime.after,
    onLost: tellOnce,
    onBack: () => tellOnce(undefined),
  });
}
