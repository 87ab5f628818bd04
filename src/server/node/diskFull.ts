import { codeOf } from './errorCode';

/** Whether an error says that there is no room: on the disk, in the user's part of it, or in the file. */
export function isDiskFull(error: unknown): boolean {
  const isOfFiles = ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(String(codeOf(error)));
  // SQLite says it in words.
  return isOfFiles || (error instanceof Error && /disk is full/.test(error.message));
}
