/** Files for pages: made on the disk, sent by a person at the page, and saved on the other side. */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import type { Locator, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import type { ChatPage } from './chatPage';

export interface DiskFile {
  readonly path: string;
  /** SHA-256 in hexadecimal. */
  readonly digest: string;
}

async function digestOf(bytes: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of bytes) hash.update(chunk);
  return hash.digest('hex');
}

/** A file on the disk for as long as the test runs: of these bytes, or of so many at random. */
export async function fileOf(content: number | Uint8Array, name: string): Promise<DiskFile> {
  const folder = await mkdtemp(join(tmpdir(), 'heartline-file-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, name);
  await writeFile(path, typeof content === 'number' ? randomBytes(content) : content);
  return { path, digest: await digestOf(createReadStream(path)) };
}

/** Picks files as the browser's own choice does. They wait at the field until they are sent. */
export const pickFiles = ({ page }: ChatPage, ...paths: string[]): Promise<void> =>
  page.locator('input[data-part="files"]').setInputFiles(paths);

/** Picks a file, and sends it with a text. */
export async function sendFile(chat: ChatPage, path: string, text: string): Promise<void> {
  await pickFiles(chat, path);
  await chat.write(text);
}

/** The digest of what is saved by a button, which is the only Download of the conversation unless another is given. */
export async function savedDigest(page: Page, button?: Locator): Promise<string> {
  const downloading = page.waitForEvent('download');
  await (button ?? page.getByRole('log').getByRole('button', { name: /^Download/ })).click();
  return digestOf(await (await downloading).createReadStream());
}

/** Puts a picture on the clipboard, and presses the keys that paste it. */
export async function pastePicture(page: Page, png: Buffer): Promise<void> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate(async (encoded) => {
    const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
    const type = 'image/png';
    await navigator.clipboard.write([new ClipboardItem({ [type]: new Blob([bytes], { type }) })]);
  }, png.toString('base64'));
  await page.getByRole('textbox', { name: 'Message' }).focus();
  await page.keyboard.press('ControlOrMeta+v');
}

/** Drags a file from outside over an element of the page, as the browser itself tells of it. */
export async function dragFile(page: Page, path: string, target: Locator) {
  const session = await page.context().newCDPSession(page);
  const box = await target.boundingBox();
  if (!box) throw new Error('what is dropped on is not drawn');
  const place = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  const tell = (type: 'dragEnter' | 'dragOver' | 'drop') =>
    session.send('Input.dispatchDragEvent', { type, ...place, data });
  await tell('dragEnter');
  await tell('dragOver');
  return { drop: () => tell('drop') };
}

/** A picture of so many pixels that no packing makes small: PNG (third edition), section 5. */
export function noisyPng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits for each of red, green and blue.
  header.set([8, 2], 8);
  const rows = Array.from({ length: height }, () =>
    Buffer.concat([Buffer.of(0), randomBytes(width * 3)]),
  );
  return Buffer.concat([
    Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(Buffer.concat(rows))),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(data.length, 0);
  chunk.set(body, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return chunk;
}

/** A tone of so many seconds, as uncompressed samples of one channel. */
export function toneWav(seconds: number): Buffer {
  const perSecond = 8_000;
  const samples = Buffer.from(
    Array.from({ length: seconds * perSecond }, (_, index) =>
      Math.round(128 + 60 * Math.sin((index * 2 * Math.PI * 440) / perSecond)),
    ),
  );
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  // PCM, one channel, a byte for each sample.
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(perSecond, 24);
  header.writeUInt32LE(perSecond, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.length, 40);
  return Buffer.concat([header, samples]);
}
