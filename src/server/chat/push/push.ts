/**
 * Push when away: who turned it on in a room and has no open connection is told of each message that
 * others write there; of what is done to a message, only by what the push then says. It runs beside the
 * chat and never before it: acks and fan-out do not wait for it, and in a room of many it looks at the
 * latest message only, at a bounded pace.
 */
import type { Cancel, Random, Time } from '../../../connection/ports';
import { isText } from '../../../protocol/about';
import { closeCodes } from '../../../protocol/closeCodes';
import type { ClientFrameOf, ServerFrameOf } from '../../../protocol/frames';
import { isProgram } from '../../../protocol/program';
import type { User } from '../../../protocol/user';
import { shownTextOf } from '../../log/texts';
import { excerptOf } from '../room/excerpt';
import { createAbsences } from './pushAbsences';
import type {
  PushObserver,
  PushPayload,
  PushRegistration,
  PushSender,
  PushStore,
} from './pushPorts';
import { createPushQueue } from './pushQueue';

export interface PushPorts {
  store: PushStore;
  sender: PushSender;
  observe?: PushObserver;
}

/** What the chat that it runs beside is to it. */
export interface PushHost {
  time: Time;
  random: Random;
  /** How long a user whose line broke is still taken to be there, in ms. */
  graceMs: number;
  /** How long a dead line may go unnoticed, in ms: what was said meanwhile may not have been seen. */
  unnoticedMs: number;
  hasConnection(userId: string): boolean;
  /** Whether the user has a connection at another gateway, or had one a moment ago. May reject. */
  isElsewhere(userId: string): Promise<boolean>;
  /** Told of what should not have happened; the chat is not disturbed. */
  onError(error: unknown): void;
}

export type PushAnswer = ServerFrameOf<'pushed'> | { refused: string };

export interface Push {
  /** What browsers subscribe with. */
  readonly key: string;
  /** Does what the frame asks for. Never rejects. */
  answer(frame: ClientFrameOf<'push'> | ClientFrameOf<'unpush'>, user: User): Promise<PushAnswer>;
  /** A connection of the user has opened. */
  came(userId: string): void;
  /** A connection of the user has ended, with the WebSocket's close code. */
  left(userId: string, code: number): void;
  /** The user has signed out. */
  forget(userId: string): void;
  /** A message is in the log, by this server: who is away is told of it. Returns at once. */
  told(message: ServerFrameOf<'msg'>): void;
  /** A message is in the log, by this server or another: it is for who turns out to be away here. */
  heard(message: ServerFrameOf<'msg'>): void;
  /** Lets what is on its way end, for at most `timeoutMs`, and leaves no timer. */
  stop(timeoutMs: number): Promise<void>;
}

/** After a start everybody has so many graces to come back: their own tries may be far apart by then. */
const startGraces = 3;

/** How long the latest message of a room is remembered for who turns out to be away, in ms. */
const rememberedMs = 300_000;

/** In a room with more than these many to look at, the next look comes later: ms for each, and at most. */
const few = 50;
const restMs = { each: 1, most: 2_000 };

/** The latest message of a room. */
interface News {
  readonly message: ServerFrameOf<'msg'>;
  /** By this server: those who were away already are its to tell. */
  readonly isOurs: boolean;
  readonly toldAt: number;
  /** The text as it is by now; undefined once it is deleted. */
  text: string | undefined;
  /** Made when somebody is to be told, and the same for all. */
  payload?: { -readonly [Field in keyof PushPayload]: PushPayload[Field] };
}

/** Push for a chat that is to have it; one that is not needs none of this. */
export const pushThrough =
  (ports: PushPorts) =>
  (host: PushHost): Push =>
    createPush({ ...ports, ...host });

