/**
 * Every benchmark by name, in the order of the table, each with what is asked of it. A target bounds a figure of
 * ours or, where it names a peer, the ratio of ours to that peer's in the same run. Both sides take the names of
 * what is measured from here.
 */

export interface Target {
  /** As the benchmark calls it. */
  what: string;
  /** Beside whom the ratio is meant; without, the figure itself is. */
  peer?: string;
  bound: Bound;
  /** Of the figure, where it is the figure itself. */
  unit?: string;
  /** Where a single run may not miss it: what is promised. Else the median has to be within. */
  everyRun?: true;
}

export type Bound = { atLeast: number } | { atMost: number };

const count = (value: number) => value.toLocaleString('en');

/** What is measured, in words. */
export const figureNames = {
  harmInFaults: 'messages lost, doubled, reordered or missed in all faults',
  flowing: 'from the end of a black hole until it flows again both ways',
  noticed: 'until an idle page notices a black hole',
  noticedHidden: (room: string) => `until a hidden page notices a black hole, ${room} room`,
  needlessCloses: (room: string) => `needless closes of a hidden page, ${room} room`,
  backAfterOutage: (page: string) => `until back after a long outage, ${page} page`,
  hookSize: 'hook, gzipped',
  firstLoad: 'JavaScript before the chat can be used, gzipped',
  frame: (size: number, rate: number) => `frame p95, ${cell(size, rate)}`,
  latency: (size: number, rate: number) => `arrival to paint p95, ${cell(size, rate)}`,
  key: (size: number, rate: number) => `key to paint p98, ${cell(size, rate)}`,
  unpainted: (size: number, rate: number) => `messages never painted, ${cell(size, rate)}`,
  heap: (size: number, rate: number) => `heap for each message that came, ${cell(size, rate)}`,
  opened: (size: number) => `${figureNames.roomOf(size)} opened`,
  roomOf: (size: number) => `a room of ${count(size)}`,
  moved: 'what is read moves when older messages come',
  score: (category: string, page: string) => `Lighthouse, ${category}: ${page}`,
  deliveries: (load: string, subscribers: number) =>
    `deliveries a second, ${load}, ${count(subscribers)} subscribers`,
  cpu: (load: string, subscribers: number) => `CPU, ${load}, ${count(subscribers)} subscribers`,
  redisCpu: (load: string, subscribers: number) =>
    `CPU of Redis, ${load}, ${count(subscribers)} subscribers`,
  deliveryP99: (load: string, subscribers: number) =>
    `delivery p99, ${load}, ${count(subscribers)} subscribers`,
  ack: (load: string, subscribers: number) => `ack p50, ${load}, ${count(subscribers)} subscribers`,
  idleMemory: (connections: number) => `memory of an idle connection, of ${count(connections)}`,
  heldSlope: (connections: number) => `memory held grows, ${count(connections)} people for long`,
  residentSlope: (connections: number) =>
    `resident memory grows, ${count(connections)} people for long`,
  soakHarm: (connections: number) =>
    `holes, refusals and lines left, ${count(connections)} people for long`,
  allBack: (clients: number, failure: string) => `until all ${count(clients)} are back, ${failure}`,
  harm: (load: string, subscribers: number) =>
    `messages lost or doubled, ${load}, ${count(subscribers)} subscribers`,
  failoverHarm: (killed: string) => `messages lost or doubled, gateway killed: ${killed}`,
  failoverBack: (killed: string) => `until all are delivered to again, gateway killed: ${killed}`,
  textBeside: (line: string) => `text's ack p95 beside a file, ${line}`,
};

/** Peers that are no other product, but what ours is held against. */
export const references = {
  bound: 'interval + timeout',
  noFile: 'without a file',
  durableWs: 'ws and one fsync',
};

export const loads = { window: '64 without an ack', rate: '50 a second', single: 'one by one' };

/** What is measured of the page: how much a room holds, and how much comes in, a second. */
export const timelineSizes = [10_000, 100_000];
export const timelineRates = [200, 1_000, 5_000];
/** Lists that hold every row take minutes for more, and are not asked to. */
export const mostWithoutVirtualList = { size: 10_000, rate: 1_000 };
export const timelinePeers = ['react-virtuoso', 'plain', 'chatscope'];
/** The pages that Lighthouse is shown, and how they are asked for. */
export const lighthousePages = {
  'the door': '?lang=en',
  'a room': '?lang=en&name=Ann',
  'a room, Chinese': '?lang=zh-CN&name=Ann',
};
export const uploadLines = ['loopback', '10 Mbit/s, 40 ms'] as const;
export const soakConnections = 2_000;
export const killedGateways = { another: 'another', publishers: "the publisher's" };

const cell = (size: number, rate: number) => `${count(size)} messages, ${count(rate)}/s`;

/** Whether that list is asked to hold so many messages, and to draw so many a second. */
export function isAskedOf(list: string, size: number, rate: number): boolean {
  const { size: mostSize, rate: mostRate } = mostWithoutVirtualList;
  return !['plain', 'chatscope'].includes(list) || (size <= mostSize && rate <= mostRate);
}

const timelineCells = timelineSizes.flatMap((size) =>
  timelineRates.map((rate) => ({ size, rate })),
);

