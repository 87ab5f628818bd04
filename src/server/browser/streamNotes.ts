/**
 * What is being written before all eyes, noted in a database beside the log: a preview is in memory only, and
 * the server in the page ends with its page, without a word. At most one note is on its way at a time for each
 * stream, with the newest text.
 */
import { type DBSchema, openDB } from 'idb';
import * as v from 'valibot';
import { aboutSentSchema } from '../../protocol/about';
import { userSchema } from '../../protocol/user';

const streamNote = v.object({
  userId: v.string(),
  id: v.string(),
  room: v.string(),
  user: userSchema,
  about: v.optional(aboutSentSchema),
  text: v.string(),
});

/** A message in the making, and its whole text so far. */
export type StreamNote = v.InferOutput<typeof streamNote>;

interface NotesSchema extends DBSchema {
  streams: { key: [userId: string, id: string]; value: StreamNote };
}

export interface StreamNotes {
  /** All that is noted. What some other version wrote and cannot be read is forgotten. */
  all(): Promise<StreamNote[]>;
  put(note: StreamNote): void;
  /** It has ended: nothing of it stays. */
  remove(userId: string, id: string): void;
  close(): void;
}

/** Rejects where this browser keeps nothing. `onError` is told of what could not be noted: the stream goes on. */
export async function openStreamNotes(
  name: string,
  onError: (error: unknown) => void,
): Promise<StreamNotes> {
  const database = await openDB<NotesSchema>(name, 1, {
    upgrade: (upgraded) =>
      void upgraded.createObjectStore('streams', { keyPath: ['userId', 'id'] }),
    blocking: () => database.close(),
  });
  /** By stream: what is to be done once what is on its way has arrived. */
  const next = new Map<string, (() => Promise<unknown>) | undefined>();

  /** The newest wish alone counts. */
  function then(userId: string, id: string, work: () => Promise<unknown>) {
    const key = `${userId} ${id}`;
    if (next.has(key)) return void next.set(key, work);
    next.set(key, undefined);
    const goOn = (): void => {
      const following = next.get(key);
      if (!following) return void next.delete(key);
      next.set(key, undefined);
      run(following);
    };
    const run = (wanted: () => Promise<unknown>) =>
      wanted()
        .catch(onError)
        .then(() => goOn());
    run(work);
  }

  return {
    async all() {
      const rows: StreamNote[] = [];
      for (const row of await database.getAll('streams')) {
        const { success, output } = v.safeParse(streamNote, row);
        if (success) rows.push(output);
      }
      return rows;
    },
    put: (note) => then(note.userId, note.id, () => database.put('streams', note)),
    remove: (userId, id) => then(userId, id, () => database.delete('streams', [userId, id])),
    close: () => database.close(),
  };
}
