/**
 * The tour's nine steps as a table: what each does to the line, and what has to be seen of it, in this
 * order, before the step is ticked off. It decides by what really happened, never by what was asked for.
 */
import type { TourTexts } from '../../i18n/en/tour';
import { type ChatMode, type ChatState, isProgram } from '../../store/chatStore';
import type { Happening } from './happenings';

export type StepName = keyof TourTexts['steps'];

export const stepNames: readonly StepName[] = [
  'socket',
  'handshake',
  'frames',
  'heartbeat',
  'pingPong',
  'ack',
  'reconnect',
  'close',
  'push',
];

/** What the tour can do. The shell does it; `useTour.ts` says how. */
export type Deed =
  | 'open anew'
  | 'leave'
  | 'connect'
  | 'send a frame'
  | 'say hello'
  | 'say something meanwhile'
  | 'ask the companion'
  | 'beat every second'
  | 'beat as before'
  | 'freeze what comes in'
  | 'thaw'
  | 'cut'
  | 'refuse connections'
  | 'allow connections'
  | 'hand over a push';

/** In which way the push comes: in the page's stead, by the service, or by the service to an answer. */
export type PushWay = 'page' | 'service' | 'companion';

/** What a step has to know of the chat when it begins. */
export interface World {
  readonly mode: ChatMode;
  /** The server is in this browser. */
  readonly isLocal: boolean;
  readonly pushWay: PushWay;
  /** What it writes into the room. */
  readonly says: TourTexts['says'];
  /** What it hands over as a push. */
  readonly pushed: TourTexts['pushed'];
}

/** What later checks of a step go by. */
export interface Kept {
  /** When the latest of its sights was seen; before the first one, when the step began. */
  readonly at: number;
  readonly messageId?: string;
  /** The number of a ping. */
  readonly n?: number;
}

/** Says what was seen, in whatever language. */
export type Telling = (texts: TourTexts['sights']) => string;

export interface Sight {
  readonly tell: Telling;
  readonly keep?: Omit<Kept, 'at'>;
}

export interface Check {
  readonly name: keyof TourTexts['awaits'];
  /** What of it is seen in this happening, if anything. */
  sees(happening: Happening, kept: Kept, world: World): Sight | undefined;
  /** How often it has to be seen; once if not given. */
  readonly times?: number;
  /** This makes it impossible to see. */
  breaksBy?(happening: Happening): boolean;
  /** What is done once it was seen. */
  readonly followedBy?: readonly Deed[];
}

export interface Step {
  /** What the button does. */
  readonly begins: readonly Deed[];
  readonly checks: readonly Check[];
  /** Puts right again what it did, whether it was seen to the end or given up. */
  readonly ends?: readonly Deed[];
  /** After so many ms it is given up; 20,000 if not given. */
  readonly patienceMs?: number;
  /** It can begin without a line. */
  readonly needsNoLine?: boolean;
}

/** Seen as soon as the line is open. */
const opens = (name: 'open' | 'openAgain'): Check => ({
  name,
  sees: (it, kept) =>
    it.kind === 'state' && it.state.status === 'open'
      ? { tell: (texts) => texts[name](it.at - kept.at) }
      : undefined,
});

const frameOf = (it: Happening, direction: 'in' | 'out', type: string) =>
  it.kind === 'frame' && it.direction === direction && it.frame?.t === type ? it.frame : undefined;

const numberIn = (value: unknown) => (typeof value === 'number' ? value : undefined);

/** A message of one's own that was seen before, and is there once. */
const ownMessage = (it: Happening, id: string | undefined) => {
  if (it.kind !== 'messages' || id === undefined) return undefined;
  const found = it.messages.filter((message) => message.mine && message.id === id);
  return found.length === 1 ? found[0] : undefined;
};

const sockets: Step = {
  begins: ['open anew'],
  needsNoLine: true,
  checks: [
    {
      name: 'opening',
      sees: (it, _, { isLocal }) =>
        it.kind === 'socket' && it.what === 'opening'
          ? { tell: (texts) => (isLocal ? texts.openingLocal() : texts.opening(it.url)) }
          : undefined,
    },
    {
      name: 'opened',
      sees: (it, kept) =>
        it.kind === 'socket' && it.what === 'open'
          ? { tell: (texts) => texts.opened(it.at - kept.at) }
          : undefined,
    },
  ],
};

const handshake: Step = {
  begins: ['open anew'],
  needsNoLine: true,
  checks: [
    {
      name: 'hello',
      sees(it) {
        const heartbeat = frameOf(it, 'in', 'hello')?.heartbeat;
        const intervalMs =
          typeof heartbeat === 'object' && heartbeat !== null && 'intervalMs' in heartbeat
            ? numberIn(heartbeat.intervalMs)
            : undefined;
        return intervalMs === undefined ? undefined : { tell: (texts) => texts.hello(intervalMs) };
      },
    },
    {
      name: 'auth',
      sees: (it) => (frameOf(it, 'out', 'auth') ? { tell: (texts) => texts.auth() } : undefined),
    },
    {
      name: 'ready',
      sees(it) {
        const user = frameOf(it, 'in', 'ready')?.user;
        if (typeof user !== 'object' || user === null || !('name' in user)) return undefined;
        const { name } = user;
        return { tell: (texts) => texts.ready(String(name)) };
      },
    },
    opens('open'),
  ],
};

