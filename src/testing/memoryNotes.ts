/** Texts by key, as a browser keeps them, in memory. */
import type { NoteStorage } from '../chat/outboxStorage';

export function createMemoryNotes(notes = new Map<string, string>()): NoteStorage {
  return {
    get: (key) => notes.get(key),
    set: (key, value) => void notes.set(key, value),
    remove: (key) => void notes.delete(key),
    keys: (prefix) => [...notes.keys()].filter((key) => key.startsWith(prefix)),
  };
}
