/**
 * Tells a listener of the line itself: its state, and its beats. Every answer is a beat, to a ping or
 * to a message, and a line that is lost is one too.
 */
import type { Connection } from '../connection/contract';
import type { Cancel, Time } from '../connection/ports';
import type { ChatListener } from './types';

export function tellLine(
  connection: Connection,
  listener: Pick<ChatListener, 'connection' | 'beat'>,
  time: Pick<Time, 'now'>,
): Cancel {
  let wasOpen = false;
  const tellState = () => {
    const state = connection.getState();
    const isOpen = state.status === 'open';
    listener.connection(state);
    if (wasOpen && !isOpen) listener.beat({ at: time.now(), kind: 'lost', rttMs: undefined });
    wasOpen = isOpen;
  };
  const beat = (rttMs: number) => listener.beat({ at: time.now(), kind: 'beat', rttMs });

  tellState();
  const unsubscribe = connection.subscribe(tellState);
  const unlisten = connection.listen({ onPong: beat, onAck: beat });
  return () => {
    unsubscribe();
    unlisten();
  };
}
