/**
 * Who wants to be pushed to, in Redis, the same for all gateways. It stands twice: with each user, in order,
 * which counts, and with each room, which has nobody who does not stand with the user as well: so what is
 * added is added to the user first, and what is removed is removed from the room first. Whatever is cut short
 * in between is mended by the same call again, which a browser makes with each visit.
 *
 * What is in a room is remembered for some seconds, as it is asked for with every message: so long may it take
 * until another gateway pushes to who has just registered. Who no longer wants it is pushed to no more at once,
 * as the user is asked about before each push.
 *
 * All together stay within a bound: those of the users who were heard of longest ago give way, all of a user's at
 * once. An index counts them, as it is told after each change: what a gateway had no time to tell of counts again
 * with the user's next visit.
 */
import * as v from 'valibot';
import type { Time } from '../../connection/ports';
import { limits } from '../../protocol/limits';
import type { PushSelection, PushStore } from '../chat/push/pushPorts';
import { RoomUnavailableError } from '../log/log';
import { createCountedIndex } from './countedIndex';
import type { DamagedRooms } from './damagedRooms';
import type { RedisKeys } from './keys';
import { createPushRoomCache } from './pushRoomCache';
import {
  foundInRoom,
  foundWithUser,
  keysText,
  markOfKey,
  partsOfUserField,
  type Row,
  roomField,
  rowsOf,
  userField,
} from './pushRows';
import { DamagedKeyError, reasonOf } from './redisErrors';
import type { RedisLine } from './redisLine';
import { defineScript, runScript, type Script } from './scripts';

export interface RedisPushStoreOptions {
  line: RedisLine;
  keys: RedisKeys;
  time: Pick<Time, 'now'>;
  /**
   * The public key that browsers subscribe with: what was registered under another can never be pushed to, and
   * is forgotten wherever it is come upon.
   */
  publicKey: string;
  /** How many there may be in all: without a bound, who never tires of new guests could fill the memory. */
  maxRegistrations?: number;
  /** How long what is in a room is remembered, in ms. */
  rememberedMs?: number;
  /** Told of rooms of which it cannot be read, and of all of which it can. */
  damagedRooms?: Pick<DamagedRooms, 'failed' | 'worked'> | undefined;
}

/** So many users are looked at with each registration; what is still too much then goes with the next. */
const usersLookedAt = 16;

const countSchema = v.number();
const namesSchema = v.array(v.string());
const yesOrNoSchema = v.picklist([0, 1]);

/**
 * Adds to a user's, and answers what has to give way, field and value in turn, which is still there. `ARGV`: endpoint, room, keys, the
 * mark of the public key, how many endpoints there may be, how many rooms in one. A field is endpoint and
 * room; its value the mark, a number that grows with each, and the keys. What has another mark is gone.
 */
const addScript = defineScript(`
local mine = ARGV[1] .. ' ' .. ARGV[2]
local all, own, last = redis.call('HGETALL', KEYS[1]), {}, 0
for i = 1, #all, 2 do
  local mark, serial = string.match(all[i + 1], '^(%S+) (%d+) ')
  last = math.max(last, tonumber(serial))
  if mark == ARGV[4] then
    local endpoint = string.match(all[i], '^(.*) %S+$')
    if all[i] ~= mine then own[#own + 1] = { all[i], tonumber(serial), endpoint, all[i + 1] } end
  else
    redis.call('HDEL', KEYS[1], all[i])
  end
end
redis.call('HSET', KEYS[1], mine, string.format('%s %.0f %s', ARGV[4], last + 1, ARGV[3]))
table.sort(own, function (a, b) return a[2] < b[2] end)
local inEndpoint, others, lastOf = {}, {}, {}
for _, each in ipairs(own) do
  local endpoint = each[3]
  if endpoint == ARGV[1] then
    inEndpoint[#inEndpoint + 1] = each
  else
    if not lastOf[endpoint] then others[#others + 1] = endpoint end
    lastOf[endpoint] = each[2]
  end
end
local displaced = {}
local function displace(each)
  displaced[#displaced + 1] = each[1]
  displaced[#displaced + 1] = each[4]
end
for i = 1, #inEndpoint - tonumber(ARGV[6]) + 1 do displace(inEndpoint[i]) end
if #displaced > 0 then return displaced end
table.sort(others, function (a, b) return lastOf[a] < lastOf[b] end)
local gone = {}
for i = 1, #others - tonumber(ARGV[5]) + 1 do gone[others[i]] = true end
for _, each in ipairs(own) do
  if gone[each[3]] then displace(each) end
end
return displaced`);

