/** The command: reads its flags, starts the server, and ends it when asked to; or backs up, or restores. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BackupError } from './backup';
import { isBackupCommand, runBackupCommand } from './backupCommands';
import { helpText, OptionError, parseOptions } from './options';
import { StartError, startServer } from './startServer';

declare const __HEARTLINE_VERSION__: string;

async function main(): Promise<void> {
  const [word, ...rest] = process.argv.slice(2);
  if (isBackupCommand(word)) return console.info(await runBackupCommand(word, rest, process.env));
  const parsed = parseOptions(process.argv.slice(2), process.env);
  if ('show' in parsed) {
    return console.info(parsed.show === 'help' ? helpText() : __HEARTLINE_VERSION__);
  }
  const { options } = parsed;
  const server = await startServer(options, await findPage());
  let isStopping = false;
  const stop = () => {
    if (isStopping) process.exit(1);
    isStopping = true;
    setTimeout(() => process.exit(1), options.drainTimeoutMs).unref();
    server.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);

  // Said last: whoever waits for this line may ask the server to end at once.
  const { host = 'localhost' } = options;
  const where = `http://${host.includes(':') ? `[${host}]` : host}:${server.port}`;
  const kept = options.log === 'memory' ? 'nothing is kept' : `data in ${options.dataDir}`;
  console.info(`Heartline is at ${where} (${kept})`);
}

/** The folder of the built page, beside the one that this was built into. */
async function findPage(): Promise<string> {
  const pageDir = fileURLToPath(new URL('../dist/', import.meta.url));
  await access(join(pageDir, 'index.html')).catch(() => {
    throw new StartError(`the page is not built (${pageDir} has no index.html): npm run build`);
  });
  return pageDir;
}

main().catch((error: unknown) => {
  const isForPeople =
    error instanceof OptionError || error instanceof StartError || error instanceof BackupError;
  if (isForPeople) {
    console.error(`heartline: ${error.message}`);
    process.exit(error instanceof OptionError ? 2 : 1);
  }
  throw error;
});
