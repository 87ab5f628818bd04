/** Every flag of the server, with its variable, its default, and how its value is read. */
import { limits } from '../../protocol/limits';
import {
  nonEmpty,
  parseBytes,
  parseContact,
  parseCount,
  parseEngine,
  parseLeaseMs,
  parseLogLevel,
  parseOnOff,
  parseOrigins,
  parsePort,
  parseProxies,
  parseRedisPrefix,
  parseRedisUrl,
  parseReplicas,
  parseTimeMs,
} from './optionValues';
import { type LogLevel, logLevels } from './serverLog';

export interface Option<Value> {
  variable: string;
  /** What stands behind the flag in the help. */
  argument: string;
  help: string;
  default: string;
  /** Given several times, all count; else the last one does. */
  isList?: boolean;
  /** It may hold a password: no message repeats it. */
  isSecret?: boolean;
  /** What the flag alone stands for. */
  alone?: string;
  /** Throws an Error that says what would be right. */
  parse(text: string): Value;
}

export interface Flags {
  port: number;
  host: string | undefined;
  data: string;
  log: 'sqlite' | 'memory';
  redis: string | undefined;
  'redis-replicas': number;
  'redis-prefix': string;
  'redis-lease': number;
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
  'files-max': number;
  'files-per-user': number;
  'files-quota': number | undefined;
  files: string | undefined;
  limits: boolean;
  companion: boolean;
}

/** Ten years. */
const maxTokenLifetimeMs = 3_650 * 86_400_000;

/** Ten minutes. */
const maxDrainTimeoutMs = 600_000;

const maxIntervalMs = limits.heartbeatIntervalMs;

/** In the order in which `--help` tells them. */
export const optionTable: { [Flag in keyof Flags]: Option<Flags[Flag]> } = {
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
  redis: {
    variable: 'REDIS_URL',
    argument: 'URL',
    help: 'redis://host:port that several servers share, instead of a data folder',
    default: '',
    isSecret: true,
    parse: (text) => (text === '' ? undefined : parseRedisUrl(text)),
  },
  'redis-replicas': {
    variable: 'REDIS_REPLICAS',
    argument: 'NUMBER',
    help: 'replicas of Redis that have a message before it is acknowledged',
    default: '0',
    parse: parseReplicas,
  },
  'redis-prefix': {
    variable: 'REDIS_PREFIX',
    argument: 'TEXT',
    help: 'what all keys of this chat begin with: several chats can share a Redis',
    default: 'hl:',
    parse: parseRedisPrefix,
  },
  'redis-lease': {
    variable: 'REDIS_LEASE',
    argument: 'TIME',
    help: 'silence after which the others take this server for dead, and its people for gone',
    default: '30s',
    parse: parseLeaseMs,
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
  'files-max': {
    variable: 'FILES_MAX',
    argument: 'SIZE',
    help: 'the largest file that may be sent, as 25MB (of 1,000,000 bytes) or 24MiB; 0 lets nobody send any',
    default: '25MB',
    parse: parseBytes,
  },
  'files-per-user': {
    variable: 'FILES_PER_USER',
    argument: 'SIZE',
    help: "what all of one user's files may have together",
    default: '1GB',
    parse: parseBytes,
  },
  'files-quota': {
    variable: 'FILES_QUOTA',
    argument: 'SIZE',
    help: 'what all files may have together; without one 10GB, and 256MB in memory',
    default: '',
    parse: (text) => (text === '' ? undefined : parseBytes(text)),
  },
  files: {
    variable: 'FILES_DIR',
    argument: 'DIR',
    help: 'folder of the files, if not in the data folder; with Redis one that all servers share',
    default: '',
    parse: (text) => text || undefined,
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