/** RFC 6455 section 5.2: two bytes at least, more for longer contents, and the mask of what a page sends. */
function headerBytes(contentBytes: number): number {
  const lengthBytes = contentBytes < 126 ? 0 : contentBytes < 65_536 ? 2 : 8;
  return 2 + lengthBytes + 4;
}

const frames: Step = {
  begins: ['send a frame'],
  checks: [
    {
      name: 'frame',
      sees(it, _, { mode, isLocal, says }) {
        if (it.kind !== 'frame' || it.direction !== 'out') return undefined;
        const { text, bytes, frame } = it;
        const isOurs = mode === 'plain' ? text === says.hello : frame?.t === 'typing';
        if (!isOurs || text === undefined) return undefined;
        return {
          tell: (texts) =>
            isLocal ? texts.frame(text, bytes) : texts.frameOnWire(text, bytes, headerBytes(bytes)),
        };
      },
    },
  ],
};

const heartbeat: Step = {
  begins: ['beat every second'],
  checks: [
    {
      name: 'beats',
      times: 3,
      sees: (it) =>
        it.kind === 'answer' && it.to === 'ping'
          ? { tell: (texts) => texts.beats(it.rttMs) }
          : undefined,
    },
  ],
  ends: ['beat as before'],
};

const pingPong: Step = {
  begins: ['beat every second'],
  checks: [
    {
      name: 'ping',
      sees(it) {
        const n = numberIn(frameOf(it, 'out', 'ping')?.n);
        return n === undefined ? undefined : { tell: (texts) => texts.ping(n), keep: { n } };
      },
    },
    {
      name: 'pong',
      sees(it, kept) {
        const n = numberIn(frameOf(it, 'in', 'pong')?.n);
        if (n === undefined || n !== kept.n) return undefined;
        return { tell: (texts) => texts.pong(n, it.at - kept.at) };
      },
      followedBy: ['freeze what comes in'],
    },
    {
      name: 'lostPing',
      sees(it) {
        const n = numberIn(frameOf(it, 'out', 'ping')?.n);
        return n === undefined ? undefined : { tell: (texts) => texts.lostPing(n) };
      },
    },
    {
      name: 'dead',
      sees: (it, kept) =>
        it.kind === 'state' && it.state.cause?.kind === 'heartbeat timeout'
          ? { tell: (texts) => texts.dead(it.at - kept.at) }
          : undefined,
      followedBy: ['thaw'],
    },
    opens('openAgain'),
  ],
  ends: ['thaw', 'beat as before'],
};

const ack: Step = {
  begins: ['say hello'],
  checks: [
    {
      name: 'sent',
      sees(it, _, { says }) {
        const frame = frameOf(it, 'out', 'send');
        if (!frame || frame.body !== says.hello) return undefined;
        const messageId = String(frame.id);
        return { tell: (texts) => texts.sent(messageId.slice(-4)), keep: { messageId } };
      },
    },
    {
      name: 'ack',
      sees(it, kept) {
        const frame = frameOf(it, 'in', 'ack');
        const seq = numberIn(frame?.seq);
        if (seq === undefined || frame?.id !== kept.messageId) return undefined;
        return { tell: (texts) => texts.ack(seq, it.at - kept.at) };
      },
    },
    {
      name: 'confirmed',
      sees: (it, kept) =>
        ownMessage(it, kept.messageId)?.state === 'sent'
          ? { tell: (texts) => texts.confirmed() }
          : undefined,
    },
  ],
};

const reconnect: Step = {
  begins: ['refuse connections', 'cut'],
  checks: [
    {
      name: 'cut',
      sees(it) {
        if (it.kind !== 'state' || it.from !== 'open') return undefined;
        const { cause } = it.state;
        if (it.state.status !== 'waiting' || cause?.kind !== 'closed') return undefined;
        return { tell: (texts) => texts.cut(cause.code) };
      },
      followedBy: ['say something meanwhile'],
    },
    {
      name: 'kept',
      sees(it, kept, { says }) {
        if (it.kind !== 'messages') return undefined;
        const own = it.messages.findLast(
          ({ mine, body, state, hasLeft, at }) =>
            mine && body === says.meanwhile && state === 'queued' && !hasLeft && at >= kept.at,
        );
        return own && { tell: (texts) => texts.kept(), keep: { messageId: own.id } };
      },
    },
    {
      name: 'failedTries',
      times: 2,
      sees(it) {
        if (it.kind !== 'state' || it.from !== 'connecting') return undefined;
        const { status, retryAt } = it.state;
        if (status !== 'waiting' || retryAt === undefined) return undefined;
        return { tell: (texts) => texts.failedTries(retryAt - it.at) };
      },
      followedBy: ['allow connections'],
    },
    opens('openAgain'),
    {
      name: 'delivered',
      sees: (it, kept, { mode }) =>
        ownMessage(it, kept.messageId)?.state === 'sent'
          ? { tell: (texts) => (mode === 'chat' ? texts.delivered() : texts.handedOver()) }
          : undefined,
    },
  ],
  ends: ['allow connections'],
  patienceMs: 30_000,
};

