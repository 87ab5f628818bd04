/**
 * A connection to Redis that listens to channels; in a Redis Cluster one to each of its shards. It counts as
 * one thing and is never trusted again after a trouble: it says so once, and another is opened in its place.
 */
import type { Cancel, Time } from '../../connection/ports';
import { createBoundedTurns } from '../log/boundedTurns';
import { answeredWithin } from './answered';
import type { ClusterClient, PlainClient } from './redisClient';
import { reasonOf } from './redisErrors';

export interface ListeningLine {
  /** Resolves once all that is said on the channel from then on is heard. */
  subscribe(channel: string): Promise<void>;
  unsubscribe(channel: string): Promise<void>;
  /** Ends it without another word. */
  close(): void;
}

export interface LineListener {
  heard(channel: string, text: string): void;
  /** The line is lost, or part of it: told once. */
  troubled(reason: string): void;
}

/** Rejects with the reason if any part of it cannot be opened, or once `signal` says that nobody wants it. */
export type OpenListeningLine = (
  listener: LineListener,
  signal: AbortSignal,
) => Promise<ListeningLine>;

export interface ListeningLineOptions {
  /** Gives a client that is not connected yet. */
  subscriber(): PlainClient | ClusterClient;
  time: Time;
  /** How long Redis may take to open a line, and how long it may say nothing while it owes an answer, in ms. */
  timeoutMs: number;
}

/** So many channels are asked for at once: each is answered in its time, however many there are. */
const maxAsked = 500;

export const listeningLine =
  ({ subscriber, time, timeoutMs }: ListeningLineOptions): OpenListeningLine =>
  async (listener, signal) => {
    const client = subscriber();
    const inTurn = createBoundedTurns(maxAsked);
    let isOpen = false;
    let isTroubled = false;
    let isClosed = false;
    /** When anything came, the last time. */
    let heardAtMs = time.now();

    function close() {
      if (isClosed) return;
      isClosed = true;
      client.destroy();
    }

    function trouble(error: unknown) {
      if (!isOpen || isTroubled || isClosed) return;
      isTroubled = true;
      // The shards that are well go on until there is another line.
      if (!('slots' in client)) close();
      listener.troubled(reasonOf(error));
    }

    /** Waits for as long as anything comes: with many channels the last answer may take its time. */
    function answered(call: () => Promise<unknown>): Promise<void> {
      // The library would keep it for a connection that never comes.
      if (isClosed) return Promise.reject(new Error('the line is closed'));
      return new Promise((resolve, reject) => {
        let cancel: Cancel;
        const judge = () => {
          const silentMs = time.now() - heardAtMs;
          if (silentMs < timeoutMs) return wait(timeoutMs - silentMs);
          const error = new Error(`Redis did not answer for ${timeoutMs} ms`);
          // The library takes a line that is written to for one that lives.
          trouble(error);
          reject(error);
        };
        function wait(delayMs: number) {
          cancel = time.after(delayMs, () => {
            // If this process was busy for so long, what has come is read before this.
            cancel = time.after(0, judge);
          });
        }
        wait(timeoutMs);
        call()
          .finally(() => {
            cancel();
            heardAtMs = time.now();
          })
          .then(() => resolve(), reject);
      });
    }

    const heard = (text: string, channel: string) => {
      heardAtMs = time.now();
      if (!isClosed) listener.heard(channel, text);
    };

    client.on('error', trouble);
    client.on('node-error', trouble);
    try {
      await answeredWithin<unknown>(client.connect(), time, timeoutMs, signal);
    } catch (error) {
      close();
      throw error;
    }
    isOpen = true;

    return {
      subscribe: (channel) => inTurn(() => answered(() => client.sSubscribe(channel, heard))),
      // Without naming who listens, one who comes while this is under way would be left out.
      unsubscribe: (channel) => inTurn(() => answered(() => client.sUnsubscribe(channel, heard))),
      close,
    };
  };
