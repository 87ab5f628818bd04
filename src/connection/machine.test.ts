import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ConnectionEvent,
  type ConnectionState,
  type ConnectionStatus,
  defaultPolicy,
  initialState,
  type LossCause,
  transition,
} from './machine';

const context = {
  now: 1_000,
  isOnline: true,
  isHidden: false,
  random: () => 0.5,
  policy: { ...defaultPolicy, maxRetries: 3 },
};
const reset: LossCause = { kind: 'closed', code: 1006, reason: '', wasClean: false };
const fatal: LossCause = { kind: 'closed', code: 4501, reason: 'bad token', wasClean: true };
const lost = (cause: LossCause = reset): ConnectionEvent => ({ type: 'lost', cause });

/** The state after a series of events, from the start. */
function stateAfter(...events: ConnectionEvent[]): ConnectionState {
  return events.reduce((state, event) => transition(state, event, context).state, initialState);
}
const connect: ConnectionEvent = { type: 'connect' };
const disconnect: ConnectionEvent = { type: 'disconnect' };
const handshaken: ConnectionEvent = { type: 'handshaken' };
const stable: ConnectionEvent = { type: 'stable' };
const retryDue: ConnectionEvent = { type: 'retry due' };
const wake: ConnectionEvent = { type: 'wake' };
const networkGone: ConnectionEvent = { type: 'network gone' };
const suspend: ConnectionEvent = { type: 'suspend' };
const answered: ConnectionEvent = { type: 'answered' };
const doubt: ConnectionEvent = { type: 'doubt' };
const diagnosed: ConnectionEvent = { type: 'diagnosed', diagnosis: 'server down' };
const open = [connect, handshaken, stable];
const gaveUp = [connect, lost(), retryDue, lost(), retryDue, lost(), retryDue, lost()];

describe('the way to an open connection', () => {
  it('goes from idle over connecting, where the socket opens, to open', () => {
    expect(transition(initialState, connect, context)).toMatchObject({
      state: { status: 'connecting' },
      effects: ['open socket'],
    });
    expect(stateAfter(connect, handshaken)).toMatchObject({ status: 'open', cause: undefined });
  });

  it('opens no second socket when asked twice', () => {
    expect(transition(stateAfter(connect), connect, context).effects).toEqual([]);
    expect(transition(stateAfter(...open), connect, context).effects).toEqual([]);
  });
});

describe('a lost line', () => {
  it('is left, and tried again at once if it had been stable', () => {
    const { state, effects } = transition(stateAfter(...open), lost(), context);
    expect(state).toMatchObject({ status: 'waiting', attempt: 1, retryAt: 1_000, cause: reset });
    expect(effects).toEqual(['drop socket']);
  });

  it('is waited for longer with every try that fails', () => {
    const waits = [
      stateAfter(connect, lost()),
      stateAfter(connect, lost(), retryDue, lost()),
      stateAfter(connect, lost(), retryDue, lost(), retryDue, lost()),
    ].map(({ retryAt = Number.NaN }) => retryAt - context.now);
    expect(waits).toEqual([250, 287, 330]);
  });

  it('is waited for from when the try began: one that hung has been a wait already', () => {
    const waitMs = (triedMs: number) =>
      (transition(stateAfter(connect), { type: 'lost', cause: reset, triedMs }, context).state
        .retryAt ?? Number.NaN) - context.now;
    expect([0, 100, 1_000].map(waitMs)).toEqual([250, 150, 0]);
  });

  it('may be waited for longer while nobody looks', () => {
    const policy = { ...defaultPolicy, baseMs: 20_000 };
    const waitMs = (isHidden: boolean) =>
      transition(stateAfter(connect), lost(), { ...context, policy, isHidden }).state.retryAt;
    expect(waitMs(false)).toBe(1_000 + 2_500);
    expect(waitMs(true)).toBe(1_000 + 10_000);
  });

  it('does not start the waits anew until it has been open for a stable time', () => {
    const flapping = stateAfter(connect, lost(), retryDue, handshaken, lost());
    expect(flapping).toMatchObject({ attempt: 2, retryAt: 1_287 });
    const recovered = stateAfter(connect, lost(), retryDue, handshaken, stable);
    expect(recovered).toMatchObject({ status: 'open', attempt: 0 });
  });

  it('is tried again in the window that the server gave', () => {
    const event: ConnectionEvent = { type: 'lost', cause: reset, windowMs: [2_000, 6_000] };
    expect(transition(stateAfter(...open), event, context).state.retryAt).toBe(5_000);
  });

  it('is lost only once', () => {
    const waiting = stateAfter(...open, lost());
    expect(transition(waiting, lost(), context)).toEqual({ state: waiting, effects: [] });
  });

  it('is given up after the last try, and says so', () => {
    expect(stateAfter(...gaveUp)).toMatchObject({
      status: 'failed',
      retryAt: undefined,
      cause: reset,
    });
  });

  it('is not tried again after a fatal close code', () => {
    expect(stateAfter(...open, lost(fatal))).toMatchObject({ status: 'failed', cause: fatal });
  });

  it('is tried again after 1000 from the other end: only our own close is on purpose', () => {
    const cause: LossCause = { kind: 'closed', code: 1000, reason: '', wasClean: true };
    expect(stateAfter(...open, lost(cause)).status).toBe('waiting');
  });
});

