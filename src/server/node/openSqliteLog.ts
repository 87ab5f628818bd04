/** The message log of a running server: in SQLite, in a thread of its own, and back by itself. */
import { systemTime } from '../../connection/ports';
import { openHealingLog } from '../log/healingLog';
import type { MessageLog } from '../log/log';
import { createSqliteLog } from '../log/sqliteLog';
import type { ServerLog } from './serverLog';
import { startSqliteThread } from './sqliteThread';

export interface SqliteLogOptions {
  /** Is told of later troubles, each once. */
  serverLog: ServerLog;
  /** Whether messages can be stored, each time that it changes. */
  onChange(isThere: boolean): void;
}

/** Opens the log at `path`, making it if there is none. Rejects with the reason if it cannot be opened. */
export function openSqliteLog(
  path: string,
  { serverLog, onChange }: SqliteLogOptions,
): Promise<MessageLog> {
  /** Why messages cannot be stored, as was last told. */
  let told: string | undefined;
  function tell(reason: string | undefined) {
    if (reason === told) return;
    told = reason;
    if (reason === undefined) serverLog.warn('the message log takes messages again');
    else serverLog.error({ reason }, 'the message log is away');
    onChange(reason === undefined);
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
