/**
 * Brings what the outbox holds onto the line: into the room that it is for, and not before the line has
 * shown that it lives. What the server could not take goes again, after the pause that it asked for; other
 * rooms do not wait for that.
 */
import type { Connection } from '../connection/contract';
import type { Cancel, Time } from '../connection/ports';
import type { ClientFrame, ServerFrameOf } from '../protocol/frames';
import { createOutbox, type Outbox } from './outbox';
import type { OutboxEntry, OutboxShare, OutboxStorage, UploadWord } from './outboxEntry';

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
  /** Another page has said something of its files. */
  onUploadWord(word: UploadWord): void;
  /** The server has no file for the message `id`. True if it is sent once more, and the message after it. */
  onNoUpload(id: string): boolean;
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
  /** Rooms into which the server asked to wait before it is sent more. */
  const paused = new Map<string, Cancel>();
  /** Messages that came before the page into their room, as the server has it. */
  const strayed = new Set<string>();
  const outbox = createOutbox({ ...options, now: time.now, transmit });

  function transmit({ id, room, roomKey, about, body, file }: OutboxEntry): boolean {
    // What is handed to a line that may be dead would have to wait for its ack to be overdue.
    if (connection.getState().isChecking || paused.has(room)) return false;
    const sent = file && { upload: file.upload, ...(file.preview && { preview: file.preview }) };
    const parts = { ...(about && { about }), ...(sent && { file: sent }) };
    if (!enter(room, roomKey) || !send({ t: 'send', id, room, body, ...parts })) return false;
    // Three bytes of UTF-8 for a UTF-16 unit, at most.
    connection.expectAck(id, 3 * body.length);
    return true;
  }

  function pause(room: string, forMs: number) {
    paused.get(room)?.();
    const cancel = time.after(forMs, () => {
      paused.delete(room);
      outbox.flush();
    });
    paused.set(room, cancel);
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
      if (code === 'no_upload' && options.onNoUpload(id)) return;
      if (!retry) return outbox.refused(id, { code, message });
      pause(outbox.entries().find((entry) => entry.id === id)?.room ?? '', after);
      outbox.postponed(id);
    },
    lineLost() {
      for (const cancel of paused.values()) cancel();
      paused.clear();
      outbox.lineLost();
    },
  };
}

/** How long to hold back when the server does not say, in ms. */
const retryAfterMs = 1_000;