describe('a line that never was', () => {
  it('is told from one that was lost, through all tries, until it is open', () => {
    const wasOpen = (...events: ConnectionEvent[]) => stateAfter(...events).wasOpen;
    expect(wasOpen(connect, lost(), retryDue, lost(), connect)).toBe(false);
    expect(wasOpen(...gaveUp, wake)).toBe(false);
    expect(wasOpen(connect, lost(), retryDue, handshaken)).toBe(true);
    expect(wasOpen(...open, lost(), retryDue, lost(), connect)).toBe(true);
    expect(wasOpen(connect, handshaken, ...gaveUp, wake)).toBe(true);
    expect(wasOpen(...open, disconnect, connect)).toBe(false);
  });
});

describe('a sign that a try may succeed', () => {
  it('ends the waiting at once', () => {
    expect(stateAfter(connect, lost(), wake).status).toBe('connecting');
    expect(stateAfter(connect, lost(), networkGone, wake).status).toBe('connecting');
  });

  it('heals what was given up', () => {
    expect(stateAfter(...gaveUp, wake)).toMatchObject({ status: 'connecting', attempt: 0 });
  });

  it('does not heal a fatal close', () => {
    expect(stateAfter(...open, lost(fatal), wake).status).toBe('failed');
  });

  it('makes an open line prove that it lives', () => {
    expect(transition(stateAfter(...open), wake, context).effects).toEqual(['probe']);
  });
});

describe('a line that is being checked', () => {
  it('is open, and is no longer checked once something was answered', () => {
    expect(stateAfter(...open, wake)).toMatchObject({ status: 'open', isChecking: true });
    expect(stateAfter(...open, wake, answered)).toMatchObject({
      status: 'open',
      isChecking: false,
    });
  });

  it('is checked, too, when something makes it doubtful', () => {
    expect(transition(stateAfter(...open), doubt, context)).toMatchObject({
      state: { status: 'open', isChecking: true },
      effects: ['probe'],
    });
    expect(transition(stateAfter(connect, lost()), doubt, context).effects).toEqual([]);
  });

  it('is no longer checked once it is lost', () => {
    expect(stateAfter(...open, wake, lost())).toMatchObject({ isChecking: false });
  });
});

describe('a try that fails without saying why', () => {
  const timeout: LossCause = { kind: 'connect timeout' };

  it.each([reset, timeout])('is looked into', (cause) => {
    expect(transition(stateAfter(connect), lost(cause), context).effects).toContain('diagnose');
  });

  it('is not looked into when the server said why, or the line had been open', () => {
    const restarting: LossCause = { kind: 'closed', code: 4001, reason: '', wasClean: true };
    expect(transition(stateAfter(connect), lost(restarting), context).effects).toEqual([
      'drop socket',
    ]);
    expect(transition(stateAfter(...open), lost(reset), context).effects).toEqual(['drop socket']);
  });

  it('keeps what was found until the line is open', () => {
    expect(stateAfter(connect, lost(), diagnosed)).toMatchObject({ diagnosis: 'server down' });
    expect(stateAfter(connect, lost(), diagnosed, retryDue, lost())).toMatchObject({
      diagnosis: 'server down',
    });
    expect(stateAfter(connect, lost(), diagnosed, retryDue, handshaken).diagnosis).toBeUndefined();
  });

  it('is forgotten when the network goes, or something says that a try may succeed now', () => {
    expect(stateAfter(connect, lost(), diagnosed, networkGone).diagnosis).toBeUndefined();
    expect(stateAfter(connect, lost(), diagnosed, wake).diagnosis).toBeUndefined();
  });

  it('takes no notice of what is found too late', () => {
    expect(stateAfter(connect, lost(), retryDue, handshaken, diagnosed).diagnosis).toBeUndefined();
    expect(stateAfter(connect, lost(), disconnect, diagnosed).diagnosis).toBeUndefined();
  });
});

