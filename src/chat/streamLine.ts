/**
 * What a session lends to whoever writes before everybody's eyes (see `streamWriter.ts`): its line for the
 * pieces, which are lost with it, and its outbox for the message that they end in, which is not.
 */
import type { Cancel } from '../connection/ports';
import type { ClientFrameOf, ServerFrameOf } from '../protocol/frames';
import type { Draft } from './outboxEntry';

export interface StreamLine {
  /** Says a piece; false while there is no line, or while the room is not one of those that are kept open. */
  say(piece: ClientFrameOf<'stream'>): boolean;
  /** Queues the message that a stream ends in. False when too many wait already: nothing was taken. */
  finish(draft: Draft): boolean;
  /** Hears what becomes of both, until cancelled. */
  listen(listener: StreamListener): Cancel;
}

export interface StreamListener {
  /** A line is open: what was said on another one may not have arrived. */
  opened(): void;
  lost(): void;
  /** Something with an id was refused. True if that was a piece of a stream: nobody else is to hear of it. */
  refused(frame: ServerFrameOf<'err'>): boolean;
  /** A message is durable. */
  acked(frame: Pick<ServerFrameOf<'ack'>, 'id' | 'seq'>): void;
}

/** The line, and the session's side of it. */
export interface LentLine extends StreamLine, StreamListener {}

export function lendLine({ say, finish }: Pick<StreamLine, 'say' | 'finish'>): LentLine {
  const listeners = new Set<StreamListener>();
  return {
    say,
    finish,
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    opened() {
      for (const each of listeners) each.opened();
    },
    lost() {
      for (const each of listeners) each.lost();
    },
    // An id is one writer's.
    refused: (frame) => [...listeners].some((each) => each.refused(frame)),
    acked(frame) {
      for (const each of listeners) each.acked(frame);
    },
  };
}
