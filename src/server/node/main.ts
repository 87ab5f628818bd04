/** The command: reads its flags, starts the server, and ends it when asked to; or backs up, or restores. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BackupError } from './backup';
import { isBackupCommand, runBackupCommand } from './backupCommands';
import { openLogOutput } from './logOutput';
import { helpText, OptionError, parseOptions, type ServerOptions } from './options';
import { createServerLog } from './serverLog';
import { StartError, startServer } from './startServer';

declare const __HEARTLINE_VERSION__: string;

async function main(): Promise<void> {
  // What people wrote is for who runs the server alone, whoever made the folder.
  process.umask(0o077);
  const [word, ...rest] = process.argv.slice(2);
  if (isBackupCommand(word)) return console.info(await runBackupCommand(word, rest, process.env));
  const parsed = parseOptions(process.argv.slice(2), process.env);
  if ('show' in parsed) {
    return console.info(parsed.show === 'help' ? helpText() : __HEARTLINE_VERSION__);
  }
  const { options } = parsed;
  const output = openLogOutput();
  const serverLog = createServerLog(options.logLevel, output.target);
  process.on('uncaughtExceptionMonitor', (err) => serverLog.fatal({ err }, 'crashed'));
  const server = await startServer(options, await findPage(), serverLog);
  let isStopping = false;
  const end = (code: number) => void output.written().then(() => process.exit(code));
  const stop = () => {
    if (isStopping) process.exit(1);
    isStopping = true;
    const tooLate = () => {
      serverLog.error('the drain took too long');
      end(1);
    };
    setTimeout(tooLate, options.drainTimeoutMs).unref();
    server.stop().then(
      () => end(0),
      (err) => {
        serverLog.error({ err }, 'the drain failed');
        end(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // The terminal that it was started in is closed.
  process.on('SIGHUP', stop);

  // Said last: whoever waits for this line may ask the server to end at once.
  const { host = 'localhost' } = options;
  const where = `http://${host.includes(':') ? `[${host}]` : host}:${server.port}`;
  const kept = whereKept(options);
  console.info(`Heartline is at ${where} (${kept})`);
}

function whereKept({ log, redis, dataDir }: ServerOptions): string {
  if (log === 'memory') return 'nothing is kept';
  return redis ? `data in Redis at ${new URL(redis.url).host}` : `data in ${dataDir}`;
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
