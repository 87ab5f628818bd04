/**
 * Every key and channel that a chat has in Redis. All begin with the chat's prefix. What a command or script
 * touches together shares a hash tag, the part in braces, so that it is on one node of a cluster.
 */
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
  const ofLease = (lease: string) => `${prefix}{gw:${lease}}:`;
  return {
    roomMeta: (room) => `${ofRoom(room)}meta`,
    roomLog: (room) => `${ofRoom(room)}log`,
    roomChanged: (room) => `${ofRoom(room)}changed`,
    roomMessageId: (room, userId, id) => `${ofRoom(room)}id:${userId}:${id}`,
    roomNews: (room) => `${ofRoom(room)}news`,
    roomHere: (room) => `${ofRoom(room)}here`,
    userLines: (userId) => `${prefix}{u:${userId}}:lines`,
    gateways: () => `${prefix}gateways`,
    gatewayNews: () => `${prefix}gateways:news`,
    leaseRooms: (lease) => `${ofLease(lease)}rooms`,
    leaseUsers: (lease) => `${ofLease(lease)}users`,
    leaseReaper: (lease) => `${ofLease(lease)}reaper`,
    check: () => `${prefix}check`,
  };
}
