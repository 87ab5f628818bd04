/**
 * Looks at a file before it leaves: its digest, and of a picture its size, a small one to be shown in the
 * conversation, and nothing of what it tells beside its pixels. Made for a worker; what decodes and draws comes
 * from outside.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { limits } from '../protocol/limits';
import type { CleanPicture } from './pictures/cleanPicture';
import { stripMetadata } from './pictures/stripMetadata';
import type { PartFacts, PreparedFile } from './uploadRecord';

/** A picture that was decoded, upright. */
export interface DecodedPicture {
  readonly width: number;
  readonly height: number;
  /** Draws it in this size. Undefined where this browser cannot. */
  draw(width: number, height: number): Promise<Blob | undefined>;
  /** Gives back what it takes. */
  close(): void;
}

/** Rejects for what is no picture that this browser can show. */
export type DecodePicture = (picture: Blob) => Promise<DecodedPicture>;

/** The longer side of a preview, in pixels. */
export const previewSide = 1_280;

/** A picture of more bytes than this has a preview, however small it is. */
export const heavyBytes = 400_000;

/** What is not like this in a type is no media type. */
const mediaType = /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/;
const anyType = 'application/octet-stream';

/** Rejects where the file cannot be read. */
export async function prepareFile(
  file: Blob,
  givenType: string,
  decode: DecodePicture,
): Promise<PreparedFile> {
  const type = plainType(givenType);
  // A type is a guess from the name: whatever may be a picture is looked at.
  const clean = type.startsWith('image/') || type === anyType ? await cleanOf(file) : undefined;
  if (clean && isTooManyPixels(clean)) {
    // Nobody could show it: it is sent as a file like others.
    return asIs(new Blob([...clean.parts], { type: anyType }));
  }
  const bytes = new Blob(clean ? [...clean.parts] : [file], { type: clean?.type ?? type });
  const picture = bytes.type.startsWith('image/') ? await decode(bytes).catch(() => {}) : undefined;
  if (!picture) return asIs(bytes);
  try {
    const { width, height } = picture;
    if (isTooManyPixels(picture)) return await asIs(bytes);
    const facts = { ...(await factsOf(bytes)), width, height };
    // Of what moves a still picture would be another one.
    const moves = clean ? clean.isAnimated : bytes.type === 'image/gif';
    const preview = moves ? undefined : await previewOf(bytes, picture);
    if (!preview) return { facts: { whole: facts }, bytes: { whole: bytes } };
    return {
      facts: { whole: facts, preview: preview.facts },
      bytes: { whole: bytes, preview: preview.bytes },
    };
  } finally {
    picture.close();
  }
}

async function cleanOf(file: Blob): Promise<CleanPicture | undefined> {
  return stripMetadata(new Uint8Array(await file.arrayBuffer()));
}

async function asIs(bytes: Blob): Promise<PreparedFile> {
  return { facts: { whole: await factsOf(bytes) }, bytes: { whole: bytes } };
}

async function previewOf(bytes: Blob, { width, height, draw }: DecodedPicture) {
  const share = Math.min(1, previewSide / Math.max(width, height));
  if (share === 1 && bytes.size <= heavyBytes) return undefined;
  const size = {
    width: Math.max(1, Math.round(width * share)),
    height: Math.max(1, Math.round(height * share)),
  };
  const drawn = await draw(size.width, size.height).catch(() => undefined);
  // One that is hardly smaller is not worth its way.
  if (!drawn || drawn.size > 0.8 * bytes.size) return undefined;
  return { bytes: drawn, facts: { ...(await factsOf(drawn)), ...size } };
}

async function factsOf(bytes: Blob): Promise<PartFacts> {
  return { sha256: await sha256Of(bytes), type: bytes.type || anyType, size: bytes.size };
}

/** In hexadecimal. Rejects where the bytes cannot be read. */
export async function sha256Of(bytes: Blob): Promise<string> {
  const hash = sha256.create();
  const reader = bytes.stream().getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    hash.update(read.value);
  }
  return Array.from(hash.digest(), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Without parameters, in small letters. */
function plainType(given: string): string {
  const [plain = ''] = given.toLowerCase().split(';');
  return mediaType.test(plain.trim()) && plain.trim().length <= 127 ? plain.trim() : anyType;
}

function isTooManyPixels({ width, height }: { width: number; height: number }): boolean {
  return Math.max(width, height) > limits.pictureSide || width * height > limits.picturePixels;
}