/** For so long nothing may be tried after a close on purpose, in ms. */
const quietMs = 3_000;

/** RFC 6455 section 7.4.1: the code of a close that was meant. */
const onPurpose = 1000;

const leaves = (name: 'closed' | 'left'): Check => ({
  name,
  sees: (it) =>
    it.kind === 'socket' && it.what === 'closed' && it.code === onPurpose
      ? { tell: (texts) => texts[name]() }
      : undefined,
});

const close: Step = {
  begins: ['leave'],
  checks: [
    leaves('closed'),
    {
      name: 'quiet',
      sees: (it, kept) =>
        it.kind === 'time' && it.at - kept.at >= quietMs
          ? { tell: (texts) => texts.quiet() }
          : undefined,
      breaksBy: (it) => it.kind === 'socket' && it.what === 'opening',
      followedBy: ['connect'],
    },
    opens('openAgain'),
  ],
  ends: ['connect'],
};

const pushedBy = (by: 'page' | 'service'): Check => ({
  name: 'pushed',
  sees: (it) =>
    it.kind === 'push' && it.by === by
      ? { tell: (texts) => (by === 'page' ? texts.pushedByPage() : texts.pushedByService()) }
      : undefined,
});

const pushes: Record<PushWay, Step> = {
  page: {
    begins: ['hand over a push'],
    needsNoLine: true,
    checks: [
      pushedBy('page'),
      {
        name: 'shown',
        sees: (it) =>
          it.kind === 'push outcome' ? { tell: (texts) => texts[it.outcome]() } : undefined,
      },
    ],
  },
  service: {
    begins: ['leave'],
    checks: [leaves('left'), pushedBy('service')],
    ends: ['connect'],
    patienceMs: 180_000,
  },
  companion: {
    begins: ['ask the companion'],
    checks: [
      {
        name: 'asked',
        sees(it) {
          const frame = frameOf(it, 'out', 'send');
          if (frame?.body !== slowCommand) return undefined;
          return { tell: (texts) => texts.asked(), keep: { messageId: String(frame.id) } };
        },
      },
      {
        name: 'ack',
        sees(it, kept) {
          const frame = frameOf(it, 'in', 'ack');
          const seq = numberIn(frame?.seq);
          if (seq === undefined || frame?.id !== kept.messageId) return undefined;
          return { tell: (texts) => texts.ack(seq, it.at - kept.at) };
        },
        followedBy: ['leave'],
      },
      leaves('left'),
      pushedBy('service'),
    ],
    ends: ['connect'],
    patienceMs: 60_000,
  },
};

/** What the companion takes its time to answer. */
export const slowCommand = '/slow';

const steps: Record<Exclude<StepName, 'push'>, Step> = {
  socket: sockets,
  handshake,
  frames,
  heartbeat,
  pingPong,
  ack,
  reconnect,
  close,
};

/** The step as it is to be done in this chat. */
export function stepOf(name: StepName, pushWay: PushWay): Step {
  return name === 'push' ? pushes[pushWay] : steps[name];
}

/** What the page and its server can do, as far as steps depend on it. */
export interface Possibilities {
  readonly mode: ChatMode;
  /** The line has a heartbeat. */
  readonly hasHeartbeat: boolean;
  /** The page can hand something to a service worker. */
  readonly hasWorker: boolean;
}

/** Why a step cannot be done here; undefined if it can. */
export function obstacleTo(
  name: StepName,
  { mode, hasHeartbeat, hasWorker }: Possibilities,
): keyof TourTexts['impossible'] | undefined {
  if (mode === 'plain' && (name === 'handshake' || name === 'pingPong' || name === 'ack'))
    return 'plain';
  if (name === 'heartbeat' && !hasHeartbeat) return 'no heartbeat';
  return name === 'push' && !hasWorker ? 'no worker' : undefined;
}

/** How a push can come: really, if push is on; with nobody else to write, by the companion's answer. */
export function pushWayOf({ push, members }: Pick<ChatState, 'push' | 'members'>): PushWay {
  if (push.status !== 'on') return 'page';
  return members.some(isProgram) ? 'companion' : 'service';
}
