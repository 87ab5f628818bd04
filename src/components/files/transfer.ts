/** What of a paste or a drop is meant as files. A text that is pasted stays a text. */
import type { RefusedFile } from '../../store/attachedFiles';
import { dateInName } from './fileName';

/** What browsers call a picture that had no name. */
const nameless = /^image\.(\w+)$/i;

/**
 * The files of what was pasted; none where it is a text that comes with a picture of itself, as from a
 * spreadsheet. `nameOf` names a picture from the clipboard by a date and a time.
 */
export function pastedFiles(
  data: Pick<DataTransfer, 'files' | 'getData'>,
  now: number,
  nameOf: (when: string) => string,
): File[] {
  const files = [...data.files];
  if (files.length === 0 || !areMeant(files, data)) return [];
  return files.map((file) => {
    const [, ending] = nameless.exec(file.name) ?? [];
    if (!ending || !file.type.startsWith('image/')) return file;
    const name = `${nameOf(dateInName(now))}.${ending}`;
    return new File([file], name, { type: file.type, lastModified: file.lastModified });
  });
}

function areMeant(files: readonly File[], data: Pick<DataTransfer, 'getData'>): boolean {
  const text = data.getData('text/plain').trim();
  if (text === '') return true;
  const names = new Set(files.map(({ name }) => name));
  // A file manager gives the names, or the paths, of the files as a text.
  if (text.split(/\r?\n/).every((line) => names.has(lastPartOf(line)))) return true;
  return isPictureAlone(data.getData('text/html'));
}

function lastPartOf(path: string): string {
  const last = path.trim().split(/[\\/]/).at(-1) ?? '';
  try {
    return path.startsWith('file:') ? decodeURIComponent(last) : last;
  } catch {
    return last;
  }
}

/** Nothing but a picture, as a browser gives one that was copied from a page. A document of this kind loads nothing. */
function isPictureAlone(html: string): boolean {
  if (html === '') return false;
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  return body.querySelector('img') !== null && body.textContent.trim() === '';
}

/** Whether something is dragged that may hold files. */
export function hasFiles(data: Pick<DataTransfer, 'types'> | null): boolean {
  return data?.types.includes('Files') ?? false;
}

/** The files of what was dropped. A folder has no bytes of its own to be sent. */
export function droppedFiles(data: Pick<DataTransfer, 'items' | 'files'>): {
  files: File[];
  folders: RefusedFile[];
} {
  const names = [...data.items].flatMap((item) => {
    const entry = item.webkitGetAsEntry?.();
    return entry?.isDirectory ? [entry.name] : [];
  });
  const isFolder = ({ name }: File) => names.includes(name);
  return {
    files: [...data.files].filter((file) => !isFolder(file)),
    folders: names.map((name) => ({ name, why: 'unreadable' })),
  };
}
