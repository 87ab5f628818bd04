/**
 * The files of somebody without a page: what is kept of them outlives reloads, as in a browser, and what is in the
 * room is saved by its link.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { UploadSource } from '../../chat/lateUploads';
import type { ChatActions, ChatMessage } from '../../chat/types';
import type { Random } from '../../connection/ports';
import { createMemoryUploads } from '../../testing/memoryUploads';
import { slowUploads } from '../../testing/slowStorage';
import { uploadSource } from '../support/sessionUploads';
import { storagePause } from './storagePause';
import { type FileToSend, sentFile, sha256Of } from './stormFiles';
import type { SentFile, StormFile, StormMessage } from './stormOutcome';

export interface HeadlessFilesOptions {
  random: Random;
  /** Where the server is, for HTTP. */
  serverUrl: string;
  /** Waits until the line is open, or for long. */
  untilOpen(): Promise<unknown>;
  linkOf(seq: number): Promise<string>;
}

export interface HeadlessFiles {
  /** In the order of attaching. */
  readonly sent: readonly SentFile[];
  /** What one page has of those that are kept. */
  openPage(isGone: () => boolean): UploadSource;
  /** What became of it when it is kept, or `page` is gone. */
  attach(
    page: { readonly actions: ChatActions; readonly gone: Promise<void> },
    text: string,
    file: FileToSend,
  ): Promise<'kept' | 'not taken' | 'not known'>;
  /** What is shown, with the files as they can be saved. */
  saved(messages: readonly ChatMessage[]): Promise<readonly StormMessage[]>;
}

/** How often a file is asked for, and the pause in between, in ms: the line may be lost just then, or a store away. */
const mostTries = 20;
const pauseMs = 500;

/** What an answer may take, in ms. */
const answerMs = 10_000;

export function createHeadlessFiles(options: HeadlessFilesOptions): HeadlessFiles {
  const kept = createMemoryUploads();
  const sent: SentFile[] = [];

  async function save(seq: number): Promise<GivenBytes> {
    for (let tries = 0; tries < mostTries; tries += 1) {
      await options.untilOpen();
      try {
        return await givenBytes(await options.linkOf(seq), options.serverUrl);
      } catch {
        await delay(pauseMs);
      }
    }
    return noBytes;
  }

  return {
    sent,
    openPage: (isGone) =>
      uploadSource(kept, slowUploads(kept.storage, storagePause(options.random), isGone)),
    async attach({ actions, gone }, text, file) {
      const attaching = actions.attach([new File([file.bytes], file.name)], text);
      // Where there is no page any more, nobody is told whether it was kept.
      const untaken = await Promise.race([attaching, gone]);
      if (untaken && untaken.length > 0) return 'not taken';
      sent.push(sentFile(text, file, untaken !== undefined));
      return untaken ? 'kept' : 'not known';
    },
    async saved(messages) {
      const shown: StormMessage[] = [];
      for (const { author, file, ...message } of messages) {
        const { seq } = message;
        const had = file && {
          name: file.name,
          ...(seq === undefined ? noBytes : await save(seq)),
        };
        shown.push({ ...message, author: author.name, file: had });
      }
      return shown;
    },
  };
}

type GivenBytes = Pick<StormFile, 'size' | 'sha256'>;

export const noBytes: GivenBytes = { size: 0, sha256: undefined };

/** What a server gives out under a link. Rejects where it does not, or not in time. */
export async function givenBytes(link: string, serverUrl: string): Promise<GivenBytes> {
  const signal = AbortSignal.timeout(answerMs);
  const answer = await fetch(new URL(link, serverUrl), { signal });
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (!answer.ok) throw new Error(`${answer.status} where a file should be`);
  return { size: bytes.length, sha256: sha256Of(bytes) };
}