/** What a second of frames is made of, were each painted. */
const mostFrameMs = 20;

export const targets = {
  faults: [{ what: figureNames.harmInFaults, bound: { atMost: 0 }, everyRun: true }],
  notice: [
    { what: figureNames.noticed, peer: references.bound, bound: { atMost: 1 }, everyRun: true },
  ],
  giveUp: [],
  hidden: ['quiet', 'busy'].flatMap((room) => [
    { what: figureNames.needlessCloses(room), bound: { atMost: 0 }, everyRun: true },
    {
      what: figureNames.noticedHidden(room),
      peer: references.bound,
      bound: { atMost: 1 },
      everyRun: true,
    },
  ]),
  size: [
    { what: figureNames.hookSize, bound: { atMost: 5_000 }, unit: 'bytes' },
    { what: figureNames.firstLoad, bound: { atMost: 100_000 }, unit: 'bytes' },
  ],
  timeline: timelineCells.flatMap(({ size, rate }): Target[] => [
    ...(rate >= 1_000
      ? [{ what: figureNames.frame(size, rate), bound: { atMost: mostFrameMs }, unit: 'ms' }]
      : []),
    ...timelinePeers
      .filter((peer) => isAskedOf(peer, size, rate))
      .flatMap((peer) => [
        { what: figureNames.frame(size, rate), peer, bound: { atMost: 1 } },
        { what: figureNames.latency(size, rate), peer, bound: { atMost: 1 } },
      ]),
    { what: figureNames.key(size, rate), bound: { atMost: 100 }, unit: 'ms' },
    { what: figureNames.unpainted(size, rate), bound: { atMost: 0 }, everyRun: true },
    // They are kept, so that flat means: no more than they are.
    { what: figureNames.heap(size, rate), bound: { atMost: 1_024 }, unit: 'bytes' },
  ]),
  opening: [
    { what: figureNames.opened(100_000), peer: figureNames.roomOf(100), bound: { atMost: 1.2 } },
    { what: figureNames.moved, bound: { atMost: 0 }, unit: 'px', everyRun: true },
  ],
  lighthouse: Object.keys(lighthousePages).flatMap((page) => [
    { what: figureNames.score('performance', page), bound: { atLeast: 95 } },
    { what: figureNames.score('accessibility', page), bound: { atLeast: 100 } },
    { what: figureNames.score('best-practices', page), bound: { atLeast: 100 } },
  ]),
  upload: uploadLines.map((line) => ({
    what: figureNames.textBeside(line),
    peer: references.noFile,
    bound: { atMost: 2 },
  })),
  serverSaturated: [100, 1_000, 5_000].flatMap((subscribers) => {
    const what = figureNames.deliveries(loads.window, subscribers);
    return [
      { what, peer: 'ws', bound: { atLeast: 25 } },
      { what, peer: 'socket.io', bound: { atLeast: 25 } },
      { what, peer: 'bun', bound: { atLeast: 1 } },
    ];
  }),
  serverSteady: [
    { what: figureNames.cpu(loads.rate, 1_000), peer: 'ws', bound: { atMost: 0.5 } },
    { what: figureNames.cpu(loads.rate, 1_000), peer: 'bun', bound: { atMost: 1 } },
    { what: figureNames.deliveryP99(loads.rate, 1_000), peer: 'ws', bound: { atMost: 1 } },
  ],
  serverOneByOne: [
    { what: figureNames.ack(loads.single, 100), peer: references.durableWs, bound: { atMost: 1 } },
  ],
  serverIdle: [{ what: figureNames.idleMemory(10_000), peer: 'ws', bound: { atMost: 1.2 } }],
  serverSoak: [
    { what: figureNames.soakHarm(soakConnections), bound: { atMost: 0 }, everyRun: true },
  ],
  serverReturn: [],
  serverRedis: [
    ...[100, 1_000].flatMap((subscribers): Target[] => [
      {
        what: figureNames.deliveries(loads.window, subscribers),
        peer: 'socket.io',
        bound: { atLeast: 3 },
      },
      {
        what: figureNames.deliveryP99(loads.window, subscribers),
        peer: 'socket.io',
        bound: { atMost: 1 },
      },
      { what: figureNames.harm(loads.window, subscribers), bound: { atMost: 0 }, everyRun: true },
    ]),
    { what: figureNames.deliveryP99(loads.rate, 1_000), peer: 'socket.io', bound: { atMost: 1 } },
    { what: figureNames.harm(loads.rate, 1_000), bound: { atMost: 0 }, everyRun: true },
  ],
  serverRedisKilled: Object.values(killedGateways).map((killed) => ({
    what: figureNames.failoverHarm(killed),
    bound: { atMost: 0 },
    everyRun: true,
  })),
  redisCost: [],
} as const satisfies Record<string, readonly Target[]>;

export type BenchmarkName = keyof typeof targets;

/** In the order of the table. */
export const benchmarkNames: readonly BenchmarkName[] = namesOf(targets);

function namesOf<Name extends string>(table: Record<Name, unknown>): Name[] {
  const isName = (name: string): name is Name => Object.hasOwn(table, name);
  return Object.keys(table).filter(isName);
}
