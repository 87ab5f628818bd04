/** What the servers have of files once all is calm: what they give out for each, and what lies in their folder. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { uploadsFolder } from '../../server/node/folderBlobs';
import { bytesFolder } from '../../server/node/folderBooks';
import type { HeadlessClient } from './headlessClient';
import { givenBytes, noBytes } from './headlessFiles';
import type { StormHosts } from './stormHosts';
import type { FilesLeft, GivenFile, StormMessage } from './stormOutcome';

/** By the links that a reader is given, each followed at every server. */
export async function readLeftFiles(
  { servers, filesDir }: Pick<StormHosts, 'servers' | 'filesDir'>,
  reader: Pick<HeadlessClient, 'linkOf'>,
  log: readonly StormMessage[],
): Promise<FilesLeft> {
  const named = servers.map(({ url }, index) => ({ url, server: `server ${index + 1}` }));
  const given: GivenFile[] = [];
  for (const { seq, body, file } of log) {
    if (!file || seq === undefined) continue;
    const link = await reader.linkOf(seq).catch(() => undefined);
    for (const { url, server } of named) {
      const bytes = link ? await givenBytes(link, url).catch(() => noBytes) : noBytes;
      given.push({ server, body, ...bytes });
    }
  }
  return {
    servers: named.map(({ server }) => server),
    given,
    whole: await namesIn(join(filesDir, bytesFolder)),
    unfinished: await unfinishedIn(join(filesDir, uploadsFolder)),
  };
}

/** How long a server may have to do with what was said on lines that are gone, in ms. */
const settlingMs = 20_000;
const lookEveryMs = 250;

/** What is still there when nobody is busy with it any more. */
async function unfinishedIn(folder: string): Promise<FilesLeft['unfinished']> {
  const until = Date.now() + settlingMs;
  while ((await namesIn(folder)).length > 0 && Date.now() < until) await delay(lookEveryMs);
  const names = await namesIn(folder);
  return Promise.all(
    names.map(async (name) => ({ name, size: (await stat(join(folder, name))).size })),
  );
}

async function namesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}
