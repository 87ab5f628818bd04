/**
 * What the server may be told, on the command line or by the environment: one table that is parsed
 * by, and that `--help` prints. A flag wins over its variable.
 */
import { parseArgs } from 'node:util';
import { limits } from '../../protocol/limits';
import {
  nonEmpty,
  parseContact,
  parseCount,
  parseEngine,
  parseLogLevel,
  parseOnOff,
  parseOrigins,
  parsePort,
  parseProxies,
  parseTimeMs,
} from './optionValues';
import { type LogLevel, logLevels } from './serverLog';

export interface ServerOptions {
  port: number;
  host: string | undefined;
  dataDir: string;
  log: 'sqlite' | 'memory';
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
  /** A program in the lobby talks to who is alone. */
  hasCompanion: boolean;
}

/** What was wrong, in one line that names the flag or variable and its value. */
export class OptionError extends Error {
  override name = 'OptionError';
}

interface Option<Value> {
  variable: string;
  /** What stands behind the flag in the help. */
  argument: string;
  help: string;
  default: string;
  /** Given several times, all count; else the last one does. */
  isList?: boolean;
  /** What the flag alone stands for. */
  alone?: string;
  /** Throws an Error that says what would be right. */
  parse(text: string): Value;
}

/** Ten years. */
const maxTokenLifetimeMs = 3_650 * 86_400_000;

/** Ten minutes. */
const maxDrainTimeoutMs = 600_000;

const maxIntervalMs = limits.heartbeatIntervalMs;

const table: { [Flag in keyof Flags]: Option<Flags[Flag]> } = {
  port: {
    variable: 'PORT',
    argument: 'NUMBER',
    help: 'TCP port; 0 takes a free one',
    default: '6969',
    parse: parsePort,
  },
  host: {
    variable: 'HOST',
    argument: 'ADDRESS',
    help: 'address to listen on; without one, every address of this machine',
    default: '',
    parse: (text) => text || undefined,
  },
  data: {
    variable: 'DATA_DIR',
    argument: 'DIR',
    help: 'folder of the message log and the signing key; made if it is missing',
    default: './data',
    parse: nonEmpty,
  },
  log: {
    variable: 'LOG',
    argument: 'ENGINE',
    help: 'sqlite, or memory to forget everything at the end',
    default: 'sqlite',
    parse: parseEngine,
  },
  'heartbeat-interval': {
    variable: 'HEARTBEAT_INTERVAL',
    argument: 'TIME',
    help: 'silence after which each side pings; at most 4m30s',
    default: '25s',
    parse: (text) => parseTimeMs(text, maxIntervalMs),
  },
  'heartbeat-timeout': {
    variable: 'HEARTBEAT_TIMEOUT',
    argument: 'TIME',
    help: 'time that an answer to a ping may take',
    default: '10s',
    parse: (text) => parseTimeMs(text, maxIntervalMs),
  },
  'token-lifetime': {
    variable: 'TOKEN_LIFETIME',
    argument: 'TIME',
    help: 'how long a guest who is away can come back as the same',
    default: '365d',
    parse: (text) => parseTimeMs(text, maxTokenLifetimeMs),
  },
  'allow-origin': {
    variable: 'ALLOW_ORIGIN',
    argument: 'URL',
    help: 'a page elsewhere that may connect; several separated by commas, or the flag again',
    default: '',
    isList: true,
    parse: parseOrigins,
  },
  'push-contact': {
    variable: 'PUSH_CONTACT',
    argument: 'URL',
    help: 'where push services may write to you, mailto: or https:',
    default: 'mailto:postmaster@example.com',
    parse: parseContact,
  },
  'push-service': {
    variable: 'PUSH_SERVICE',
    argument: 'URL',
    help: 'a push service of your own, beside those of the browsers; several as above',
    default: '',
    isList: true,
    parse: parseOrigins,
  },
  'trust-proxy': {
    variable: 'TRUST_PROXY',
    argument: 'ADDRESS',
    help: 'a proxy, or a network of them as 10.0.0.0/8, whose X-Forwarded headers are believed',
    default: '',
    isList: true,
    parse: parseProxies,
  },
  'max-connections': {
    variable: 'MAX_CONNECTIONS',
    argument: 'NUMBER',
    help: 'open connections at which newcomers are refused',
    default: '20000',
    parse: parseCount,
  },
  compression: {
    variable: 'COMPRESSION',
    argument: 'on|off',
    help: 'on compresses long messages: saves bytes, costs memory and time',
    default: 'off',
    parse: parseOnOff,
  },
  'log-level': {
    variable: 'LOG_LEVEL',
    argument: 'LEVEL',
    help: `how much is told on standard error, as JSON: ${logLevels.join(', ')}`,
    default: 'warn',
    parse: parseLogLevel,
  },
  'metrics-port': {
    variable: 'METRICS_PORT',
    argument: 'NUMBER',
    help: 'port of /metrics; without one it is on the main port, for this machine alone',
    default: '',
    parse: (text) => (text === '' ? undefined : parsePort(text)),
  },
  'metrics-host': {
    variable: 'METRICS_HOST',
    argument: 'ADDRESS',
    help: 'address that the port of /metrics listens on',
    default: '127.0.0.1',
    parse: nonEmpty,
  },
  'drain-timeout': {
    variable: 'DRAIN_TIMEOUT',
    argument: 'TIME',
    help: 'what ending in good order may take before it is done the hard way',
    default: '10s',
    parse: (text) => parseTimeMs(text, maxDrainTimeoutMs),
  },
  limits: {
    variable: 'LIMITS',
    argument: 'on|off',
    help: 'off lets everybody send and connect as fast as they like: for measuring',
    default: 'on',
    parse: parseOnOff,
  },
  companion: {
    variable: 'COMPANION',
    argument: '[on|off]',
    help: 'on puts a program into the lobby that talks to who is alone',
    default: 'off',
    alone: 'on',
    parse: parseOnOff,
  },
};

