/**
 * Who is in which room by this gateway, as written in Redis: a hash for each room, one field for each user and
 * lease. What has changed is written and told on the room's channel in one step, and one step at a time for
 * each room: who comes and goes in between is written as it ended. Nothing is written without a lease.
 */
import * as v from 'valibot';
import { type User, userSchema } from '../../protocol/user';
import { leaseSchema, presenceNews } from './busMessages';
import { createKeyedWork } from './keyedWork';
import type { RedisKeys } from './keys';
import type { RedisLine } from './redisLine';
import type { RosterEntry } from './roomRoster';
import { scanned } from './scanned';
import { defineScript, runScript } from './scripts';
import { type EntryChanges, WantedEntries } from './wantedEntries';

export interface PresenceEntriesOptions {
  keys: RedisKeys;
  redis: RedisLine;
  /** The lease that lives; undefined if none does for certain. */
  lease(): string | undefined;
  onError(error: unknown): void;
}

export interface PresenceEntries {
  arrived(room: string, user: User): void;
  left(room: string, userId: string): void;
  /** Nobody is there any more by this gateway. */
  leave(room: string): void;
  /** How many are to stand there by this gateway. */
  countHere(room: string): number;
  /** Nothing stands under the lease, which is another one: all is written. */
  writeAnew(): void;
  /** Tries again what could not be written. */
  retry(): void;
  /** Everybody who stands there, by any gateway's lease, alive or not. May reject. */
  read(room: string): Promise<RosterEntry[]>;
  /** How many stand there. May reject. */
  count(room: string): Promise<number>;
  /** Resolves once nothing is under way. */
  settled(): Promise<void>;
}

/** So many rooms are written at once, and so many users in one step. */
const maxRoomsAtOnce = 200;
const maxChanges = 500;

/** `ARGV`: the channel, what is told there, how many fields are set, these with their values, those removed. */
const change = defineScript(`
local sets = tonumber(ARGV[3])
for index = 1, sets do
  redis.call('HSET', KEYS[1], ARGV[2 + 2 * index], ARGV[3 + 2 * index])
end
for index = 4 + 2 * sets, #ARGV do
  redis.call('HDEL', KEYS[1], ARGV[index])
end
redis.call('SPUBLISH', ARGV[1], ARGV[2])
return 0`);

interface RoomEntries {
  readonly wanted: WantedEntries<User>;
  /** The lease under whose rooms this one is listed, for who cleans up after it. */
  listedUnder: string | undefined;
}

export function createPresenceEntries(options: PresenceEntriesOptions): PresenceEntries {
  const { keys, redis, lease, onError } = options;
  const rooms = new Map<string, RoomEntries>();
  const writing = createKeyedWork({ maxAtOnce: maxRoomsAtOnce, work: write, onError });

  async function write(room: string): Promise<void> {
    const entries = rooms.get(room);
    if (!entries) return;
    for (let by = lease(); by; by = lease()) {
      const changes = entries.wanted.take(maxChanges);
      if (!changes) return unlist(room, entries);
      try {
        await list(room, entries, by);
        await apply(room, by, changes);
      } catch {
        // Redis is away, most likely: it is written with the next renewal.
        entries.wanted.putBack(changes);
        return;
      }
    }
  }

  /** Before anything is written there, so that whoever cleans up finds it. */
  async function list(room: string, entries: RoomEntries, by: string): Promise<void> {
    if (entries.listedUnder === by) return;
    await redis.send(keys.leaseRooms(by), 'SADD', keys.leaseRooms(by), room);
    entries.listedUnder = by;
  }

  async function unlist(room: string, { wanted, listedUnder }: RoomEntries): Promise<void> {
    if (wanted.size > 0) return;
    rooms.delete(room);
    if (!listedUnder) return;
    // One that stays listed is looked at in vain, at the end.
    await redis
      .send(keys.leaseRooms(listedUnder), 'SREM', keys.leaseRooms(listedUnder), room)
      .catch(() => {});
  }

  async function apply(room: string, by: string, { set, removed }: EntryChanges<User>) {
    const came = set.map(([, user]) => user);
    const fields = set.flatMap(([id, user]) => [`${by} ${id}`, JSON.stringify(user)]);
    const gone = removed.map((id) => `${by} ${id}`);
    const news = presenceNews(by, came, removed);
    await runScript(redis, {
      script: change,
      keys: [keys.roomHere(room)],
      args: [keys.roomNews(room), news, String(set.length), ...fields, ...gone],
    });
  }

  function entriesOf(room: string): RoomEntries {
    const entries = rooms.get(room) ?? { wanted: new WantedEntries(), listedUnder: undefined };
    rooms.set(room, entries);
    return entries;
  }

  return {
    arrived(room, user) {
      entriesOf(room).wanted.set(user.id, user);
      writing.ask(room);
    },

    left(room, userId) {
      rooms.get(room)?.wanted.remove(userId);
      writing.ask(room);
    },

    leave(room) {
      rooms.get(room)?.wanted.removeAll();
      writing.ask(room);
    },

    countHere: (room) => rooms.get(room)?.wanted.size ?? 0,

    writeAnew() {
      for (const [room, { wanted }] of [...rooms]) {
        wanted.writeAnew();
        writing.ask(room);
      }
    },

    retry() {
      for (const [room, { wanted }] of rooms) if (wanted.hasChanges) writing.ask(room);
    },

    async read(room) {
      const entries: RosterEntry[] = [];
      for await (const part of scanned(redis, 'HSCAN', keys.roomHere(room))) {
        for (let index = 0; index + 1 < part.length; index += 2) {
          const entry = parseEntry(part[index], part[index + 1]);
          if (entry) entries.push(entry);
          else onError(new Error(`"${part[index]}" is nobody who is in the room ${room}`));
        }
      }
      return entries;
    },

    async count(room) {
      return v.parse(
        v.number(),
        await redis.send(keys.roomHere(room), 'HLEN', keys.roomHere(room)),
      );
    },

    settled: writing.settled,
  };
}

const entrySchema = v.object({
  lease: leaseSchema,
  user: v.pipe(v.string(), v.parseJson(), userSchema),
});

function parseEntry(field = '', user = ''): RosterEntry | undefined {
  const lease = field.slice(0, Math.max(0, field.indexOf(' ')));
  const result = v.safeParse(entrySchema, { lease, user });
  return result.success ? result.output : undefined;
}
