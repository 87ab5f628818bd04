import { describe, expect, it } from 'vitest';
import { helpText, OptionError, parseOptions } from './options';

function optionsOf(args: string[], environment: Record<string, string> = {}) {
  const parsed = parseOptions(args, environment);
  return 'options' in parsed ? parsed.options : expect.fail(`it shows the ${parsed.show}`);
}

function errorOf(args: string[], environment: Record<string, string> = {}): string {
  try {
    parseOptions(args, environment);
  } catch (error) {
    if (error instanceof OptionError) return error.message;
    throw error;
  }
  return expect.fail('nothing was refused');
}

describe('the options', () => {
  it('have defaults that need no flag', () => {
    expect(optionsOf([])).toEqual({
      port: 6969,
      host: undefined,
      dataDir: './data',
      log: 'sqlite',
      redis: undefined,
      heartbeatIntervalMs: 25_000,
      heartbeatTimeoutMs: 10_000,
      tokenLifetimeMs: 365 * 86_400_000,
      allowedOrigins: [],
      pushContact: 'mailto:postmaster@example.com',
      pushServices: [],
      trustedProxies: [],
      maxConnections: 20_000,
      isCompressing: false,
      logLevel: 'warn',
      metricsPort: undefined,
      metricsHost: '127.0.0.1',
      drainTimeoutMs: 10_000,
      hasLimits: true,
      filesMaxBytes: 25_000_000,
      filesPerUserBytes: 1_000_000_000,
      filesQuotaBytes: undefined,
      filesDir: undefined,
      hasCompanion: false,
    });
  });

  it('say how large files may be, each unit 1,000 of the one before, or 1,024', () => {
    const flags = ['--files-max', '500kB', '--files-per-user', '2MiB', '--files', '/srv/files'];
    expect(optionsOf(flags, { FILES_QUOTA: '3GB' })).toMatchObject({
      filesMaxBytes: 500_000,
      filesPerUserBytes: 2 * 1024 ** 2,
      filesQuotaBytes: 3_000_000_000,
      filesDir: '/srv/files',
    });
    expect(optionsOf(['--files-max', '0']).filesMaxBytes).toBe(0);
    for (const wrong of ['25 MB', '-1', 'MB', '1.5GB', '99999999999GB', '']) {
      expect(errorOf([`--files-max=${wrong}`])).toContain('must be a size such as 500kB');
    }
  });

  it('keep what is to be kept in Redis where they name one', () => {
    const url = 'rediss://heart:s3cret@redis.example:6380/2';
    const flags = ['--redis-replicas', '1', '--redis-prefix', 'team:', '--redis-lease', '5s'];
    const asFlags = ['--redis', url, ...flags];
    const expected = { log: 'redis', redis: { url, replicas: 1, prefix: 'team:', leaseMs: 5_000 } };
    expect(optionsOf(asFlags)).toMatchObject(expected);
    const variables = { REDIS_REPLICAS: '1', REDIS_PREFIX: 'team:', REDIS_LEASE: '5s' };
    expect(optionsOf([], { REDIS_URL: url, ...variables })).toMatchObject(expected);
    const usual = { url, replicas: 0, prefix: 'hl:', leaseMs: 30_000 };
    expect(optionsOf([], { REDIS_URL: url }).redis).toEqual(usual);
    expect(optionsOf([], { REDIS_URL: '' }).redis).toBeUndefined();
  });

  it.each([
    [{ REDIS_URL: 'redis.example:6379' }, 'REDIS_URL: must be redis://host:port'],
    [{ REDIS_URL: 'http://:s3cret@redis.example' }, 'REDIS_URL: must be redis://host:port'],
    [{ REDIS_URL: 'redis://:s3cret@redis.example/chat' }, 'REDIS_URL: must be redis://host:port'],
    [{ REDIS_REPLICAS: '-1' }, 'REDIS_REPLICAS "-1": must be a number from 0 to 99'],
    [{ REDIS_PREFIX: 'a{b}' }, 'REDIS_PREFIX "a{b}": must be at most 64 characters'],
    [{ REDIS_LEASE: '1s' }, 'REDIS_LEASE "1s": must be at least 2s'],
    [{ LOG: 'memory' }, 'REDIS_URL goes without LOG'],
    [{ COMPANION: 'on' }, 'it does not go with REDIS_URL'],
  ])('say what is wrong about Redis, and tell no password: %j', (environment, why) => {
    const message = errorOf([], { REDIS_URL: 'redis://127.0.0.1', ...environment });
    expect(message).toContain(why);
    expect(message).not.toContain('s3cret');
  });

  it.each([
    ['--port', '0', 'PORT', 'port', 0],
    ['--host', '127.0.0.1', 'HOST', 'host', '127.0.0.1'],
    ['--data', '/var/chat', 'DATA_DIR', 'dataDir', '/var/chat'],
    ['--log', 'memory', 'LOG', 'log', 'memory'],
    ['--heartbeat-interval', '4m30s', 'HEARTBEAT_INTERVAL', 'heartbeatIntervalMs', 270_000],
    ['--heartbeat-timeout', '250ms', 'HEARTBEAT_TIMEOUT', 'heartbeatTimeoutMs', 250],
    ['--token-lifetime', '30d12h', 'TOKEN_LIFETIME', 'tokenLifetimeMs', 2_635_200_000],
    ['--log-level', 'debug', 'LOG_LEVEL', 'logLevel', 'debug'],
    ['--metrics-port', '9100', 'METRICS_PORT', 'metricsPort', 9_100],
    ['--metrics-host', '::', 'METRICS_HOST', 'metricsHost', '::'],
    ['--drain-timeout', '1m', 'DRAIN_TIMEOUT', 'drainTimeoutMs', 60_000],
    ['--max-connections', '5', 'MAX_CONNECTIONS', 'maxConnections', 5],
    ['--compression', 'on', 'COMPRESSION', 'isCompressing', true],
    ['--limits', 'off', 'LIMITS', 'hasLimits', false],
    ['--companion', 'on', 'COMPANION', 'hasCompanion', true],
    ['--trust-proxy', '10.0.0.0/8', 'TRUST_PROXY', 'trustedProxies', ['10.0.0.0/8']],
    [
      '--allow-origin',
      'https://a.example',
      'ALLOW_ORIGIN',
      'allowedOrigins',
      ['https://a.example'],
    ],
    ['--push-contact', 'mailto:a@b.example', 'PUSH_CONTACT', 'pushContact', 'mailto:a@b.example'],
    [
      '--push-service',
      'http://127.0.0.1:8080/wp/',
      'PUSH_SERVICE',
      'pushServices',
      ['http://127.0.0.1:8080'],
    ],
  ])('are set by %s %s as by %s', (flag, text, variable, name, value) => {
    expect(optionsOf([flag, text])).toMatchObject({ [name]: value });
    expect(optionsOf([`${flag}=${text}`])).toMatchObject({ [name]: value });
    expect(optionsOf([], { [variable]: text })).toMatchObject({ [name]: value });
  });

  it('take the flag over the variable', () => {
    expect(optionsOf(['--port', '1'], { PORT: '2' }).port).toBe(1);
  });

  it('take several origins, and only the origin of each address', () => {
    const two = ['https://a.example', 'http://b.example:8080'];
    const flags = ['--allow-origin', 'https://a.example/chat/', '--allow-origin', two[1] ?? ''];
    expect(optionsOf(flags).allowedOrigins).toEqual(two);
    expect(optionsOf([], { ALLOW_ORIGIN: two.join(', ') }).allowedOrigins).toEqual(two);
  });

  it('given twice, count as given last', () => {
    expect(optionsOf(['--port', '7000', '--port', '7001'])).toMatchObject({ port: 7001 });
  });

  it.each([
    ['last', ['--companion']],
    ['before another flag', ['--companion', '--port', '7000']],
  ])('take --companion alone for on: %s', (_, args) => {
    expect(optionsOf(args)).toMatchObject({ hasCompanion: true });
    expect(optionsOf(['--companion', 'off'])).toMatchObject({ hasCompanion: false });
  });

  it.each([
    ['--port', 'abc'],
    ['--port', '65536'],
    ['--port', '1.5'],
    ['--data', ''],
    ['--log', 'oracle'],
    ['--heartbeat-interval', 'soon'],
    ['--heartbeat-interval', '25'],
    ['--heartbeat-interval', '0s'],
    ['--heartbeat-interval', '4m31s'],
    ['--heartbeat-timeout', '-1s'],
    ['--log-level', 'loud'],
    ['--metrics-port', '99999'],
    ['--drain-timeout', '11m'],
    ['--max-connections', '0'],
    ['--compression', 'maybe'],
    ['--limits', 'none'],
    ['--companion', 'maybe'],
    ['--allow-origin', 'chat.example'],
    ['--allow-origin', 'ftp://chat.example'],
    ['--push-contact', 'http://chat.example'],
    ['--push-contact', 'mailto:nobody'],
    ['--push-service', 'push.example'],
    ['--trust-proxy', 'nginx'],
    ['--trust-proxy', '10.0.0.0/33'],
    ['--trust-proxy', '0.0.0.0/0'],
  ])('refuse %s %s in one line that names both', (flag, text) => {
    const message = errorOf([`${flag}=${text}`]);
    expect(message).toContain(flag);
    expect(message).toContain(`"${text}"`);
    expect(message).not.toContain('\n');
  });

  it('name the variable, if that is what is wrong', () => {
    expect(errorOf([], { PORT: 'abc' })).toMatch(/PORT.*"abc"/);
  });

  it.each([
    ['an unknown flag', ['--colour', 'red'], '--colour'],
    ['a flag without its value', ['--port'], '--port'],
    ['a value without a flag', ['6969'], '6969'],
  ])('refuse %s in one line that names it', (_, args, named) => {
    expect(errorOf(args)).toContain(named);
    expect(errorOf(args)).not.toContain('\n');
  });

  it('are all in the help, with their variables and defaults', () => {
    expect(parseOptions(['--help', '--port', 'abc'], {})).toEqual({ show: 'help' });
    for (const text of ['--port', 'PORT', '6969', '--data', 'DATA_DIR', '--version', '4m30s']) {
      expect(helpText()).toContain(text);
    }
  });
});
