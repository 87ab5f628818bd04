/** What the chart says, in English and Simplified Chinese. */

export interface ChartTexts {
  language: string;
  title: string;
  /** What the bars mean. */
  ratioLead: string;
  ahead: string;
  behind: string;
  /** Of a client with a quicker heartbeat than its library has. */
  tuned: string;
  /** Heads the counts. */
  harm: string;
  harmLead: string;
  ours: string;
  measuredOn(dates: string, machine: string): string;
  notMeasured(names: string): string;
  /** `22.7 × ws`, `0.50 of ws`: ours to the peer's. */
  times(value: string, peer: string): string;
  partOf(value: string, peer: string): string;
  /** For who cannot see it: `Deliveries …: 22.7 times ws, target at least 25`. */
  spoken(label: string, value: string, peer: string, target: string | undefined): string;
  atLeast(value: number): string;
  atMost(value: number): string;
  groups: Record<GroupName, string>;
  labels: Record<LabelName, string>;
  peers: Readonly<Record<string, string>>;
}

export type GroupName = 'server' | 'gateways' | 'page' | 'client';

export type LabelName =
  | 'deliveries100'
  | 'deliveries1000'
  | 'deliveries5000'
  | 'steadyCpu'
  | 'steadyP99'
  | 'ack'
  | 'idle'
  | 'back'
  | 'cluster100'
  | 'cluster1000'
  | 'clusterP99'
  | 'clusterRedis'
  | 'frames'
  | 'latency'
  | 'opened'
  | 'besideFileFast'
  | 'besideFile'
  | 'hookSize';

export const english: ChartTexts = {
  language: 'en',
  title: 'Heartline beside its peers',
  ratioLead:
    'Ours to theirs in the same run. Thin line: spread of the runs. Dotted line: what was aimed at.',
  ahead: 'better than the peer',
  behind: 'not as good',
  tuned: 'tuned',
  harm: 'Messages lost, doubled, reordered or missed',
  harmLead: 'In all faults of the network together, of one page that writes and reads.',
  ours: 'Heartline',
  measuredOn: (dates, machine) => `${dates} · ${machine}`,
  notMeasured: (names) => `Not measured yet: ${names}`,
  times: (value, peer) => `${value} × ${peer}`,
  partOf: (value, peer) => `${value} of ${peer}`,
  spoken: (label, value, peer, target) =>
    `${label}: ${value} times ${peer}${target ? `, target ${target}` : ''}`,
  atLeast: (value) => `at least ${value}`,
  atMost: (value) => `at most ${value}`,
  groups: {
    server: 'One server, every ack on disk',
    gateways: 'Three gateways on one Redis',
    page: 'The page',
    client: 'The hook',
  },
  labels: {
    deliveries100: 'Deliveries a second, 100 people',
    deliveries1000: 'Deliveries a second, 1,000 people',
    deliveries5000: 'Deliveries a second, 5,000 people',
    steadyCpu: 'CPU, 50 messages a second',
    steadyP99: 'Delivery p99, at that pace',
    ack: 'Ack p50, one by one',
    idle: 'Memory of an idle line',
    back: 'Time until 5,000 are back',
    cluster100: 'Deliveries a second, 100 people',
    cluster1000: 'Deliveries a second, 1,000 people',
    clusterP99: 'Delivery p99, 1,000 people',
    clusterRedis: 'CPU of Redis, 50 messages a second',
    frames: 'Frame p95, 1,000 messages a second',
    latency: 'Arrival to paint p95, at that pace',
    opened: 'Time to open a room of 100,000',
    besideFile: 'Ack p95 beside 25 MB, 10 Mbit/s',
    besideFileFast: 'Ack p95 beside 25 MB, same machine',
    hookSize: 'Bytes to load',
  },
  peers: {
    bun: 'Bun',
    plain: 'a plain list',
    'without a file': 'without it',
    'socket.io, lines cut': 'socket.io',
    'a room of 100': 'one of 100',
    'ws and one fsync': 'ws + fsync',
    'partysocket/react': 'partysocket',
  },
};

export const chinese: ChartTexts = {
  language: 'zh-CN',
  title: 'Heartline 与同类对比',
  ratioLead: '同一轮测量中 Heartline 与对方的比值。细线：各轮之间的波动；虚线：目标。',
  ahead: '优于对方',
  behind: '不及对方',
  tuned: '调优',
  harm: '丢失、重复、乱序或漏收的消息',
  harmLead: '一个边写边读的页面，历经所有网络故障后的合计。',
  ours: 'Heartline',
  measuredOn: (dates, machine) => `${dates} · ${machine}`,
  notMeasured: (names) => `尚未测量：${names}`,
  times: (value, peer) => `${peer} 的 ${value} 倍`,
  partOf: (value, peer) => `${peer} 的 ${value}`,
  spoken: (label, value, peer, target) =>
    `${label}：${peer}的 ${value} 倍${target ? `，目标为${target}` : ''}`,
  atLeast: (value) => `至少 ${value}`,
  atMost: (value) => `至多 ${value}`,
  groups: {
    server: '单台服务器，落盘后才确认',
    gateways: '三个网关，一个 Redis',
    page: '页面',
    client: 'Hook',
  },
  labels: {
    deliveries100: '每秒投递数，100 人',
    deliveries1000: '每秒投递数，1,000 人',
    deliveries5000: '每秒投递数，5,000 人',
    steadyCpu: '每秒 50 条消息时的 CPU',
    steadyP99: '同样速度下的送达 p99',
    ack: '逐条发送时的确认 p50',
    idle: '空闲连接占用的内存',
    back: '5,000 人全部重连的时间',
    cluster100: '每秒投递数，100 人',
    cluster1000: '每秒投递数，1,000 人',
    clusterP99: '送达 p99，1,000 人',
    clusterRedis: '每秒 50 条消息时 Redis 的 CPU',
    frames: '每秒 1,000 条消息时的帧 p95',
    latency: '同样速度下从收到到显示 p95',
    opened: '打开十万条消息的房间',
    besideFile: '上传 25 MB 时的确认 p95，10 Mbit/s',
    besideFileFast: '上传 25 MB 时的确认 p95，同一台机器',
    hookSize: '加载的字节数',
  },
  peers: {
    bun: 'Bun',
    plain: '普通列表',
    'without a file': '无上传时',
    'socket.io, lines cut': 'socket.io',
    'a room of 100': '百条的房间',
    'ws and one fsync': 'ws + fsync',
    'partysocket/react': 'partysocket',
  },
};
