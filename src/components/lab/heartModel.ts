/**
 * What the running trace shows of a stretch of time: the line's state along it, a spike for each answered
 * ping, a mark for each miss, and how much went in and out, by columns. Pure; `paintHeart.ts` draws it.
 */
import type { ConnectionStatus, LossCause } from '../../store/chatStore';
import type { LineEvent, LineLog } from '../../store/labStore';
import { decodeFrame } from './decodeFrame';

export interface HeartModel {
  /** From left to right: how the line was, from this moment on. */
  readonly stretches: readonly { readonly at: number; readonly status: ConnectionStatus }[];
  readonly marks: readonly HeartMark[];
  /** Frames that carried something, in each column: heartbeats are none of them. */
  readonly framesIn: Uint16Array;
  readonly framesOut: Uint16Array;
}

export interface HeartMark {
  /** `beat`: a ping was answered. `miss`: an answer did not come in its time. */
  readonly kind: 'ping' | 'beat' | 'ack' | 'miss' | 'fault';
  readonly at: number;
  readonly rttMs: number | undefined;
}

export interface HeartView {
  readonly from: number;
  readonly to: number;
  readonly columns: number;
  /** How the line is at the end. */
  readonly status: ConnectionStatus;
}

export function heartModelOf(log: LineLog, { from, to, columns, status }: HeartView): HeartModel {
  const framesIn = new Uint16Array(columns);
  const framesOut = new Uint16Array(columns);
  const marks: HeartMark[] = [];
  const stretches: { at: number; status: ConnectionStatus }[] = [];
  const columnMs = (to - from) / columns;
  let statusBefore = status;

  for (let number = log.nextNumber - 1; number >= log.firstNumber; number -= 1) {
    const event = log.at(number);
    if (!event || event.at < from) break;
    if (event.kind === 'state') {
      stretches.unshift({ at: event.at, status: event.state.status });
      statusBefore = event.from;
    }
    const mark = markOf(event);
    if (mark) marks.push(mark);
    if (event.kind !== 'frame' || decodeFrame(event).isHeartbeat) continue;
    const column = Math.min(columns - 1, Math.floor((event.at - from) / columnMs));
    const frames = event.direction === 'in' ? framesIn : framesOut;
    frames[column] = (frames[column] ?? 0) + 1;
  }
  stretches.unshift({ at: from, status: statusBefore });
  return { stretches, marks: marks.reverse(), framesIn, framesOut };
}

const misses: readonly LossCause['kind'][] = [
  'heartbeat timeout',
  'ack timeout',
  'connect timeout',
];

function markOf(event: LineEvent): HeartMark | undefined {
  const { at } = event;
  switch (event.kind) {
    case 'frame':
      return event.direction === 'out' && decodeFrame(event).isHeartbeat
        ? { kind: 'ping', at, rttMs: undefined }
        : undefined;
    case 'answer':
      return { kind: event.to === 'ping' ? 'beat' : 'ack', at, rttMs: event.rttMs };
    case 'state': {
      const { state, from } = event;
      const isLoss = state.status !== from && state.cause && misses.includes(state.cause.kind);
      return isLoss && state.status !== 'connecting'
        ? { kind: 'miss', at, rttMs: undefined }
        : undefined;
    }
    case 'fault':
      return event.what === 'tuning changed' ? undefined : { kind: 'fault', at, rttMs: undefined };
    default:
      return undefined;
  }
}
