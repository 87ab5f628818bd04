/**
 * The chat's heart: everybody who is connected, and what is done with all of them at once. It knows
 * no `ws`, disk or browser, so the same heart beats in Node and in a page.
 */
import type { HeartbeatTiming } from '../../connection/heartbeat';
import type { Random, Time } from '../../connection/ports';
import { closeCodes } from '../../protocol/closeCodes';
import type { MessageLog } from '../log/log';
import { acceptClient, type ClientConnection } from './clientConnection';
import type { ClientHandle, ClientLink, TokenAuthority } from './ports';
import { createRooms } from './rooms';

export interface ChatServerOptions {
  log: MessageLog;
  tokens: TokenAuthority;
  /** `now()` is ms since 1970: it dates the messages. */
  time: Time;
  random: Random;
  /** Makes ids that no other call makes, here or elsewhere. */
  newId(): string;
  heartbeat: HeartbeatTiming;
  /** What a client may take to send `auth`, in ms. */
  authTimeoutMs?: number;
  /** Told of what should not have happened. Nothing but the client concerned was disturbed. */
  onError(error: unknown): void;
  /** How long a user whose line broke is still taken to be there, in ms. */
  presenceGraceMs?: number;
}

/** What the log may take to answer when the server's health is asked for, in ms. */
const logAnswerTimeoutMs = 2_000;

/** How long a message that could not be stored speaks against the server's health, in ms. */
const failureCountsMs = 10_000;

export type Health = 'ok' | 'draining' | 'log away';

export interface ChatServer {
  /** Takes a new line: says hello on it at once. */
  accept(link: ClientLink): ClientHandle;
  /** Whether messages can be taken now. */
  health(): Promise<Health>;
  /**
   * Sends everybody away for a restart, to come back after a random time in `windowMs`. Resolves when
   * every message that had come is answered. Whoever connects from now on is sent away too.
   */
  drain(windowMs: readonly [min: number, max: number]): Promise<void>;
}

export function createChatServer(options: ChatServerOptions): ChatServer {
  const { log, time, presenceGraceMs = 10_000, authTimeoutMs = 10_000 } = options;
  const rooms = createRooms(time, presenceGraceMs);
  const clients = new Set<ClientConnection>();
  /** When the log could not take a message, unless it has taken one since. */
  let appendFailedAt: number | undefined;
  let drainWindowMs: readonly [number, number] | undefined;

  function sendAway(client: ClientConnection, [min, max]: readonly [number, number]) {
    const { code, reason } = closeCodes.draining;
    client.send({ t: 'bye', code, why: reason, after: [min, max] });
    client.close(closeCodes.draining);
  }

  function logAnswers(): Promise<boolean> {
    return new Promise((resolve) => {
      const cancel = time.after(logAnswerTimeoutMs, () => resolve(false));
      log
        .head('lobby')
        .then(
          () => resolve(true),
          () => resolve(false),
        )
        .finally(cancel);
    });
  }

  return {
    accept(link) {
      const client: ClientConnection = acceptClient({
        ...options,
        link,
        rooms,
        authTimeoutMs,
        onAppend: (couldTake) => {
          appendFailedAt = couldTake ? undefined : time.now();
        },
        onClosed: () => clients.delete(client),
      });
      clients.add(client);
      if (drainWindowMs) sendAway(client, drainWindowMs);
      return client;
    },

    async health() {
      if (drainWindowMs) return 'draining';
      // A full disk can be read: what the last message met counts, until it may have changed.
      const sinceFailureMs = time.now() - (appendFailedAt ?? -Infinity);
      return sinceFailureMs > failureCountsMs && (await logAnswers()) ? 'ok' : 'log away';
    },

    async drain(windowMs) {
      drainWindowMs = windowMs;
      await Promise.all([...clients].map((client) => client.settled()));
      for (const client of clients) sendAway(client, windowMs);
      rooms.clear();
    },
  };
}
