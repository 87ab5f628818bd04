/**
 * What the server may be told, on the command line or by the environment: one table (`optionTable.ts`) that
 * is parsed by, and that `--help` prints. A flag wins over its variable.
 */
import { parseArgs } from 'node:util';
import { reasonOf } from '../log/reasonOf';
import { type Flags, type Option, optionTable } from './optionTable';
import type { LogLevel } from './serverLog';

export interface RedisOptions {
  url: string;
  /** How many replicas have a message before it is acknowledged. */
  replicas: number;
  /** What all keys begin with. */
  prefix: string;
  /** After how long without a word in Redis this server is taken for dead, in ms. */
  leaseMs: number;
}

export interface ServerOptions {
  port: number;
  host: string | undefined;
  dataDir: string;
  log: 'sqlite' | 'memory' | 'redis';
  /** Where what is kept is kept with other servers, if it is. */
  redis: RedisOptions | undefined;
  heartbeatIntervalMs: number;
  heartbeatTimeoutMs: number;
  tokenLifetimeMs: number;
  /** Origins other than the server's own, as `https://host`. */
  allowedOrigins: string[];
  /** Whom push services may write to: a `mailto:` or `https:` address. */
  pushContact: string;
  /** Origins of push services other than those of the browsers. */
  pushServices: string[];
  /** Addresses and networks of proxies whose X-Forwarded headers are believed. */
  trustedProxies: string[];
  /** Open connections, in all. */
  maxConnections: number;
  /** Long messages are compressed for clients that can read it. */
  isCompressing: boolean;
  logLevel: LogLevel;
  /** Where the metrics have a port of their own; else they are at /metrics, for this machine. */
  metricsPort: number | undefined;
  metricsHost: string;
  /** What ending in good order may take, in ms. */
  drainTimeoutMs: number;
  /** Rates and counts are limited; sizes always are. */
  hasLimits: boolean;
  /** The largest file that may be sent; 0 where none may. */
  filesMaxBytes: number;
  /** What all of one user's files may have together. */
  filesPerUserBytes: number;
  /** What all files may have together; undefined: what is usual where they are kept. */
  filesQuotaBytes: number | undefined;
  /** Where they are kept, if not in the data folder. */
  filesDir: string | undefined;
  /** A program in the lobby talks to who is alone. */
  hasCompanion: boolean;
}

/** What was wrong, in one line that names the flag or variable and its value. */
export class OptionError extends Error {
  override name = 'OptionError';
}

/** The same for what `parseArgs` throws, of which the first sentence says what was wrong. */
export function unreadableFlags(error: unknown): OptionError {
  const [firstSentence = ''] = reasonOf(error).split('. ');
  return new OptionError(firstSentence.split('\n').join(' '));
}

export type Parsed = { options: ServerOptions } | { show: 'help' | 'version' };

/** Throws an OptionError for what cannot be understood. */
export function parseOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Parsed {
  const given = readFlags(args);
  if (given.help) return { show: 'help' };
  if (given.version) return { show: 'version' };

  function value<Flag extends keyof Flags>(flag: Flag): Flags[Flag] {
    const option: Option<Flags[Flag]> = optionTable[flag];
    const fromFlag = given[flag];
    const text = fromFlag ?? environment[option.variable] ?? option.default;
    try {
      return option.parse(text);
    } catch (error) {
      const from = fromFlag === undefined ? option.variable : `--${flag}`;
      const what = option.isSecret ? from : `${from} "${text}"`;
      throw new OptionError(`${what}: ${reasonOf(error)}`);
    }
  }

  const url = value('redis');
  const redis = url && {
    url,
    replicas: value('redis-replicas'),
    prefix: value('redis-prefix'),
    leaseMs: value('redis-lease'),
  };
  if (redis && value('log') === 'memory') {
    throw new OptionError('what is kept in memory is not shared: REDIS_URL goes without LOG');
  }
  if (redis && value('companion')) {
    throw new OptionError('the companion talks at one server: it does not go with REDIS_URL');
  }
  return {
    options: {
      port: value('port'),
      host: value('host'),
      dataDir: value('data'),
      log: redis ? 'redis' : value('log'),
      redis: redis || undefined,
      heartbeatIntervalMs: value('heartbeat-interval'),
      heartbeatTimeoutMs: value('heartbeat-timeout'),
      tokenLifetimeMs: value('token-lifetime'),
      allowedOrigins: value('allow-origin'),
      pushContact: value('push-contact'),
      pushServices: value('push-service'),
      trustedProxies: value('trust-proxy'),
      maxConnections: value('max-connections'),
      isCompressing: value('compression'),
      logLevel: value('log-level'),
      metricsPort: value('metrics-port'),
      metricsHost: value('metrics-host'),
      drainTimeoutMs: value('drain-timeout'),
      hasLimits: value('limits'),
      filesMaxBytes: value('files-max'),
      filesPerUserBytes: value('files-per-user'),
      filesQuotaBytes: value('files-quota'),
      filesDir: value('files'),
      hasCompanion: value('companion'),
    },
  };
}

/** What `--help` prints. */
export function helpText(): string {
  const rows = Object.entries(optionTable).map(([flag, option]) => [
    `--${flag} ${option.argument}`,
    option.variable,
    `${option.help}${option.default && ` (${option.default})`}`,
  ]);
  rows.push(['--help', '', 'this'], ['--version', '', 'the version']);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
  return [
    'Usage: npm start -- [FLAGS]',
    '       npm run backup -- --help, npm run restore -- --help',
    '',
    'Flag, environment variable, meaning (default):',
    ...lines,
  ].join('\n');
}

/** Flags that mean something alone, with what they mean behind them: no value is ever guessed to be one. */
function spellOut(args: readonly string[]): string[] {
  const options: Record<string, Pick<Option<unknown>, 'alone'>> = optionTable;
  return args.map((arg, index) => {
    const alone = arg.startsWith('--') ? options[arg.slice(2)]?.alone : undefined;
    const isAlone = args[index + 1]?.startsWith('-') ?? true;
    return alone !== undefined && isAlone ? `${arg}=${alone}` : arg;
  });
}

function readFlags(args: readonly string[]): Partial<Record<string, string>> {
  const flag = { type: 'string', multiple: true } as const;
  try {
    const { values } = parseArgs({
      args: spellOut(args),
      options: {
        ...Object.fromEntries(Object.keys(optionTable).map((name) => [name, flag])),
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
      },
    });
    const options: Record<string, Pick<Option<unknown>, 'isList'>> = optionTable;
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => {
        const all = [value].flat().map(String);
        return [name, options[name]?.isList ? all.join(',') : all.at(-1)];
      }),
    );
  } catch (error) {
    throw unreadableFlags(error);
  }
}
