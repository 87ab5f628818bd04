/**
 * The clients that are compared, by name, each with the settings of its page and of its server. `:doc`
 * is what the library's own documentation shows or what it does unless told otherwise, `:tuned` the
 * same with a heartbeat of 2 s and 3 s, `:fast` with the 5 s and 2 s of the benchmark `notice`.
 */
export type ClientConfig =
  | { library: 'heartline'; serverFlags: readonly string[] }
  | {
      library: 'react-use-websocket';
      heartbeatMs: { interval: number; timeout: number };
      /** `readme`: min(2^n s, 10 s) for ever; `readme limited`: ten times; `default`: 20 times 5 s. */
      retries: 'readme' | 'readme limited' | 'default';
    }
  | { library: 'partysocket' }
  | { library: 'socket.io'; pingMs: { interval: number; timeout: number } }
  | { library: 'centrifuge'; pingSeconds: number; slackMs: number };

export const configs = {
  heartline: { library: 'heartline', serverFlags: [] },
  'heartline:fast': {
    library: 'heartline',
    serverFlags: ['--heartbeat-interval', '5s', '--heartbeat-timeout', '2s'],
  },
  'react-use-websocket:doc': {
    library: 'react-use-websocket',
    heartbeatMs: { interval: 25_000, timeout: 60_000 },
    retries: 'readme',
  },
  'react-use-websocket:tuned': {
    library: 'react-use-websocket',
    heartbeatMs: { interval: 2_000, timeout: 5_000 },
    retries: 'readme',
  },
  // Its timeout counts from the last message, so that it holds the interval as well.
  'react-use-websocket:fast': {
    library: 'react-use-websocket',
    heartbeatMs: { interval: 5_000, timeout: 7_000 },
    retries: 'readme',
  },
  'react-use-websocket:readme': {
    library: 'react-use-websocket',
    heartbeatMs: { interval: 25_000, timeout: 60_000 },
    retries: 'readme limited',
  },
  'react-use-websocket:default': {
    library: 'react-use-websocket',
    heartbeatMs: { interval: 25_000, timeout: 60_000 },
    retries: 'default',
  },
  'partysocket:doc': { library: 'partysocket' },
  'socket.io:doc': { library: 'socket.io', pingMs: { interval: 25_000, timeout: 20_000 } },
  'socket.io:tuned': { library: 'socket.io', pingMs: { interval: 2_000, timeout: 3_000 } },
  'socket.io:fast': { library: 'socket.io', pingMs: { interval: 5_000, timeout: 2_000 } },
  'centrifuge:doc': { library: 'centrifuge', pingSeconds: 25, slackMs: 10_000 },
  'centrifuge:tuned': { library: 'centrifuge', pingSeconds: 2, slackMs: 10_000 },
  'centrifuge:fast': { library: 'centrifuge', pingSeconds: 5, slackMs: 2_000 },
} as const satisfies Record<string, ClientConfig>;

export type ConfigName = keyof typeof configs;

export function isConfigName(name: string | null): name is ConfigName {
  return name !== null && Object.hasOwn(configs, name);
}

/** Whether it is ours: a name of the table without a peer's library. */
export function isOurs(name: ConfigName): boolean {
  return configs[name].library === 'heartline';
}
