/**
 * Sign-outs that the server has not heard of yet. Who signs out leaves at once, with a line or without;
 * that their token has to end is kept in the browser, and told to the server as soon as that can be reached.
 */
import type { Time } from '../connection/ports';
import type { NoteStorage } from './outboxStorage';

export interface FarewellsOptions {
  /** Only the server that gave a token can end it. */
  serverUrl: string;
  notes: NoteStorage;
  newId(): string;
  time: Time;
  /** Tells the server that a token has to end. Resolves with whether it has answered. */
  tell(token: string): Promise<boolean>;
}

export interface Farewells {
  /** Remembers, over a reload too, that this token has to end. */
  note(token: string): void;
  /** The server has not heard of every sign-out. */
  areDue(): boolean;
  /** Tells the server. Resolves when it has answered, or when it cannot be reached now. Never rejects. */
  deliver(): Promise<void>;
}

/** What the server may take to answer, in ms: less than it waits itself for who comes in meanwhile. */
export const answerTimeoutMs = 5_000;

export function createFarewells(options: FarewellsOptions): Farewells {
  const { serverUrl, notes, newId, time, tell } = options;
  const prefix = `sign-out ${encodeURIComponent(serverUrl)} `;
  /** By its note; here as well, since a browser may keep no notes. */
  const noted = new Map<string, string>();
  let delivering: Promise<void> | undefined;

  function read() {
    for (const key of notes.keys(prefix)) {
      const token = notes.get(key);
      if (token !== undefined) noted.set(key, token);
    }
    return noted;
  }

  async function deliverAll() {
    for (const [key, token] of [...read()]) {
      if (!(await tellInTime(token))) continue;
      noted.delete(key);
      notes.remove(key);
    }
    delivering = undefined;
  }

  /** Who signs in waits for this, and what tells may have to be fetched first. */
  function tellInTime(token: string): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (isAnswered: boolean) => {
        cancel();
        resolve(isAnswered);
      };
      const cancel = time.after(answerTimeoutMs, () => resolve(false));
      tell(token).then(end, () => end(false));
    });
  }

  return {
    note(token) {
      const key = `${prefix}${newId()}`;
      noted.set(key, token);
      notes.set(key, token);
    },
    areDue: () => read().size > 0,
    deliver() {
      delivering ??= deliverAll();
      return delivering;
    },
  };
}
