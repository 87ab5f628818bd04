/** A chat server as one gateway of several: what it shares with the others, put together. */
import type { Random, Time } from '../../connection/ports';
import type { MessageLog } from '../log/log';
import type { Cluster } from './cluster';
import { createMissedSignOuts } from './missedSignOuts';
import type { Revocations } from './ports';
import { createSharedRooms, type ElsewhereListener, type SharedRooms } from './sharedRooms';
import { createToldLines, type ToldLines } from './toldLines';
import type { Users } from './users';

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
  listener: ElsewhereListener;
  /** The user has signed out at another gateway. */
  signedOutElsewhere(userId: string): void;
  /** Told of what should not have happened. */
  onError(error: unknown): void;
}

/** A gateway of a chat that has several; a server that is alone needs none of this. */
export const gatewayOf =
  (cluster: Cluster) =>
  ({ users, revocations, graceMs, signedOutElsewhere, ...host }: GatewayHost): Gateway => {
    const rooms = createSharedRooms({ cluster, ...host });
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