/**
 * Adds to a room's, if there is room. `ARGV`: field, value, how many there may be. The field '' has when the
 * room changed, which nobody else's has.
 */
const addToRoomScript = defineScript(`
local isThere = redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1
local count = redis.call('HLEN', KEYS[1]) - redis.call('HEXISTS', KEYS[1], '')
if not isThere and count >= tonumber(ARGV[3]) then return 0 end
if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then return 1 end
local time = redis.call('TIME')
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2], '', time[1] .. '.' .. time[2])
return 1`);

/** Removes from a room's. `ARGV`: fields. */
const removeFromRoomScript = defineScript(`
if redis.call('HDEL', KEYS[1], unpack(ARGV)) == 0 then return 0 end
local time = redis.call('TIME')
redis.call('HSET', KEYS[1], '', time[1] .. '.' .. time[2])
if redis.call('HLEN', KEYS[1]) == 1 then redis.call('DEL', KEYS[1]) end
return 1`);

/** Removes from a user's, unless it was registered anew since. `ARGV`: field and value in turn. */
const removeFromUserScript = defineScript(`
for i = 1, #ARGV, 2 do
  if redis.call('HGET', KEYS[1], ARGV[i]) == ARGV[i + 1] then redis.call('HDEL', KEYS[1], ARGV[i]) end
end
return 1`);

/** All fields and values of a room's, with its version before them. `ARGV`: the version that is known. */
const readRoomScript = defineScript(`
local version = redis.call('HGET', KEYS[1], '') or ''
if version == ARGV[1] then return false end
local all = redis.call('HGETALL', KEYS[1])
local rows = {}
for i = 1, #all, 2 do
  if all[i] ~= '' then
    rows[#rows + 1] = all[i]
    rows[#rows + 1] = all[i + 1]
  end
end
return { version, rows }`);

/** All fields and values in turn, whichever form of the protocol is spoken. */
const readUserScript = defineScript(`return redis.call('HGETALL', KEYS[1])`);

const roomSchema = v.nullable(v.tuple([v.string(), namesSchema]));

/** No room has it. */
const unknownVersion = '?';

