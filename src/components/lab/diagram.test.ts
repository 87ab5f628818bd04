import { describe, expect, it } from 'vitest';
import {
  type ConnectionEvent,
  type ConnectionState,
  type ConnectionStatus,
  defaultPolicy,
  initialState,
  transition,
} from '../../connection/machine';
import { boxes, edges } from './diagram';

const statuses = Object.keys(boxes) as ConnectionStatus[];

const closed = (code: number): ConnectionEvent => ({
  type: 'lost',
  cause: { kind: 'closed', code, reason: '', wasClean: false },
});
const events: readonly ConnectionEvent[] = [
  { type: 'connect' },
  { type: 'disconnect' },
  { type: 'suspend' },
  { type: 'handshaken' },
  { type: 'retry due' },
  { type: 'wake' },
  { type: 'network gone' },
  closed(1006),
  closed(4500),
];

/** Every way from state to state that the connection's table has. */
function ways(): Set<string> {
  const found = new Set<string>();
  for (const status of statuses) {
    for (const event of events) {
      for (const isOnline of [true, false]) {
        for (const attempt of [0, defaultPolicy.maxRetries]) {
          const state: ConnectionState = {
            ...initialState,
            status,
            attempt,
            isSuspended: status === 'closed',
          };
          const context = {
            now: 0,
            isOnline,
            isHidden: false,
            random: () => 0.5,
            policy: defaultPolicy,
          };
          const next = transition(state, event, context).state;
          if (next.status !== status) found.add(`${status} ${next.status}`);
        }
      }
    }
  }
  return found;
}

describe('the state diagram', () => {
  it('draws each way that the connection can go, and no other', () => {
    const drawn = edges.map(({ from, to }) => `${from} ${to}`);
    // A line that was never wanted is closed by who wants none: it is not worth an arrow.
    const isLeftOut = (way: string) => way === 'idle closed';
    expect(drawn.toSorted()).toEqual([...ways()].filter((way) => !isLeftOut(way)).toSorted());
  });
});