function createPush(options: PushPorts & PushHost): Push {
  const { store, sender, time, random, graceMs, isElsewhere, onError } = options;
  const { observe = () => {} } = options;
  const startedAt = time.now();
  const latest = new Map<string, News>();
  /** What is in line or waits for another try, although its message is deleted. */
  const withdrawn = new WeakSet<PushPayload>();
  /** Rooms that are being looked at, or were a moment ago. */
  const resting = new Map<string, Cancel>();
  let cancelSweep: Cancel | undefined;
  let isStopped = false;

  const absences = createAbsences({
    time,
    startGraceMs: startGraces * graceMs,
    hasConnection: options.hasConnection,
    onMissed: (userId, seenUntil) => void tellUser(userId, seenUntil).catch(onError),
  });
  const queue = createPushQueue({
    time,
    random,
    onError,
    observe,
    send: ({ registration, payload }) => sender.send(registration.subscription, payload),
    async isWanted({ registration, payload }) {
      if (withdrawn.has(payload)) return false;
      const { userId, room, subscription } = registration;
      if (absences.since(userId) === undefined || (await isElsewhere(userId))) return false;
      return (await store.ofUser(userId)).some(
        (each) => each.room === room && each.subscription.endpoint === subscription.endpoint,
      );
    },
    onGone: ({ registration: { userId, subscription } }) =>
      store.remove(userId, { endpoint: subscription.endpoint }),
  });
  const cancelStart = time.after(startGraces * graceMs, () => {
    for (const room of latest.keys()) void tellStrangers(room).catch(onError);
  });

  function put(registration: PushRegistration, news: News) {
    const { room, seq, from } = news.message;
    if (isStopped || registration.userId === from.id || news.text === undefined) return;
    const name = from.tag === undefined ? from.name : `${from.name} ·${from.tag}`;
    news.payload ??= {
      room,
      seq,
      from: name,
      ...(isProgram(from) && { program: true }),
      text: excerptOf(news.text),
    };
    queue.put({ registration, payload: news.payload });
  }

  /** What was not pushed yet is pushed with the new text, or not at all. */
  function change({ room, about, body }: ServerFrameOf<'msg'>) {
    const news = latest.get(room);
    if (!news || news.message.seq !== about?.seq) return;
    if (about.kind === 'edit') {
      news.text = shownTextOf({ ...news.message, body });
      if (news.payload) news.payload.text = excerptOf(news.text);
    }
    if (about.kind === 'delete') {
      news.text = undefined;
      if (news.payload) withdrawn.add(news.payload);
      latest.delete(room);
    }
  }

  /** Tells everybody who was away when the latest message came. */
  async function tellRoom(room: string): Promise<void> {
    resting.set(room, () => {});
    const news = latest.get(room);
    const registrations = await store.inRoom(room);
    if (isStopped || !news) return;
    if (registrations.length === 0 && latest.get(room) === news) latest.delete(room);
    for (const registration of registrations) {
      const since = absences.since(registration.userId);
      if (since !== undefined && since <= news.toldAt) put(registration, news);
    }
    const lookAgain = () => {
      resting.delete(room);
      const newest = latest.get(room);
      if (newest?.isOurs && newest !== news) lookAt(room);
    };
    if (registrations.length <= few) return lookAgain();
    const delayMs = Math.min(restMs.each * registrations.length, restMs.most);
    resting.set(room, time.after(delayMs, lookAgain));
  }

  /** Remembers what was said, unless it is known; says whether it was not. */
  function remember(message: ServerFrameOf<'msg'>, isOurs: boolean): boolean {
    const { room, epoch, seq } = message;
    const known = latest.get(room)?.message;
    if (known?.epoch === epoch && known.seq >= seq) return false;
    latest.set(room, { message, isOurs, toldAt: time.now(), text: shownTextOf(message) });
    cancelSweep ??= time.after(rememberedMs, sweep);
    return true;
  }

  function lookAt(room: string) {
    tellRoom(room).catch((error) => {
      resting.delete(room);
      onError(error);
    });
  }

  /** Tells who did not come back what was said since they were last heard. */
  async function tellUser(userId: string, seenUntil: number): Promise<void> {
    for (const registration of await store.ofUser(userId)) {
      const news = latest.get(registration.room);
      if (news && news.toldAt >= seenUntil) put(registration, news);
    }
  }

  /** The start is over: tells who has not come back since what was said meanwhile. */
  async function tellStrangers(room: string): Promise<void> {
    const news = latest.get(room);
    for (const registration of await store.inRoom(room)) {
      const isOurs = news?.isOurs && news.toldAt >= startedAt;
      if (isOurs && !absences.isKnown(registration.userId)) {
        put(registration, news);
      }
    }
  }

  function sweep() {
    cancelSweep = undefined;
    const oldest = time.now() - rememberedMs;
    for (const [room, { toldAt }] of latest) if (toldAt <= oldest) latest.delete(room);
    if (latest.size > 0) cancelSweep = time.after(rememberedMs, sweep);
  }

  async function register({ room, endpoint, keys }: ClientFrameOf<'push'>, { id }: User) {
    const subscription = { endpoint, keys };
    const refused = sender.whyRefused(subscription);
    if (refused !== undefined) return { refused };
    const added = await store.add({ room, userId: id, subscription });
    if (added === 'room full') return { refused: 'too many are pushed to in this room' };
    return { t: 'pushed', room, on: true } as const;
  }

  return {
    key: sender.key,

    async answer(frame, user) {
      try {
        if (frame.t === 'push') return await register(frame, user);
        const { room, endpoint } = frame;
        await store.remove(user.id, { room, endpoint });
        return { t: 'pushed', on: false, ...(room !== undefined && { room }) };
      } catch (error) {
        onError(error);
        return { refused: 'the server could not keep it' };
      }
    },

    came: absences.came,

    left(userId, code) {
      if (isStopped) return;
      const now = time.now();
      if (code === closeCodes.left.code) return absences.left(userId, now, 0);
      // Only a line that ended without a word may have been dead for a while.
      const isSilent = code === 1006;
      absences.left(userId, isSilent ? now - options.unnoticedMs : now, graceMs);
    },

    forget: (userId) => void store.remove(userId, {}).catch(onError),

    told(message) {
      if (isStopped) return;
      if (!isText(message.about)) return change(message);
      // What came after it by another server is what that one tells.
      if (remember(message, true) && !resting.has(message.room)) lookAt(message.room);
    },

    heard(message) {
      if (isStopped) return;
      if (isText(message.about)) remember(message, false);
      else change(message);
    },

    async stop(timeoutMs) {
      await new Promise<void>((resolve) => {
        const cancel = time.after(timeoutMs, resolve);
        void queue.settled().then(() => {
          cancel();
          resolve();
        });
      });
      isStopped = true;
      queue.stop();
      absences.clear();
      cancelStart();
      cancelSweep?.();
      for (const cancel of resting.values()) cancel();
      resting.clear();
    },
  };
}
