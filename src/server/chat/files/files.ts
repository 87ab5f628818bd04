/** What the heart takes from its host to let people send files. */
import { BlobRefusedError, type BlobStore, type FileFacts } from '../../blobs/blobs';
import type { MessageLog } from '../../log/log';

/** Where bytes are to be had, and for how many ms. */
export interface FileLink {
  readonly url: string;
  readonly expiresIn: number;
}

export interface Files {
  /** The largest file that may be sent. */
  readonly fileBytes: number;
  /** Where the bytes are kept: a host may fetch it when it is first needed. */
  blobs(): Promise<BlobStore>;
  /** The log whose messages hold the bytes of their files, as `holdFiles` makes it. */
  hold(log: MessageLog, onError: (error: unknown) => void): MessageLog;
  /** Undefined if they are not there. */
  linkOf(file: Pick<FileFacts, 'sha256' | 'name' | 'type'>): Promise<FileLink | undefined>;
}

/** Gives the room of a user's unfinished uploads back, who will not go on with them. Never rejects. */
export async function forgetUploads(
  files: Files,
  userId: string,
  failed: (error: unknown) => void,
): Promise<void> {
  try {
    await (await files.blobs()).forgetUnfinishedOf(userId);
  } catch (error) {
    // Where files are away, time will do it.
    if (!(error instanceof BlobRefusedError)) failed(error);
  }
}
