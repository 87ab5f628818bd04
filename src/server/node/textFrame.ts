/**
 * WebSocket text frames as bytes, so that one frame can be built once and written to many sockets.
 * A server's frames are not masked (RFC 6455 section 5.1).
 */

/** The first byte of a whole text message: FIN and opcode 1 (RFC 6455 section 5.2). */
const wholeText = 0x81;

/** The bytes of these messages, each in one frame, in order. */
export function textFrames(texts: readonly string[]): Buffer {
  const lengths = texts.map((text) => Buffer.byteLength(text));
  const total = lengths.reduce((sum, length) => sum + headerBytes(length) + length, 0);
  const frames = Buffer.allocUnsafe(total);
  let offset = 0;
  for (const [index, text] of texts.entries()) {
    const length = lengths[index] ?? 0;
    offset = writeHeader(frames, offset, length);
    offset += frames.write(text, offset);
  }
  return frames;
}

function headerBytes(length: number): number {
  if (length < 126) return 2;
  return length <= 0xffff ? 4 : 10;
}

function writeHeader(frames: Buffer, offset: number, length: number): number {
  const at = frames.writeUInt8(wholeText, offset);
  if (length < 126) return frames.writeUInt8(length, at);
  if (length <= 0xffff) return frames.writeUInt16BE(length, frames.writeUInt8(126, at));
  return frames.writeBigUInt64BE(BigInt(length), frames.writeUInt8(127, at));
}
