/**
 * One room as the server sees it while somebody is in it: its members, how far it has come, and what its
 * members are to be told. Messages wait to be told in order; who came, who left and who is writing only
 * counts while it is fresh.
 */
import { encode } from '../../../protocol/codec';
import type { ServerFrameOf } from '../../../protocol/frames';
import { limits } from '../../../protocol/limits';
import type { User } from '../../../protocol/user';
import type { SharedTexts } from '../ports';
import { type HerePresence, RoomPresence } from './roomPresence';
import { type ReadsFrame, RoomReads } from './roomReads';

/** One connection of a user. */
export interface Member {
  readonly user: User;
  /** Sends what goes to many. */
  deliver(shared: SharedTexts): void;
  send(frame: ServerFrameOf<'presence' | 'reads'>): void;
  /** So much is unread already that what only counts while it is fresh is left out. */
  isBehind(): boolean;
  cork(): void;
  uncork(): void;
}

/** Where a room ends, as far as this server has seen. */
export type RoomHead = Omit<ServerFrameOf<'ready'>['rooms'][number], 'room'>;

/** What is to be told, as encoded frames. */
export interface News {
  readonly messages: readonly string[];
  /** What was being written has ended without a message. */
  readonly streamEnds: readonly string[];
  readonly fresh: readonly string[];
}

/** Who is there is told at once among so few people, and only among them how far each has read. */
const fewPeople = 50;

/** With more it is told the less often the more there are: ms for each of them, and at most. */
const presenceRestMs = { each: 0.2, most: 2_000 };

/** How far people have read changes with each message, for each of them: ms for each. */
const readsRestMs = 10;

export class Room {
  readonly members = new Set<Member>();
  readonly presence: RoomPresence;
  /** None until somebody has read something. */
  #reads: RoomReads | undefined;
  head: RoomHead | undefined;
  /** Members who were behind when it was told who is there, who writes or what, or who has read what. */
  readonly missedFresh = new Set<Member>();
  /** Most members are behind: until then, in ms, its writers are slowed. */
  slowUntil = Number.NEGATIVE_INFINITY;
  #messages: string[] = [];
  #length = 0;
  #streamEnds: string[] = [];
  readonly #writing = new Map<string, User>();
  #presenceRestsUntil = Number.NEGATIVE_INFINITY;
  #readsRestUntil = Number.NEGATIVE_INFINITY;

  constructor(
    readonly name: string,
    here?: HerePresence,
  ) {
    this.presence = new RoomPresence(here);
  }

  /** So few are there that each is told how far the others have read. */
  get isOfFew(): boolean {
    return this.presence.size <= fewPeople;
  }

  /** An earlier place than is known changes nothing. */
  setHead(head: RoomHead): void {
    const isOlder = this.head?.epoch === head.epoch && this.head.seq >= head.seq;
    if (!isOlder) this.head = head;
  }

  addMessage(text: string): void {
    this.#messages.push(text);
    this.#length += text.length;
  }

  addStreamEnd(text: string): void {
    this.#streamEnds.push(text);
  }

  /** Length, in UTF-16 units, of the messages that wait. */
  get length(): number {
    return this.#length;
  }

  /** In a crowd nobody is told who writes: all would be told of somebody all the time. */
  addWriting(user: User): boolean {
    if (this.presence.size > limits.presenceMembers) return false;
    this.#writing.set(user.id, user);
    return true;
  }

  /** What the user was writing is said by now. */
  endWriting(userId: string): void {
    this.#writing.delete(userId);
  }

  /** How long until who is there may be told again, in ms. */
  presenceDelayMs(nowMs: number): number {
    return Math.max(0, this.#presenceRestsUntil - nowMs);
  }

  /** The user has read up to `seq` in log `epoch`. In a crowd nobody is told. */
  addRead(user: User, epoch: string, seq: number): void {
    if (!this.isOfFew) return;
    this.#reads ??= new RoomReads(this.name);
    this.#reads.move(user, epoch, seq);
  }

  get hasReadNews(): boolean {
    return this.#reads?.hasNews === true;
  }

  /** How far those have read who did last; undefined if none has. */
  readsNow(): ReadsFrame | undefined {
    return this.#reads?.snapshot();
  }

  /** How long until it may be told again how far who has read, in ms. */
  readsDelayMs(nowMs: number): number {
    return Math.max(0, this.#readsRestUntil - nowMs);
  }

  snapshot(): ServerFrameOf<'presence'> {
    return { t: 'presence', room: this.name, ...this.presence.snapshot() };
  }

  /** Hands over what waits and may be told now. */
  takeNews(nowMs: number): News {
    const messages = this.#messages;
    const streamEnds = this.#streamEnds;
    this.#messages = [];
    this.#streamEnds = [];
    this.#length = 0;
    const fresh = [...this.#writing.values()].map((user) =>
      encode({ t: 'typing', room: this.name, user }),
    );
    this.#writing.clear();
    if (this.presence.hasNews && this.presenceDelayMs(nowMs) === 0) {
      this.#presenceRestsUntil = nowMs + restMsOf(this.presence.size);
      fresh.push(encode({ t: 'presence', room: this.name, ...this.presence.takeNews() }));
    }
    if (!this.isOfFew) this.#reads = undefined;
    if (this.#reads?.hasNews && this.readsDelayMs(nowMs) === 0) {
      this.#readsRestUntil = nowMs + readsRestMs * this.presence.size;
      fresh.push(encode(this.#reads.takeNews()));
    }
    return { messages, streamEnds, fresh };
  }
}

function restMsOf(people: number): number {
  const { each, most } = presenceRestMs;
  return people <= fewPeople ? 0 : Math.min(most, each * people);
}
