/**
 * A TCP line on which a test writes whatever bytes it likes, with a WebSocket's handshake or without: for
 * what no library would send.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface RawLine {
  readonly stream: Socket;
  /** The close code that the server gave before the line ended; undefined if it gave none. */
  readonly closed: Promise<number | undefined>;
}

/** Opens a line, and does the handshake. Gone when the test is over. */
export async function openRawWebSocket(port: number): Promise<RawLine> {
  const line = openRawLine(port);
  line.stream.write(
    [
      'GET /ws HTTP/1.1',
      'Host: localhost',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
      'Sec-WebSocket-Protocol: chat.v1',
      '',
      '',
    ].join('\r\n'),
  );
  await once(line.stream, 'data');
  return line;
}

/** Opens a line, and says nothing. */
export function openRawLine(port: number): RawLine {
  const stream = connect({ port, host: '127.0.0.1' });
  onTestFinished(() => void stream.destroy());
  let heard: Buffer<ArrayBufferLike> = Buffer.alloc(0);
  stream.on('data', (chunk) => {
    // The last words are enough.
    heard = Buffer.concat([heard, chunk]).subarray(-4_096);
  });
  stream.on('error', () => {});
  const closed = new Promise<number | undefined>((resolve) => {
    stream.once('close', () => resolve(closeCodeIn(heard)));
  });
  return { stream, closed };
}

/** The code of the last close frame (RFC 6455 section 5.5.1) in what a server sent. */
function closeCodeIn(bytes: Buffer): number | undefined {
  const at = bytes.lastIndexOf(0x88);
  return at >= 0 && at + 4 <= bytes.length ? bytes.readUInt16BE(at + 2) : undefined;
}

export interface FrameParts {
  /** 0 goes on with a message, 1 is text, 2 binary, 8 to 10 control (RFC 6455 section 5.2). */
  opcode: number;
  payload: Uint8Array;
  isLast?: boolean;
  isMasked?: boolean;
  /** What the header says, if it is not to tell the truth. */
  length?: number;
}

/** One frame as a client would send it, or as it should not. The mask is all zeros. */
export function frameBytes(parts: FrameParts): Buffer {
  const { opcode, payload, isLast = true, isMasked = true, length = payload.length } = parts;
  const extended = length < 126 ? 0 : length <= 0xffff ? 2 : 8;
  const header = Buffer.alloc(2 + extended + (isMasked ? 4 : 0));
  header[0] = (isLast ? 0x80 : 0) | opcode;
  header[1] = (isMasked ? 0x80 : 0) | (extended === 0 ? length : extended === 2 ? 126 : 127);
  if (extended === 2) header.writeUInt16BE(length, 2);
  if (extended === 8) header.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([header, payload]);
}

/** Writes until the line ends or all is written, no faster than it is taken. */
export async function writeAll(stream: Socket, chunks: Iterable<Uint8Array>): Promise<void> {
  for (const chunk of chunks) {
    if (stream.destroyed) return;
    if (stream.write(chunk)) continue;
    await new Promise<void>((resolve) => {
      stream.once('drain', resolve);
      stream.once('close', resolve);
    });
  }
}
