/** What becomes of files that a person picks: a record each, or a word on why not. */
import { codePointCount, limits } from '../protocol/limits';
import { cleanFileName } from './fileName';
import type { Draft } from './outboxEntry';
import { tooLong } from './tooLong';
import type { UntakenFile } from './types';
import type { UploadRecord } from './uploadRecord';

export interface AttachOptions {
  files: readonly File[];
  /** Goes with the first of them that is taken. */
  body: string;
  about: Draft['about'];
  /** The room that they are for. */
  room: string;
  roomKey: string | undefined;
  /** The largest that the server takes, in bytes; undefined where it takes none. */
  largestBytes: number | undefined;
  /** How many more may wait. */
  mostFiles: number;
  /** Ms since 1970. */
  at: number;
  newId(): string;
}

export interface Attached {
  readonly taken: readonly { readonly record: UploadRecord; readonly file: File }[];
  readonly untaken: readonly UntakenFile[];
}

/** Looks at each for a moment. Never rejects. */
export async function attachFiles(options: AttachOptions): Promise<Attached> {
  const { files, body, about, room, roomKey, largestBytes, mostFiles, at, newId } = options;
  const reasons = await Promise.all(files.map((file) => whyNot(file, largestBytes)));
  const taken: { record: UploadRecord; file: File }[] = [];
  const untaken: UntakenFile[] = [];
  for (const [index, file] of files.entries()) {
    const why = reasons[index] ?? (taken.length >= mostFiles ? 'too many' : undefined);
    if (why) {
      untaken.push({ name: file.name, why });
      continue;
    }
    const isFirst = taken.length === 0;
    const record: UploadRecord = {
      id: newId(),
      ...{ room, roomKey, about: isFirst ? about : undefined, body: isFirst ? body : '', at },
      name: cleanFileName(file.name),
      type: file.type || 'application/octet-stream',
      size: file.size,
      ...(isFirst && codePointCount(body) > limits.bodyLength && { failure: tooLong }),
    };
    taken.push({ record, file });
  }
  return { taken, untaken };
}

async function whyNot(
  file: File,
  largestBytes: number | undefined,
): Promise<UntakenFile['why'] | undefined> {
  if (largestBytes === undefined) return 'no files here';
  if (file.size === 0) return 'empty';
  if (file.size > largestBytes) return 'too large';
  try {
    // A folder, or what is gone or locked, is found out by its first byte.
    await file.slice(0, 1).arrayBuffer();
    return undefined;
  } catch {
    return 'unreadable';
  }
}
