/** The search of a running server: an index beside the message log, in a thread of its own. */
import { join } from 'node:path';
import { systemTime } from '../../connection/ports';
import type { SearchIndex } from '../log/searchIndex';
import { createThreadSearch } from '../log/threadSearch';
import type { ServerLog } from './serverLog';
import { startThread } from './startThread';

/** The index's file in a data folder. It can be made again out of the log, and is in no backup. */
export const searchFile = 'search.sqlite';

/** Troubles are told to `serverLog`, each once; the chat goes on without a search. */
export function openSearch(dataDir: string, logFile: string, serverLog: ServerLog): SearchIndex {
  const paths = { logPath: join(dataDir, logFile), indexPath: join(dataDir, searchFile) };
  const search = createThreadSearch({
    start: () => startThread(new URL('./searchWorker.js', import.meta.url), paths),
    after: systemTime.after,
    onTrouble(reason) {
      if (reason === undefined) serverLog.warn('there is a search again');
      else serverLog.error({ reason }, 'there is no search');
    },
  });
  // One that is missing is made now, not when somebody first waits for it.
  search.logGrew();
  return search;
}
