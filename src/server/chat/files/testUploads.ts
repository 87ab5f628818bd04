/** A chat server that takes files, kept in memory, for tests of what is done with them. */
import { encodePiece } from '../../../protocol/piece';
import type { BlobEngine } from '../../blobs/blobEngine';
import { type BlobLimits, createBlobStore } from '../../blobs/blobStore';
import type { BlobStore, FileFacts } from '../../blobs/blobs';
import { inspectFile } from '../../blobs/inspectFile';
import { createMemoryBlobs } from '../../blobs/memoryBlobs';
import { newNobleHash } from '../../blobs/nobleHash';
import { amplyLimited, factsOf } from '../../blobs/testFiles';
import type { MessageLog } from '../../log/log';
import { createMemoryLog } from '../../log/memoryLog';
import type { ChatServerOptions } from '../chatServer';
import { createTestChat, settle, type TestClient } from '../testChat';
import type { Files } from './files';
import { holdFiles } from './holdFiles';

export interface FilesWorldOptions extends Partial<ChatServerOptions> {
  log?: MessageLog;
  engine?: BlobEngine;
  most?: Partial<BlobLimits>;
}

export function createFilesChat({ log, engine, most, ...options }: FilesWorldOptions = {}) {
  let now = () => 0;
  const blobLimits = { ...amplyLimited, ...most };
  const blobs: BlobStore = createBlobStore({
    engine: engine ?? createMemoryBlobs(),
    limits: blobLimits,
    now: () => now(),
    newHash: newNobleHash,
    inspect: inspectFile,
  });
  const files: Files = {
    fileBytes: blobLimits.fileBytes,
    blobs: async () => blobs,
    hold: (holding, onError) => holdFiles(holding, files, onError),
    async linkOf({ sha256, name }) {
      const reader = await blobs.open(sha256);
      await reader?.close();
      return reader && { url: `files/${sha256}/${name}`, expiresIn: 3_600_000 };
    },
  };
  const kept = log ?? createMemoryLog('epoch-1');
  const chat = createTestChat(kept, { files, ...options });
  now = chat.time.now;
  return { ...chat, blobs, log: kept };
}

export const announcement = (id: string, facts: FileFacts, room = 'tea') =>
  ({ t: 'upload', id, room, ...facts }) as const;

export const pieceOf = (id: string, at: number, bytes: Uint8Array<ArrayBuffer>) =>
  encodePiece({ id, at, bytes });

/** Sends all of it, in pieces of so many bytes, and lets the server take it. */
export async function sendFile(
  client: TestClient,
  id: string,
  bytes: Uint8Array<ArrayBuffer>,
  fields: Partial<FileFacts> = {},
): Promise<FileFacts> {
  const facts = factsOf(bytes, fields);
  client.send(announcement(id, facts));
  await settleFiles();
  for (let at = 0; at < bytes.length; at += 60_000) {
    client.sendBinary(pieceOf(id, at, bytes.slice(at, at + 60_000)));
  }
  await settleFiles();
  return facts;
}

/** Until everything is done that waits for nothing but its turn, and perhaps for code to be loaded. */
export async function settleFiles(): Promise<void> {
  await import('../client/clientUploads');
  for (let turn = 0; turn < 10; turn += 1) await settle();
}
