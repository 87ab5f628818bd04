/**
 * Brings what the outbox holds onto the line: into the room that it is for, and not before the line has
 * shown that it lives. What the server could not take goes again, after the pause that it asked for.
 */
import type { Connection } from '../connection/contract';
import type { Cancel, Time } from '../connection/ports';
import type { ClientFrame, ServerFrameOf } from '../protocol/frames';
import { createOutbox, type Outbox } from './outbox';
import type { OutboxEntry, OutboxShare, OutboxStorage } from './outboxEntry';

export interface DeliveryOptions {
  connection: Connection;
  time: Time;
  storage: OutboxStorage;
  share: OutboxShare;
  /** Sends to the server; false before it is ready. */
  send(frame: ClientFrame): boolean;
  /** Joins a room unless this line is in it; false if there is no line. */
  enter(room: string, roomKey: string | undefined): boolean;
  /** Something changed that can be seen. */
  onChange(): void;
  onStorageFailed(): void;
  /** The user signed out, on another page. */
  onSignedOut(): void;
}

export interface Delivery {
  readonly outbox: Outbox;
  acked(frame: ServerFrameOf<'ack'>): void;
  /** The server did not take the message `id`. */
  refused(id: string, frame: ServerFrameOf<'err'>): void;
  lineLost(): void;
}

export function createDelivery(options: DeliveryOptions): Delivery {
  const { connection, time, send, enter } = options;
  /** The server asked to wait before it is sent more. */
  let isPaused = false;
  let cancelPause: Cancel = () => {};
  /** Messages that came before the page into their room, as the server has it. */
  const strayed = new Set<string>();
  const outbox = createOutbox({ ...options, now: time.now, transmit });

  function transmit({ id, room, roomKey, about, body }: OutboxEntry): boolean {
    // What is handed to a line that may be dead would have to wait for its ack to be overdue.
    if (connection.getState().isChecking || isPaused) return false;
    if (!enter(room, roomKey) || !send({ t: 'send', id, room, body, ...(about && { about }) }))
      return false;
    // Three bytes of UTF-8 for a UTF-16 unit, at most.
    connection.expectAck(id, 3 * body.length);
    return true;
  }

  return {
    outbox,
    acked({ id, seq }) {
      strayed.delete(id);
      connection.acked(id);
      outbox.acked(id, seq);
    },
    refused(id, { code, retry, after = retryAfterMs, message }) {
      connection.acked(id);
      // The page had entered: the line has lost that. Where the room lets nobody in, it happens again.
      if (code === 'not_in_room' && !strayed.has(id)) {
        strayed.add(id);
        outbox.postponed(id);
        return connection.notAnswered();
      }
      if (!retry) return outbox.refused(id, { code, message });
      isPaused = true;
      cancelPause();
      cancelPause = time.after(after, () => {
        isPaused = false;
        outbox.flush();
      });
      outbox.postponed(id);
    },
    lineLost() {
      isPaused = false;
      cancelPause();
      outbox.lineLost();
    },
  };
}

/** How long to hold back when the server does not say, in ms. */
const retryAfterMs = 1_000;