describe('a page that is put aside', () => {
  it('closes its line without a person’s leaving, and opens it on its return', () => {
    const { state, effects } = transition(stateAfter(...open), suspend, context);
    expect(state).toMatchObject({ status: 'closed', isSuspended: true });
    expect(effects).toEqual(['close socket']);
    expect(transition(state, wake, context)).toMatchObject({
      state: { status: 'connecting', isSuspended: false },
      effects: ['open socket'],
    });
  });

  it('does not open on its return what a person had closed', () => {
    expect(stateAfter(...open, disconnect, suspend, wake).status).toBe('closed');
    expect(stateAfter(...open, suspend, disconnect, wake).status).toBe('closed');
  });

  it('does not try again on its return what was refused for good', () => {
    expect(stateAfter(...open, lost(fatal), suspend, wake).status).toBe('failed');
  });
});

describe('a browser that says offline', () => {
  it('makes tries rare, but does not end them: it may be wrong', () => {
    const offline = stateAfter(connect, lost(), networkGone);
    expect(offline).toMatchObject({ status: 'offline', retryAt: 1_000 + defaultPolicy.capMs });
    expect(transition(offline, retryDue, context).state.status).toBe('connecting');
  });

  it('is believed when a line is lost: the try that fails then is no mark against it', () => {
    const { state } = transition(stateAfter(...open), lost(), { ...context, isOnline: false });
    expect(state).toMatchObject({
      status: 'offline',
      attempt: 0,
      retryAt: 1_000 + defaultPolicy.capMs,
    });
  });

  it('makes an open line prove that it lives', () => {
    expect(transition(stateAfter(...open), networkGone, context)).toMatchObject({
      state: { status: 'open' },
      effects: ['probe'],
    });
  });
});

describe('a close on purpose', () => {
  it.each<[string, ConnectionEvent[]]>([
    ['connecting', [connect]],
    ['open', open],
    ['waiting', [connect, lost()]],
    ['offline', [connect, lost(), networkGone]],
    ['failed', gaveUp],
  ])('is obeyed while %s', (_, events) => {
    expect(stateAfter(...events, disconnect).status).toBe('closed');
  });

  it('is undone by nothing but a person', () => {
    for (const event of [wake, networkGone, retryDue, handshaken, stable, lost()]) {
      expect(stateAfter(...open, disconnect, event).status).toBe('closed');
    }
    expect(stateAfter(...open, disconnect, connect).status).toBe('connecting');
  });
});

describe('whatever happens, in whatever order', () => {
  const event = fc.oneof(
    ...[
      suspend,
      answered,
      doubt,
      diagnosed,
      connect,
      disconnect,
      handshaken,
      stable,
      retryDue,
      wake,
      networkGone,
      lost(),
      lost(fatal),
    ].map((each) => fc.constant(each)),
  );

  it('a next try is due exactly while waiting or offline, and a socket is held only when one is due', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        let state = initialState;
        let sockets = 0;
        const holds: ConnectionStatus[] = ['connecting', 'open'];
        for (const each of events) {
          const next = transition(state, each, context);
          for (const effect of next.effects) {
            if (effect === 'open socket') sockets += 1;
            if (effect === 'drop socket' || effect === 'close socket') sockets = 0;
          }
          state = next.state;
          expect(sockets).toBe(holds.includes(state.status) ? 1 : 0);
          const waits = state.status === 'waiting' || state.status === 'offline';
          expect(state.retryAt !== undefined).toBe(waits);
          expect(state.attempt).toBeLessThanOrEqual(context.policy.maxRetries);
        }
      }),
    );
  });
});
