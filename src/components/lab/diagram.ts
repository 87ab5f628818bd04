/**
 * Where the states and the ways between them are drawn. What has a line stands at the sides, `connecting`
 * at the left and `open` at the right; what has none lies between them, as rungs of a ladder: a lost line
 * goes from the right to a rung, and from there back to the left.
 */
import type { ConnectionStatus } from '../../store/chatStore';

export const diagramWidth = 440;
export const diagramHeight = 184;

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const rung = (y: number): Box => ({ x: 166, y, width: 108, height: 24 });

export const boxes: Readonly<Record<ConnectionStatus, Box>> = {
  idle: { x: 2, y: 2, width: 98, height: 24 },
  connecting: { x: 2, y: 44, width: 98, height: 138 },
  open: { x: 340, y: 2, width: 98, height: 180 },
  waiting: rung(52),
  offline: rung(87),
  failed: rung(122),
  closed: rung(157),
};

export type EdgeWord =
  | 'connect'
  | 'handshake'
  | 'lost'
  | 'retry'
  | 'noNetwork'
  | 'givenUp'
  | 'fatal'
  | 'disconnect';

export interface Edge {
  readonly from: ConnectionStatus;
  readonly to: ConnectionStatus;
  /** An SVG path, drawn from `from` to `to`. */
  readonly path: string;
  readonly label?: { readonly word: EdgeWord; readonly x: number; readonly y: number };
  /** Shown only when it was the last one taken: it would hide more than it tells. */
  readonly isRare?: boolean;
}

const left = 100;
const right = 340;
const rungStart = 166;
const rungEnd = 274;

type Rung = 'waiting' | 'offline' | 'failed' | 'closed';

/** The ways between a rung and the sides: back to the left, out of it, and from the right. */
function waysOf(rung: Rung, words: { out?: EdgeWord; lost?: EdgeWord; back?: EdgeWord }): Edge[] {
  const middle = boxes[rung].y + boxes[rung].height / 2;
  const [above, below] = [middle - 5, middle + 5];
  const inLeft = (left + rungStart) / 2;
  const inRight = (right + rungEnd) / 2;
  return [
    {
      from: rung,
      to: 'connecting',
      path: `M${rungStart} ${above}H${left + 2}`,
      ...(words.back && { label: { word: words.back, x: inLeft, y: above - 5 } }),
    },
    {
      from: 'connecting',
      to: rung,
      path: `M${left} ${below}H${rungStart - 2}`,
      ...(words.out && { label: { word: words.out, x: inLeft, y: below + 11 } }),
    },
    {
      from: 'open',
      to: rung,
      path: `M${right} ${middle}H${rungEnd + 2}`,
      ...(words.lost && { label: { word: words.lost, x: inRight, y: middle - 5 } }),
    },
  ];
}

/** Round the right end of the rungs between the two. */
function aroundRungs(from: Rung, to: Rung): Edge {
  const [start, end] = [boxes[from], boxes[to]].map((box) => box.y + box.height / 2);
  const path = `M${rungEnd} ${start}C${rungEnd + 34} ${start} ${rungEnd + 34} ${end} ${rungEnd + 2} ${end}`;
  return { from, to, path, isRare: true };
}

export const edges: readonly Edge[] = [
  { from: 'idle', to: 'connecting', path: 'M51 26V42' },
  {
    from: 'connecting',
    to: 'open',
    path: 'M92 46C112 22 132 20 166 20H338',
    label: { word: 'handshake', x: 232, y: 14 },
  },
  ...waysOf('waiting', { back: 'retry', lost: 'lost' }),
  ...waysOf('offline', { lost: 'noNetwork' }),
  ...waysOf('failed', { lost: 'fatal' }),
  ...waysOf('closed', { back: 'connect', lost: 'disconnect' }),
  { from: 'waiting', to: 'offline', path: 'M220 76V85' },
  aroundRungs('waiting', 'closed'),
  aroundRungs('offline', 'closed'),
  aroundRungs('failed', 'closed'),
];
