/**
 * Links to files that hold for about an hour: signed with a key that follows from the server's own, so that
 * nobody can make one up, and all servers of one chat know each other's. Nothing is kept of them.
 */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import * as v from 'valibot';
import { fileNameSchema, fileTypeSchema, sha256Schema } from '../../protocol/file';
import type { FileFacts } from '../blobs/blobs';
import type { FileLink } from '../chat/files/files';

/** Within so long a file has the same link, so that browsers need not fetch it again, in ms. */
const sameForMs = 900_000;
/** How long a link holds at least, in ms. */
export const leastLifetimeMs = 3_600_000;

const path = 'files/';

/** What a link leads to. */
export type Linked = Pick<FileFacts, 'sha256' | 'name' | 'type'> & {
  /** Until when it does, in ms since 1970. */
  readonly until: number;
};

export interface FileLinks {
  /** Relative to where the WebSocket is: a proxy may have the whole server under a path that it does not know of. */
  linkTo(file: Pick<FileFacts, 'sha256' | 'name' | 'type'>): FileLink;
  /** What a path with its query leads to; undefined for what this server has not signed, or no longer. */
  read(pathAndQuery: string): Linked | undefined;
}

const linkSchema = v.object({
  sha256: sha256Schema,
  name: fileNameSchema,
  type: fileTypeSchema,
  until: v.pipe(v.string(), v.digits(), v.transform(Number), v.safeInteger()),
  signature: v.string(),
});

/** `key` is the server's; `now` is in ms since 1970. */
export function createFileLinks(key: Uint8Array, now: () => number): FileLinks {
  const linkKey = Buffer.from(hkdfSync('sha256', key, '', 'heartline file links', 32));

  const signatureOf = ({ sha256, name, type, until }: Linked) =>
    createHmac('sha256', linkKey)
      .update(JSON.stringify([sha256, name, type, until]))
      .digest('base64url');

  return {
    linkTo({ sha256, name, type }) {
      const at = now();
      const until = (Math.floor(at / sameForMs) + 1) * sameForMs + leastLifetimeMs;
      const signature = signatureOf({ sha256, name, type, until });
      const query = new URLSearchParams({ type, until: String(until), signature });
      const url = `${path}${sha256}/${encodeURIComponent(name)}?${query}`;
      return { url, expiresIn: until - at };
    },
    read(pathAndQuery) {
      const parsed = v.safeParse(linkSchema, partsOf(pathAndQuery));
      if (!parsed.success) return undefined;
      const { signature, ...linked } = parsed.output;
      const isOurs = isSame(signature, signatureOf(linked));
      return isOurs && linked.until > now() ? linked : undefined;
    },
  };
}

export const isFileLink = (pathAndQuery: string): boolean => pathAndQuery.startsWith(`/${path}`);

function partsOf(pathAndQuery: string): unknown {
  if (!isFileLink(pathAndQuery)) return undefined;
  const [place = '', query] = pathAndQuery.slice(path.length + 1).split('?');
  const [sha256, name = '', ...more] = place.split('/');
  if (more.length > 0) return undefined;
  const { type, until, signature } = Object.fromEntries(new URLSearchParams(query));
  try {
    return { sha256, name: decodeURIComponent(name), type, until, signature };
  } catch {
    // No UTF-8.
    return undefined;
  }
}

/** Takes as long whatever differs. */
function isSame(given: string, right: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}
