/**
 * For tests: gateways of one chat on one log in memory. What one tells another waits until the test lets it
 * arrive: in order, out of order, twice, or never.
 */
import type { LoggedMessage } from '../../../protocol/message';
import type { User } from '../../../protocol/user';
import { LogUnavailableError, type MessageLog } from '../../log/log';
import { createMemoryLog } from '../../log/memoryLog';
import type { Cluster, RoomListener } from './cluster';

export interface TestCluster {
  /** The log as each gateway has it: what is appended is told to all. */
  readonly log: MessageLog;
  join(gateway: string): Cluster;
  /** The rooms that a gateway has entered and not left. */
  enteredBy(gateway: string): string[];
  /** How much is on its way. */
  readonly waiting: number;
  /** Lets one of what is on its way arrive: the `index`th, or the oldest. */
  arrive(index?: number): void;
  arriveAll(): void;
  /** One of what is on its way never arrives. */
  lose(index: number): void;
  /** One of what is on its way arrives twice. */
  repeat(index: number): void;
  /** What a gateway says is heard by nobody any more, and its users are gone. */
  kill(gateway: string): void;
  /** Nothing can be told, read or appended, until it is back: then all are told that they may have missed some. */
  setAway(isAway: boolean): void;
  /** The log is another one from now on, which begins with the first `kept` messages of each room. */
  replaceLog(kept: number, rooms: readonly string[]): Promise<void>;
}

interface Gateway {
  readonly rooms: Map<string, RoomListener>;
  /** Who is there, by room. */
  readonly present: Map<string, Map<string, User>>;
  readonly lines: Set<string>;
  onSignedOut: (userId: string) => void;
  onSignOutsMissed: () => void;
}

export function createTestCluster(): TestCluster {
  let epochs = 1;
  let memory = createMemoryLog('epoch-1');
  let isAway = false;
  const gateways = new Map<string, Gateway>();
  const wire: (() => void)[] = [];

  const others = (gateway: string) => [...gateways].filter(([id]) => id !== gateway);
  const refuseAway = () => {
    if (isAway) throw new LogUnavailableError('the engine is away');
  };

  function tellRoom(room: string, to: readonly Gateway[], tell: (listener: RoomListener) => void) {
    if (isAway) return;
    for (const { rooms } of to) {
      wire.push(() => {
        const listener = rooms.get(room);
        if (listener) tell(listener);
      });
    }
  }

  const log: MessageLog = {
    async append(draft) {
      refuseAway();
      const appended = await memory.append(draft);
      if (appended.dup) return appended;
      const { room, seq, epoch } = appended;
      const { id, from, body, about, cut } = draft;
      const message: LoggedMessage = { seq, mid: appended.mid, id, from, body, at: appended.at };
      if (about) message.about = { kind: about.kind, seq: about.seq };
      if (cut) message.cut = cut;
      tellRoom(room, [...gateways.values()], (listener) => listener.appended(epoch, [message]));
      return appended;
    },
    async head(room) {
      refuseAway();
      return memory.head(room);
    },
    async textsUpTo(room, seq) {
      refuseAway();
      return memory.textsUpTo(room, seq);
    },
    async after(room, seq, limit) {
      refuseAway();
      return memory.after(room, seq, limit);
    },
    async before(room, seq, limit) {
      refuseAway();
      return memory.before(room, seq, limit);
    },
    async check() {
      refuseAway();
    },
    async close() {},
  };

  function presentOf(gateway: Gateway, room: string) {
    const known = gateway.present.get(room) ?? new Map<string, User>();
    gateway.present.set(room, known);
    return known;
  }

  function join(id: string): Cluster {
    const gateway: Gateway = {
      rooms: new Map(),
      present: new Map(),
      lines: new Set(),
      onSignedOut: () => {},
      onSignOutsMissed: () => {},
    };
    gateways.set(id, gateway);
    const tell = (room: string, what: (listener: RoomListener) => void) =>
      tellRoom(
        room,
        others(id).map(([, other]) => other),
        what,
      );
    return {
      enter(room, listener) {
        gateway.rooms.set(room, listener);
        for (const [other, { present }] of others(id)) {
          for (const user of present.get(room)?.values() ?? []) {
            wire.push(() => gateway.rooms.get(room)?.arrived(other, user));
          }
        }
        const askWritten = () => tell(room, (each) => each.askedWritten());
        askWritten();
        return {
          ready: async () => refuseAway(),
          arrived(user) {
            presentOf(gateway, room).set(user.id, user);
            tell(room, (each) => each.arrived(id, user));
          },
          left(userId) {
            presentOf(gateway, room).delete(userId);
            tell(room, (each) => each.left(id, userId));
          },
          typing: (user) => tell(room, (each) => each.typing(user)),
          read: (user, epoch, seq) => tell(room, (each) => each.read(user, epoch, seq)),
          written: (news) => tell(room, (each) => each.written(id, news)),
          askWritten,
          leave() {
            for (const userId of presentOf(gateway, room).keys()) {
              tell(room, (each) => each.left(id, userId));
            }
            gateway.rooms.delete(room);
            gateway.present.delete(room);
          },
        };
      },
      lines: {
        came: (userId) => void gateway.lines.add(userId),
        left: (userId) => void gateway.lines.delete(userId),
        isElsewhere: async (userId) => others(id).some(([, { lines }]) => lines.has(userId)),
      },
      signedOut(userId) {
        for (const [, other] of others(id)) wire.push(() => other.onSignedOut(userId));
      },
      onSignedOut(listener) {
        gateway.onSignedOut = listener;
      },
      onSignOutsMissed(listener) {
        gateway.onSignOutsMissed = listener;
      },
    };
  }

  const arrive = (index = 0) => wire.splice(index, 1)[0]?.();

  return {
    log,
    join,
    enteredBy: (id) => [...(gateways.get(id)?.rooms.keys() ?? [])],
    get waiting() {
      return wire.length;
    },
    arrive,
    arriveAll() {
      while (wire.length > 0) arrive();
    },
    lose: (index) => void wire.splice(index, 1),
    repeat(index) {
      wire[index]?.();
    },
    kill(id) {
      const dead = gateways.get(id);
      gateways.delete(id);
      dead?.rooms.clear();
      for (const { rooms } of gateways.values()) {
        for (const listener of rooms.values()) wire.push(() => listener.gatewayGone(id));
      }
    },
    setAway(away) {
      isAway = away;
      if (away) return;
      for (const { rooms, onSignOutsMissed } of gateways.values()) {
        for (const listener of rooms.values()) listener.mayHaveMissed();
        onSignOutsMissed();
      }
    },
    async replaceLog(kept, rooms) {
      epochs += 1;
      const before = memory;
      memory = createMemoryLog(`epoch-${epochs}`);
      for (const room of rooms) {
        const page = await before.after(room, 0, { messages: kept, length: 1_000_000 });
        for (const { mid, id, from, body, at } of kept === 0 ? [] : page.messages) {
          await memory.append({ room, mid, id, from, body, at });
        }
      }
      for (const { rooms: entered } of gateways.values()) {
        for (const listener of entered.values()) listener.mayHaveMissed();
      }
    },
  };
}
