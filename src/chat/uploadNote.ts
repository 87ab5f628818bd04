/** A word that stands while files wait to be sent, so that a page without any need not look for them. */
import type { NoteStorage } from './outboxStorage';

/** The key of the note of one `owner`: a server and a name. */
export const uploadNote = (owner: string): string => `uploads ${encodeURIComponent(owner)}`;

/** Files of this owner may be left over from an earlier visit. */
export function mayKeepUploads(owner: string, notes: Pick<NoteStorage, 'get'>): boolean {
  return notes.get(uploadNote(owner)) !== undefined;
}

/** What the note says instead where they could not be cleared when they should: it is done before any is read. */
export const toBeCleared = 'clear';

export function clearUploadsLater(owner: string, notes: Pick<NoteStorage, 'set'>): void {
  notes.set(uploadNote(owner), toBeCleared);
}
