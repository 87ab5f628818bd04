/** The commands `backup` and `restore`, as they are typed. */
import { parseArgs } from 'node:util';
import { backUp, restore } from './backup';
import { OptionError, unreadableFlags } from './options';

const commands = {
  backup: {
    usage: 'npm run backup -- --data DIR [--files DIR] --to NEW_FOLDER',
    help: 'Copies the data folder into a new folder, also while a server runs on it.',
    other: 'to',
    run: backUp,
    done: (dataDir: string, to: string) => `${dataDir} is backed up in ${to}`,
  },
  restore: {
    usage: 'npm run restore -- --data DIR [--files DIR] --from BACKUP',
    help: 'Makes a data folder, which must be new or empty, out of a backup.',
    other: 'from',
    run: restore,
    done: (dataDir: string, from: string) => `${dataDir} is restored from ${from}`,
  },
} as const;

export type BackupCommand = keyof typeof commands;

export const isBackupCommand = (word: string | undefined): word is BackupCommand =>
  word !== undefined && Object.hasOwn(commands, word);

/**
 * Does it and returns what to say. Without `--data` the folder is that of DATA_DIR, or `./data`, and without
 * `--files` that of FILES_DIR, or in the data folder, as it is for the server. Rejects with an OptionError or a BackupError.
 */
export async function runBackupCommand(
  name: BackupCommand,
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const { usage, help, other, run, done } = commands[name];
  const { help: isHelp, data, files, folder } = readFlags(args, other);
  if (isHelp) {
    const without = [
      'Without --data: the folder in DATA_DIR, or ./data.',
      'Without --files: the folder in FILES_DIR, or the one in the data folder.',
    ];
    return [`Usage: ${usage}`, '', help, ...without].join('\n');
  }
  const dataDir = data ?? (environment.DATA_DIR || './data');
  if (dataDir === '') throw new OptionError('--data "": must not be empty');
  if (!folder) throw new OptionError(`--${other} must name a folder: ${usage}`);
  await run(dataDir, folder, files ?? (environment.FILES_DIR || undefined));
  return done(dataDir, folder);
}

function readFlags(args: readonly string[], other: 'to' | 'from') {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        data: { type: 'string' },
        files: { type: 'string' },
        [other]: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined);
    return {
      data: textOf(values.data),
      files: textOf(values.files),
      help: values.help === true,
      folder: textOf(Object.entries(values).find(([flag]) => flag === other)?.[1]),
    };
  } catch (error) {
    throw unreadableFlags(error);
  }
}
