/** A chat server as one gateway of several: what it shares with the others, put together. */
import type { Random, Time } from '../../../connection/ports';
import type { MessageLog } from '../../log/log';
import type { Users } from '../people/users';
import type { Revocations } from '../ports';
import type { SharedRooms } from '../room/sharedRooms';
import type { Cluster } from './cluster';
import { createGatewayRooms } from './gatewayRooms';
import { type Hearing, hearFor } from './heardElsewhere';
import { createMissedSignOuts } from './missedSignOuts';
import { createToldLines, type ToldLines } from './toldLines';

export interface Gateway {
  readonly rooms: SharedRooms;
  readonly lines: ToldLines;
  /** Whether the user has a line at another gateway, or had one a moment ago. May reject. */
  isElsewhere(userId: string): Promise<boolean>;
  /** Ends the lines of a user who has signed out at all other gateways. */
  signedOut(userId: string): void;
  /** Hears and tells nothing more, and leaves no timer. */
  clear(): void;
}

/** The chat server that is to be one. */
export interface GatewayHost {
  log: MessageLog;
  users: Pick<Users, 'connectionsOf' | 'ids'>;
  revocations: Pick<Revocations, 'isRevoked'>;
  time: Time;
  random: Random;
  /** How long a user whose line broke is still taken to be there, in ms. */
  graceMs: number;
  /** What hears of the others. */
  here(): Hearing;
  /** The user has signed out at another gateway. */
  signedOutElsewhere(userId: string): void;
  /** Told of what should not have happened. */
  onError(error: unknown): void;
}

/** A gateway of a chat that has several; a server that is alone needs none of this. */
export const gatewayOf =
  (cluster: Cluster) =>
  ({ users, revocations, graceMs, signedOutElsewhere, here, ...host }: GatewayHost): Gateway => {
    const rooms = createGatewayRooms({ cluster, listener: hearFor(here), ...host });
    const lines = createToldLines({ lines: cluster.lines, users, time: host.time, graceMs });
    const missedSignOuts = createMissedSignOuts({
      ...{ users, revocations, signedOut: signedOutElsewhere },
      ...host,
    });
    cluster.onSignedOut(signedOutElsewhere);
    cluster.onSignOutsMissed(missedSignOuts.look);
    return {
      rooms,
      lines,
      isElsewhere: (userId) => cluster.lines.isElsewhere(userId),
      signedOut: (userId) => cluster.signedOut(userId),
      clear() {
        rooms.clear();
        lines.clear();
        missedSignOuts.clear();
      },
    };
  };
