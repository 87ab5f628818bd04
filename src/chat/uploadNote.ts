/** A word that stands while files wait to be sent, so that a page without any need not look for them. */
import type { NoteStorage } from './outboxStorage';

/** The key of the note of one `owner`: a server and a name. */
export const uploadNote = (owner: string): string => `uploads ${encodeURIComponent(owner)}`;

/** What it says where files could not be cleared when they should: that is done before any of them is read. */
export const toBeCleared = '';

/** What a page does with it before it has what sends files. */
export function createUploadNote(owner: string, notes: Pick<NoteStorage, 'get' | 'set'>) {
  const key = uploadNote(owner);
  return {
    /** Files of this owner may be left over from an earlier visit. */
    mayBeKept: () => notes.get(key) !== undefined,
    /** What is left over is cleared before it is read, by whichever page does that. */
    clearLater: () => notes.set(key, toBeCleared),
  };
}
