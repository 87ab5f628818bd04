/**
 * Whether one client's line lives: its heartbeat, once the client is let in, at the server's pace or at the
 * client's own.
 */
import {
  type Heartbeat,
  type HeartbeatOptions,
  type HeartbeatTiming,
  startHeartbeat,
} from '../../../connection/heartbeat';
import type { Random, Time } from '../../../connection/ports';
import { closeCodes } from '../../../protocol/closeCodes';
import { limits } from '../../../protocol/limits';
import type { ClientIdentity } from './clientIdentity';
import type { Asking } from './connectionHost';

/** How much later than a client that sets the pace this side pings: later than its jitter. */
const behindClient = 1.15;

export class ClientHeartbeat implements HeartbeatOptions {
  readonly #asking: Asking;
  readonly #identity: Pick<ClientIdentity, 'endIfExpired'>;
  /** None before `start`. */
  #heartbeat: Heartbeat | undefined;
  /** How it beats for a client that sets the pace. */
  #pace: HeartbeatTiming | undefined;
  /** A ping of a client that sets the pace has been answered. */
  #hasPonged = false;

  constructor(asking: Asking, identity: Pick<ClientIdentity, 'endIfExpired'>) {
    this.#asking = asking;
    this.#identity = identity;
  }

  start(): void {
    this.#heartbeat = startHeartbeat(this);
  }

  /** Leaves no timer. */
  stop(): void {
    this.#heartbeat?.stop();
  }

  pong(n: number): void {
    this.#heartbeat?.pong(n);
  }

  /**
   * A client that finds out how long this network lets a line be silent should be the one to break the
   * silence. It pings again only once it was answered, so each of its pings answers the pong before.
   */
  keepPaceWith(everyMs: number): void {
    const { heartbeat } = this.#asking.host;
    const slowestMs = Math.max(heartbeat.intervalMs, limits.heartbeatIntervalMs);
    const paceMs = Math.min(Math.max(heartbeat.intervalMs, everyMs), slowestMs);
    this.#pace = { ...heartbeat, intervalMs: paceMs * behindClient };
    if (this.#hasPonged) this.#heartbeat?.answered();
    this.#hasPonged = true;
  }

  // What the heartbeat takes: this object itself, as one for each line would cost too much memory.

  timing(): HeartbeatTiming {
    return this.#pace ?? this.#asking.host.heartbeat;
  }

  get time(): Time {
    return this.#asking.host.time;
  }

  get random(): Random {
    return this.#asking.host.random;
  }

  sendPing(n: number): void {
    if (!this.#identity.endIfExpired()) this.#asking.client.send({ t: 'ping', n });
  }

  onDead(): void {
    this.#asking.client.close(closeCodes.heartbeatTimeout);
  }
}
