/**
 * Every key and channel that a chat has in Redis. All begin with the chat's prefix. What a command or script
 * touches together shares a hash tag, the part in braces, so that it is on one node of a cluster.
 */
import { roomPattern } from '../../protocol/limits';
import type { SpendingKind } from '../chat/limits/sharedBuckets';

export interface RedisKeys {
  /** A hash: the epoch, and where the room ends. */
  roomMeta(room: string): string;
  /** A stream: the messages that are as they were appended, `SEQ-0` each. */
  roomLog(room: string): string;
  /** A hash: the messages that the stream has no more, by sequence number. */
  roomChanged(room: string): string;
  /** A string: the answer to the message that this user sent under this id. */
  roomMessageId(room: string, userId: string, id: string): string;
  /** A channel: what happens in the room. */
  roomNews(room: string): string;
  /** A hash: how far users have read the room, by their ids. */
  roomMarks(room: string): string;
  /** A sorted set: when each of those moved. */
  roomMarksMoved(room: string): string;
  /** A sorted set: the rooms that have marks, by their oldest; and a hash: how many each has, and all. */
  markedRooms(): string;
  markCounts(): string;
  /** A sorted set: the users who want to be pushed to, by when that was heard last; and a hash: how often each does, and all. */
  pushedUsers(): string;
  pushCounts(): string;
  /** A hash: who wants to be pushed to in the room. */
  roomPush(room: string): string;
  /** The room that the key is of; undefined for what is of no room. */
  roomOf(key: string): string | undefined;
  /** A string: until when who has a name that looks or reads like this. */
  name(nameKey: string): string;
  /** A sorted set: who has a name, by when that ends. */
  names(): string;
  /** A set: the names that a user has had. */
  userNames(userId: string): string;
  /** A string: until when the user's tokens prove nobody. */
  userRevoked(userId: string): string;
  /** A hash: where the user wants to be pushed to. */
  userPush(userId: string): string;
  /** A hash: how many connections the user has, by gateway. */
  userConnections(userId: string): string;
  /** A string: what is left to spend of a user's or an address's. */
  spending(kind: SpendingKind, id: string): string;
  /** A string: how long the tokens hold that hold longest. */
  tokenLifetime(): string;
  /** Strings: what all gateways sign tokens with, and what push services know them by. */
  signingKey(): string;
  vapidKeys(): string;
  /** A hash: who is in the room, by lease and user. */
  roomHere(room: string): string;
  /** A hash: by which leases the user has a line. */
  userLines(userId: string): string;
  /** A sorted set: the gateways' leases, by the ms since 1970 at which they end. */
  gateways(): string;
  /** A channel: what all gateways hear. */
  gatewayNews(): string;
  /** A set: the rooms in which somebody is by the lease. */
  leaseRooms(lease: string): string;
  /** A set: the users who have a line by the lease. */
  leaseUsers(lease: string): string;
  /** A string: somebody takes away what was written under the lease. */
  leaseReaper(lease: string): string;
  /** A string that is written to see whether anything can be written. */
  check(): string;
}

export const defaultKeyPrefix = 'hl:';

export function redisKeys(prefix: string = defaultKeyPrefix): RedisKeys {
  const ofRoom = (room: string) => `${prefix}{${room}}:`;
  const ofUser = (userId: string) => `${prefix}{u:${userId}}:`;
  const ofLease = (lease: string) => `${prefix}{gw:${lease}}:`;
  return {
    roomMeta: (room) => `${ofRoom(room)}meta`,
    roomLog: (room) => `${ofRoom(room)}log`,
    roomChanged: (room) => `${ofRoom(room)}changed`,
    roomMessageId: (room, userId, id) => `${ofRoom(room)}id:${userId}:${id}`,
    roomNews: (room) => `${ofRoom(room)}news`,
    roomMarks: (room) => `${ofRoom(room)}marks`,
    roomMarksMoved: (room) => `${ofRoom(room)}marks:moved`,
    markedRooms: () => `${prefix}{m:}:rooms`,
    markCounts: () => `${prefix}{m:}:counts`,
    pushedUsers: () => `${prefix}{p:}:users`,
    pushCounts: () => `${prefix}{p:}:counts`,
    roomPush: (room) => `${ofRoom(room)}push`,
    roomOf(key) {
      if (!key.startsWith(`${prefix}{`)) return undefined;
      const [room = ''] = key.slice(prefix.length + 1).split('}', 1);
      return roomPattern.test(room) ? room : undefined;
    },
    name: (nameKey) => `${prefix}{n:${nameKey}}`,
    names: () => `${prefix}names`,
    userNames: (userId) => `${ofUser(userId)}names`,
    userRevoked: (userId) => `${ofUser(userId)}revoked`,
    userPush: (userId) => `${ofUser(userId)}push`,
    userConnections: (userId) => `${ofUser(userId)}connections`,
    spending: (kind, id) =>
      kind === 'user' ? `${ofUser(id)}spent` : `${prefix}{a:${id}}:spent:${kind}`,
    tokenLifetime: () => `${prefix}token:lifetime`,
    signingKey: () => `${prefix}token:key`,
    vapidKeys: () => `${prefix}vapid`,
    roomHere: (room) => `${ofRoom(room)}here`,
    userLines: (userId) => `${ofUser(userId)}lines`,
    gateways: () => `${prefix}gateways`,
    gatewayNews: () => `${prefix}gateways:news`,
    leaseRooms: (lease) => `${ofLease(lease)}rooms`,
    leaseUsers: (lease) => `${ofLease(lease)}users`,
    leaseReaper: (lease) => `${ofLease(lease)}reaper`,
    check: () => `${prefix}check`,
  };
}
