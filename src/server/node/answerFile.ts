/**
 * Files over HTTP, for who has a link: whole or a part (RFC 9110 section 14), as what browsers show and never
 * run, or to be saved. A page of ours from elsewhere may fetch them; nobody else's may show them as its own.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type BlobReader, BlobRefusedError, type BlobStore } from '../blobs/blobs';
import { isShownType, shownTypeOf } from '../blobs/shownTypes';
import { codeOf } from './errorCode';
import type { FileLinks, Linked } from './fileLinks';
import type { RequestGuard } from './requestGuard';

export interface FileAnswers {
  links: Pick<FileLinks, 'read'>;
  blobs: Pick<BlobStore, 'open'>;
  guard: Pick<RequestGuard, 'whyForeign'>;
  /** Ms since 1970. */
  now(): number;
  /** Told of what should not have happened. */
  onError(error: unknown): void;
}

/** Read at once, in bytes. */
const chunkBytes = 256 * 1024;

/** Answers a GET or HEAD; `refuse` answers who asks for what is not there, or not for them. */
export async function answerFile(
  request: IncomingMessage,
  response: ServerResponse,
  answers: FileAnswers,
  refuse: (status: 404 | 503) => void,
): Promise<void> {
  const linked = answers.links.read(request.url ?? '');
  if (!linked) return refuse(404);
  let reader: BlobReader | undefined;
  try {
    reader = await answers.blobs.open(linked.sha256);
    if (!reader) return refuse(404);
    // Whoever asked has gone meanwhile, and no stream would hear of it any more.
    if (response.destroyed) return;
    putHeaders(request, response, linked, answers);
    await answer(request, response, linked, reader);
  } catch (error) {
    if (response.headersSent) response.destroy();
    else refuse(503);
    if (!(error instanceof BlobRefusedError) && !isGone(error)) answers.onError(error);
  } finally {
    await reader?.close();
  }
}

function putHeaders(
  request: IncomingMessage,
  response: ServerResponse,
  { sha256, name, type, until }: Linked,
  { guard, now }: FileAnswers,
): void {
  const disposition = isShownType(type) ? 'inline' : 'attachment';
  const maxAgeS = Math.floor((until - now()) / 1_000);
  response.setHeader('Content-Type', shownTypeOf(type));
  response.setHeader('Content-Disposition', `${disposition}; filename*=UTF-8''${extended(name)}`);
  response.setHeader('Content-Security-Policy', "sandbox; default-src 'none'");
  response.setHeader('Cache-Control', `private, max-age=${maxAgeS}, immutable`);
  response.setHeader('ETag', `"${sha256}"`);
  response.setHeader('Accept-Ranges', 'bytes');
  response.setHeader('Vary', 'Origin');
  const { origin } = request.headers;
  if (origin === undefined || guard.whyForeign(request) !== undefined) return;
  response.setHeader('Access-Control-Allow-Origin', origin);
  response.setHeader('Access-Control-Expose-Headers', 'Content-Range, ETag');
}

async function answer(
  { method, headers }: IncomingMessage,
  response: ServerResponse,
  { sha256 }: Linked,
  reader: BlobReader,
): Promise<void> {
  const etag = `"${sha256}"`;
  if (isNamed(headers['if-none-match'], etag)) return void response.writeHead(304).end();
  const { size } = reader;
  // RFC 9110 section 13.1.5: a part of another version is no use to whoever has a part already.
  const isSameVersion = headers['if-range'] === undefined || headers['if-range'] === etag;
  const range = isSameVersion ? rangeOf(headers.range, size) : undefined;
  if (range === 'beyond') {
    response.setHeader('Content-Range', `bytes */${size}`);
    return void response.writeHead(416).end();
  }
  const { from, to } = range ?? { from: 0, to: size };
  response.setHeader('Content-Length', to - from);
  if (range) response.setHeader('Content-Range', `bytes ${from}-${to - 1}/${size}`);
  response.writeHead(range ? 206 : 200);
  if (method === 'HEAD') return void response.end();
  await pipeline(Readable.from(chunksOf(reader, from, to)), response);
}

async function* chunksOf(reader: BlobReader, from: number, to: number) {
  for (let at = from; at < to; at += chunkBytes) {
    yield await reader.read(at, Math.min(at + chunkBytes, to));
  }
}

/**
 * The one part that is asked for (RFC 9110 section 14.1.2), to before `to`. Undefined for all of it: where no
 * part is asked for, several are, or it cannot be read. `beyond`: it begins behind the end.
 */
export function rangeOf(
  header: string | undefined,
  size: number,
): { from: number; to: number } | 'beyond' | undefined {
  const [, first = '', last = ''] =
    /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '') ?? [];
  if (first === '') {
    if (last === '') return undefined;
    return Number(last) === 0 ? 'beyond' : { from: Math.max(0, size - Number(last)), to: size };
  }
  const from = Number(first);
  const to = last === '' ? size : Math.min(size, Number(last) + 1);
  if (last !== '' && Number(last) < from) return undefined;
  return from >= size ? 'beyond' : { from, to };
}

/** RFC 9110 section 13.1.2: `*`, or a list of tags, weak ones too. */
function isNamed(header: string | undefined, etag: string): boolean {
  const tags = header?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  return tags.includes('*') || tags.includes(etag);
}

/** RFC 8187 section 3.2.1: what `encodeURIComponent` leaves and a header must not have is written out too. */
const extended = (name: string) =>
  encodeURIComponent(name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** Whoever asked has gone in the middle of it. */
function isGone(error: unknown): boolean {
  return ['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE'].includes(String(codeOf(error)));
}
