/**
 * How a file is shown: only what browsers show without ever running anything in it. A drawing in SVG or a
 * page in HTML is a file like any other, to be saved.
 */
import type { ShownFile } from '../../store/chatStore';

export type FileKind = 'picture' | 'sound' | 'film' | 'file';

const pictures = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif']);
const sounds = new Set(['audio/mpeg', 'audio/mp4', 'audio/ogg', 'audio/webm', 'audio/wav']);
const films = new Set(['video/mp4', 'video/webm']);

/** By its media type alone. */
export function kindOfType(type: string): FileKind {
  if (pictures.has(type)) return 'picture';
  if (sounds.has(type)) return 'sound';
  return films.has(type) ? 'film' : 'file';
}

/** A picture of unknown size has no place that could be kept for it, and is shown as a file. */
export function kindOf({ type, width, height }: ShownFile): FileKind {
  const kind = kindOfType(type);
  return kind === 'picture' && (width === undefined || height === undefined) ? 'file' : kind;
}
