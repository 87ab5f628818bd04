/** The keys and channels of the bus. Those of a room share its slot in a Redis Cluster. */
export function redisKeys(prefix: string) {
  return {
    roomNews: (room: string) => `${prefix}{${room}}:news`,
    roomHere: (room: string) => `${prefix}{${room}}:here`,
    userLines: (userId: string) => `${prefix}{u:${userId}}:lines`,
    gateways: () => `${prefix}gateways`,
    gatewayNews: () => `${prefix}gateways:news`,
    leaseRooms: (lease: string) => `${prefix}gw:${lease}:rooms`,
    leaseUsers: (lease: string) => `${prefix}gw:${lease}:users`,
    leaseReaper: (lease: string) => `${prefix}gw:${lease}:reaper`,
  };
}
export type RedisKeys = ReturnType<typeof redisKeys>;
