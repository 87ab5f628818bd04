/** Several who listen to the chat's heart as one: each to what it likes. */
import { type ChatObserver, silentObserver } from './observer';

/** Tells everybody everything. What only one listens to costs no more than that one. */
export function observedBy(...observers: readonly Partial<ChatObserver>[]): ChatObserver {
  return {
    opened: inTurn(observers.map(({ opened }) => opened)) ?? silentObserver.opened,
    closed: inTurn(observers.map(({ closed }) => closed)) ?? silentObserver.closed,
    sentAway: inTurn(observers.map(({ sentAway }) => sentAway)) ?? silentObserver.sentAway,
    acked: inTurn(observers.map(({ acked }) => acked)) ?? silentObserver.acked,
    refused: inTurn(observers.map(({ refused }) => refused)) ?? silentObserver.refused,
    flushed: inTurn(observers.map(({ flushed }) => flushed)) ?? silentObserver.flushed,
    dropped: inTurn(observers.map(({ dropped }) => dropped)) ?? silentObserver.dropped,
  };
}

type Listener<Told extends unknown[]> = (...told: Told) => void;

function inTurn<Told extends unknown[]>(
  all: readonly (Listener<Told> | undefined)[],
): Listener<Told> | undefined {
  const listeners = all.filter((each) => each !== undefined);
  if (listeners.length <= 1) return listeners[0];
  return (...told) => {
    for (const listener of listeners) listener(...told);
  };
}