interface Flags {
  port: number;
  host: string | undefined;
  data: string;
  log: 'sqlite' | 'memory';
  'heartbeat-interval': number;
  'heartbeat-timeout': number;
  'token-lifetime': number;
  'allow-origin': string[];
  'push-contact': string;
  'push-service': string[];
  'log-level': LogLevel;
  'metrics-port': number | undefined;
  'metrics-host': string;
  'drain-timeout': number;
  'trust-proxy': string[];
  'max-connections': number;
  compression: boolean;
  limits: boolean;
  companion: boolean;
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
    const option: Option<Flags[Flag]> = table[flag];
    const fromFlag = given[flag];
    const text = fromFlag ?? environment[option.variable] ?? option.default;
    try {
      return option.parse(text);
    } catch (error) {
      const from = fromFlag === undefined ? option.variable : `--${flag}`;
      throw new OptionError(`${from} "${text}": ${error instanceof Error ? error.message : error}`);
    }
  }

  return {
    options: {
      port: value('port'),
      host: value('host'),
      dataDir: value('data'),
      log: value('log'),
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
      hasCompanion: value('companion'),
    },
  };
}

/** What `--help` prints. */
export function helpText(): string {
  const rows = Object.entries(table).map(([flag, option]) => [
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
  const options: Record<string, Pick<Option<unknown>, 'alone'>> = table;
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
        ...Object.fromEntries(Object.keys(table).map((name) => [name, flag])),
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
      },
    });
    const options: Record<string, Pick<Option<unknown>, 'isList'>> = table;
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => {
        const all = [value].flat().map(String);
        return [name, options[name]?.isList ? all.join(',') : all.at(-1)];
      }),
    );
  } catch (error) {
    const [firstSentence = ''] = String(error instanceof Error ? error.message : error).split('. ');
    throw new OptionError(firstSentence.split('\n').join(' '));
  }
}
