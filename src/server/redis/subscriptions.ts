/**
 * Which channels are listened to on the connection that is open, and kept open for a while after nobody
 * wants them, so that a reconnect of a room's last member costs nothing. Each connection begins with none:
 * all that is wanted is then asked for anew.
 */
import type { Cancel, Time } from '../../connection/ports';
import { LogUnavailableError } from '../log/log';
import type { ListeningLine } from './listeningLine';
import { reasonOf } from './redisErrors';

/** The connection, as far as it is listened to. */
export type SubscribingLine = Pick<ListeningLine, 'subscribe' | 'unsubscribe'>;

export interface SubscriptionsOptions {
  time: Time;
  /** For how long a channel is listened to after nobody wants it, in ms. */
  lingerMs: number;
  /** The channel is listened to on a connection, from now on. */
  opened(channel: string): void;
}

export interface Subscriptions {
  want(channel: string): void;
  /** Nobody wants it any more, for now. */
  drop(channel: string): void;
  /** Resolves once the channel is listened to; rejects with `LogUnavailableError`, and is then tried anew. */
  ready(channel: string): Promise<void>;
  /** Asks again for what is wanted and was refused. */
  retry(channel: string): void;
  isOpen(channel: string): boolean;
  /** Another connection, or none. */
  use(line: SubscribingLine | undefined): void;
  /** Forgets all of it as the connection ends, and leaves no timer. */
  clear(): void;
}

interface Subscription {
  isOpen: boolean;
  /** Running while it is asked for on the connection. */
  opening: Promise<void> | undefined;
  /** Set while nobody wants it. */
  cancelLinger: Cancel | undefined;
}

export function createSubscriptions(options: SubscriptionsOptions): Subscriptions {
  const { time, lingerMs, opened } = options;
  const subscriptions = new Map<string, Subscription>();
  let line: SubscribingLine | undefined;

  async function open(channel: string, subscription: Subscription): Promise<void> {
    const current = line;
    if (!current) throw new LogUnavailableError('Redis is not connected');
    try {
      await current.subscribe(channel);
    } catch (error) {
      throw new LogUnavailableError(`Redis could not be listened to: ${reasonOf(error)}`);
    }
    // What an earlier connection confirms counts for nothing.
    if (line !== current) throw new LogUnavailableError('Redis was connected anew');
    if (subscriptions.get(channel) !== subscription) return;
    subscription.isOpen = true;
    opened(channel);
  }

  function begin(channel: string, subscription: Subscription): Promise<void> {
    if (subscription.opening) return subscription.opening;
    const opening = open(channel, subscription).finally(() => {
      if (subscription.opening === opening) subscription.opening = undefined;
    });
    subscription.opening = opening;
    // Whoever wants to know why asks `ready`.
    opening.catch(() => {});
    return opening;
  }

  function end(channel: string, subscription: Subscription) {
    subscriptions.delete(channel);
    subscription.cancelLinger?.();
    if (subscription.isOpen || subscription.opening) line?.unsubscribe(channel).catch(() => {});
  }

  return {
    want(channel) {
      const known = subscriptions.get(channel);
      known?.cancelLinger?.();
      if (known) known.cancelLinger = undefined;
      const subscription = known ?? { isOpen: false, opening: undefined, cancelLinger: undefined };
      subscriptions.set(channel, subscription);
      if (!subscription.isOpen && line) void begin(channel, subscription);
    },

    drop(channel) {
      const subscription = subscriptions.get(channel);
      if (!subscription || subscription.cancelLinger) return;
      subscription.cancelLinger = time.after(lingerMs, () => end(channel, subscription));
    },

    async ready(channel) {
      const subscription = subscriptions.get(channel);
      if (!subscription) throw new LogUnavailableError('the room was left');
      if (!subscription.isOpen) await begin(channel, subscription);
    },

    retry(channel) {
      const subscription = subscriptions.get(channel);
      if (subscription && !subscription.isOpen && line) void begin(channel, subscription);
    },

    isOpen: (channel) => subscriptions.get(channel)?.isOpen ?? false,

    use(next) {
      line = next;
      for (const [channel, subscription] of [...subscriptions]) {
        subscription.isOpen = false;
        subscription.opening = undefined;
        if (subscription.cancelLinger) end(channel, subscription);
        else if (next) void begin(channel, subscription);
      }
    },

    clear() {
      line = undefined;
      for (const [channel, subscription] of [...subscriptions]) end(channel, subscription);
    },
  };
}
