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
  /** A string that is written to see whether anything can be written. */
  check(): string;
}

export const defaultKeyPrefix = 'hl:';

export function redisKeys(prefix: string = defaultKeyPrefix): RedisKeys {
  const ofRoom = (room: string) => `${prefix}{${room}}:`;
  return {
    roomMeta: (room) => `${ofRoom(room)}meta`,
    roomLog: (room) => `${ofRoom(room)}log`,
    roomChanged: (room) => `${ofRoom(room)}changed`,
    roomMessageId: (room, userId, id) => `${ofRoom(room)}id:${userId}:${id}`,
    roomNews: (room) => `${ofRoom(room)}news`,
    check: () => `${prefix}check`,
  };
}
