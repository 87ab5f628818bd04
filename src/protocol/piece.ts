/**
 * A piece of a file on its way to the server: one binary WebSocket message. First a byte that says what it
 * is, then one with the length of the upload's id, the id in ASCII, where the piece begins in the file (8 bytes,
 * unsigned, big-endian), and the bytes.
 */
import { idPattern, limits } from './limits';

export interface Piece {
  /** The upload's id. */
  id: string;
  /** Where it begins in the file, in bytes. */
  at: number;
  bytes: Uint8Array<ArrayBuffer>;
}

/** The first byte of every piece. Another would be another kind of binary message. */
const pieceMark = 1;

/** Mark, length of the id, place. */
const fixedBytes = 1 + 1 + 8;

/** The most bytes of a file that one piece of the upload `id` may carry. */
export const maxPieceBytes = (id: string): number => limits.frameBytes - fixedBytes - id.length;

export function encodePiece({ id, at, bytes }: Piece): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(fixedBytes + id.length + bytes.length);
  message[0] = pieceMark;
  message[1] = id.length;
  for (let index = 0; index < id.length; index += 1) message[2 + index] = id.charCodeAt(index);
  new DataView(message.buffer).setBigUint64(2 + id.length, BigInt(at));
  message.set(bytes, fixedBytes + id.length);
  return message;
}

/** Undefined for what is no piece. The bytes are a view of `message`, not a copy. */
export function decodePiece(message: Uint8Array<ArrayBuffer>): Piece | undefined {
  const idLength = message[1] ?? 0;
  const isTooShort = message.length <= fixedBytes + idLength;
  if (message[0] !== pieceMark || idLength > limits.idLength || isTooShort) return undefined;
  const id = String.fromCharCode(...message.subarray(2, 2 + idLength));
  if (!idPattern.test(id)) return undefined;
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const at = Number(view.getBigUint64(2 + idLength));
  if (!Number.isSafeInteger(at)) return undefined;
  return { id, at, bytes: message.subarray(fixedBytes + idLength) };
}
