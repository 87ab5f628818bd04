/** The streams that a server knows of: by writer and id, by writer, and by room. */
import type { Cancel } from '../../../connection/ports';
import type { LiveStream } from './liveStream';
import type { StreamKeeping } from './streamKeeping';

/** A stream, and how it stands with it here. */
export interface HeldStream {
  readonly stream: LiveStream;
  /** Its writer has no line: it ends by itself, or once it rests. */
  readonly hasNoLine: boolean;
  /** The gateway that it is written to; undefined while that is this one. */
  gateway: string | undefined;
  /** It was written to a gateway that has ended: this one goes on with it, until its writer is heard again. */
  isAdopted: boolean;
  /** The message itself is on its way to the log. */
  isSending: boolean;
  /** Its writer has broken off: what is there is on its way to the log. */
  keeping: StreamKeeping | undefined;
  /** Members are to be told. */
  hasNews: boolean;
  /** When they last had to be told, in ms. */
  newsAtMs: number;
  /** When its writer, or its gateway, was last heard, in ms. */
  heardAtMs: number;
  cancelIdle: Cancel;
}

/** Known by itself, and not by another gateway. */
export const isHere = ({ gateway }: HeldStream): boolean => gateway === undefined;

/** Its writer writes to this gateway. */
export const isWrittenHere = (held: HeldStream): boolean => isHere(held) && !held.isAdopted;

/** A user's name for a message, as a key: neither id has a blank. */
export const streamKey = (userId: string, id: string): string => `${userId} ${id}`;

const keyOf = ({ stream }: HeldStream) => streamKey(stream.user.id, stream.id);

export class HeldStreams {
  readonly #byKey = new Map<string, HeldStream>();
  readonly #byUser = new Map<string, Set<HeldStream>>();
  readonly #byRoom = new Map<string, Set<HeldStream>>();

  get size(): number {
    return this.#byKey.size;
  }

  get(userId: string, id: string): HeldStream | undefined {
    // Nearly always nobody writes any: then no key is made.
    return this.#byKey.size === 0 ? undefined : this.#byKey.get(streamKey(userId, id));
  }

  has(held: HeldStream): boolean {
    return this.#byKey.get(keyOf(held)) === held;
  }

  add(held: HeldStream): void {
    this.#byKey.set(keyOf(held), held);
    addTo(this.#byUser, held.stream.user.id, held);
    addTo(this.#byRoom, held.stream.room, held);
  }

  delete(held: HeldStream): void {
    this.#byKey.delete(keyOf(held));
    deleteFrom(this.#byUser, held.stream.user.id, held);
    deleteFrom(this.#byRoom, held.stream.room, held);
  }

  /** As they are now: some may be deleted while one goes through them. */
  all(): HeldStream[] {
    return [...this.#byKey.values()];
  }

  ofUser(userId: string): HeldStream[] {
    return [...(this.#byUser.get(userId) ?? [])];
  }

  inRoom(room: string): HeldStream[] {
    return [...(this.#byRoom.get(room) ?? [])];
  }

  clear(): void {
    for (const map of [this.#byKey, this.#byUser, this.#byRoom]) map.clear();
  }
}

function addTo(map: Map<string, Set<HeldStream>>, key: string, held: HeldStream) {
  const known = map.get(key);
  if (known) known.add(held);
  else map.set(key, new Set([held]));
}

function deleteFrom(map: Map<string, Set<HeldStream>>, key: string, held: HeldStream) {
  const known = map.get(key);
  known?.delete(held);
  if (known?.size === 0) map.delete(key);
}
