/** Files whose code is fetched for the first one, or for a sweep once the page has long been there. */
import type { Files } from '../chat/files/files';
import { LogUnavailableError, type MessageLog } from '../log/log';
import type { BrowserFiles, BrowserFilesOptions } from './browserFiles';

/** After how long what earlier pages have left is swept, in ms. */
const sweepAfterMs = 60_000;

export interface LaterFiles extends Files {
  close(): Promise<void>;
}

export function createLaterFiles(
  options: BrowserFilesOptions,
  load: () => Promise<BrowserFiles> = async () =>
    (await import('./browserFiles')).openBrowserFiles(options),
): LaterFiles {
  let loading: Promise<BrowserFiles> | undefined;

  async function loaded(): Promise<BrowserFiles> {
    try {
      loading ??= load();
      return await loading;
    } catch (error) {
      loading = undefined;
      throw new LogUnavailableError(`files cannot be loaded: ${error}`);
    }
  }

  /** Until a message has to do with a file the log is as it is; while that is fetched all wait, in order. */
  function hold(log: MessageLog, onError: (error: unknown) => void): MessageLog {
    let holding: MessageLog | undefined;
    let waiting: Promise<MessageLog> | undefined;
    const begin = async () => {
      try {
        holding = (await loaded()).hold(log, onError);
        return holding;
      } finally {
        waiting = undefined;
      }
    };
    return {
      ...log,
      append(draft) {
        if (holding) return holding.append(draft);
        if (draft.file || draft.about?.kind === 'delete') waiting ??= begin();
        return waiting ? waiting.then((held) => held.append(draft)) : log.append(draft);
      },
    };
  }

  const cancel = options.time.after(sweepAfterMs, () => void loaded().catch(() => {}));
  return {
    fileBytes: options.fileBytes,
    blobs: async () => (await loaded()).blobs,
    linkOf: async (file) => (await loaded()).linkOf(file),
    hold,
    async close() {
      cancel();
      await (await loading)?.close();
    },
  };
}
