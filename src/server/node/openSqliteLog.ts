/** The message log of a running server: in SQLite, in a thread of its own, and back by itself. */
import { systemTime } from '../../connection/ports';
import { openHealingLog } from '../log/healingLog';
import type { MessageLog } from '../log/log';
import { createSqliteLog } from '../log/sqliteLog';
import { startSqliteThread } from './sqliteThread';

/**
 * Opens the log at `path`, making it if there is none. Rejects with the reason if it cannot be opened.
 * Later troubles are told on standard error, each once.
 */
export function openSqliteLog(path: string): Promise<MessageLog> {
  /** Why messages cannot be stored, as was last told. */
  let told: string | undefined;
  function tell(reason: string | undefined) {
    if (reason === told) return;
    told = reason;
    if (reason === undefined) console.error('heartline: the message log takes messages again');
    else console.error(`heartline: the message log is away: ${reason}`);
  }

  return openHealingLog({
    async open(mayMake, lost) {
      const thread = await startSqliteThread(path, mayMake);
      thread.onDeath(lost);
      return createSqliteLog(thread, { soon: setImmediate, onStored: tell });
    },
    after: systemTime.after,
    onLost: tell,
    onBack: () => tell(undefined),
  });
}