export function createRedisPushStore(options: RedisPushStoreOptions): PushStore {
  const { line, keys, time, publicKey, rememberedMs = 5_000, damagedRooms } = options;
  const index = createCountedIndex({
    line,
    keys: [keys.pushedUsers(), keys.pushCounts()],
    most: options.maxRegistrations ?? 1_000_000,
  });
  const mark = markOfKey(publicKey);
  const rooms = createPushRoomCache({ read: readRoom, time, rememberedMs });

  const run = (script: Script, key: string, ...args: string[]) =>
    runScript(line, { script, keys: [key], args });

  async function readRoom(room: string, version = unknownVersion) {
    const answer = v.parse(roomSchema, await run(readRoomScript, keys.roomPush(room), version));
    if (answer === null) return undefined;
    const found = readable(room, () => foundInRoom(room, rowsOf(answer[1])));
    const others = found.filter((each) => each.mark !== mark).map(({ field }) => field);
    if (others.length > 0) await takeFromRoom(room, others);
    const own = found.filter((each) => each.mark === mark);
    return { version: answer[0], registrations: own.map(({ registration }) => registration) };
  }

  /** What somebody has damaged is the room's trouble: whoever runs the server is told of it with its key. */
  function readable<Result>(room: string, parse: () => Result): Result {
    try {
      const result = parse();
      damagedRooms?.worked(room);
      return result;
    } catch (cause) {
      const what = `${keys.roomPush(room)} has a registration that is none`;
      damagedRooms?.failed(room, new DamagedKeyError(what));
      throw new RoomUnavailableError(reasonOf(cause), { cause });
    }
  }

  /** `ARGV` of a script takes no more than some thousands. */
  async function takeFromRoom(room: string, fields: readonly string[]): Promise<void> {
    for (let from = 0; from < fields.length; from += 1_000) {
      const part = fields.slice(from, from + 1_000);
      await run(removeFromRoomScript, keys.roomPush(room), ...part);
    }
    rooms.changed(room);
  }

  /** First from the rooms, then from the user's. */
  async function removeAll(userId: string, rows: readonly Row[]): Promise<void> {
    if (rows.length === 0) return;
    const parts = rows.map(([field]) => partsOfUserField(field));
    const inRooms = [...new Set(parts.map(({ room }) => room))];
    await Promise.all(
      inRooms.map((room) =>
        takeFromRoom(
          room,
          parts
            .filter((each) => each.room === room)
            .map((each) => roomField(userId, each.endpoint)),
        ),
      ),
    );
    await run(removeFromUserScript, keys.userPush(userId), ...rows.flat());
  }

  async function countOf(userId: string): Promise<number> {
    const key = keys.userPush(userId);
    return v.parse(countSchema, await line.send(key, 'HLEN', key));
  }

  const note = async (userId: string) => index.note(userId, await countOf(userId));

  /** Removes all of a user's, and answers how many there are then, as they may be registered anew meanwhile. */
  async function giveWay(userId: string): Promise<number> {
    try {
      await removeAll(userId, rowsOf(await run(readUserScript, keys.userPush(userId))));
      return await countOf(userId);
    } catch {
      // One whose node is away, or that somebody has damaged, is not to keep all others from registering.
      return 0;
    }
  }

  async function keepWithinBound(userId: string): Promise<void> {
    let known = await note(userId);
    for (let looks = 0; looks < usersLookedAt && known.over > 0; looks += 1) {
      const { oldest } = known;
      if (oldest === userId) return;
      known = await index.note(oldest, await giveWay(oldest));
    }
  }

  return {
    async add(registration) {
      const { room, userId, subscription } = registration;
      const { endpoint } = subscription;
      const { pushEndpointsPerUser, roomsPerConnection, pushRegistrationsPerRoom } = limits;
      const key = keys.userPush(userId);
      const text = keysText(registration);
      const bounds = [pushEndpointsPerUser, roomsPerConnection].map(String);
      const displaced = rowsOf(await run(addScript, key, endpoint, room, text, mark, ...bounds));
      const field = roomField(userId, endpoint);
      const most = String(pushRegistrationsPerRoom);
      const isKept = await run(
        addToRoomScript,
        keys.roomPush(room),
        ...[field, `${mark} ${text}`, most],
      );
      rooms.changed(room);
      if (v.parse(yesOrNoSchema, isKept) === 0) {
        await line.send(key, 'HDEL', key, userField(endpoint, room));
        await note(userId);
        return 'room full';
      }
      await removeAll(userId, displaced);
      await keepWithinBound(userId);
      return 'kept';
    },

    async remove(userId, which) {
      const rows = rowsOf(await run(readUserScript, keys.userPush(userId)));
      const meant = rows.filter(isMeantBy(which));
      if (meant.length === 0) return;
      await removeAll(userId, meant);
      await note(userId);
    },

    inRoom: rooms.inRoom,

    async ofUser(userId) {
      const answer = await run(readUserScript, keys.userPush(userId));
      const found = foundWithUser(userId, rowsOf(answer));
      return found.filter((each) => each.mark === mark).map(({ registration }) => registration);
    },
  };
}

function isMeantBy({ room, endpoint }: PushSelection) {
  return ([field]: Row) => {
    const parts = partsOfUserField(field);
    return (room ?? parts.room) === parts.room && (endpoint ?? parts.endpoint) === parts.endpoint;
  };
}
