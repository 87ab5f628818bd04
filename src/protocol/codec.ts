/**
 * Text to frames and back. One WebSocket message carries one frame or a JSON array of frames; each
 * frame is judged by itself, so that one bad frame does not take its neighbours with it.
 */
import * as v from 'valibot';
import type { ErrorCode } from './errorCodes';
import { type ClientFrame, clientFrame, type ServerFrame, serverFrame } from './frames';
import { limits } from './limits';

/** What was wrong with a frame that could not be read; `id` is the frame's own, where it had one. */
export interface FrameError {
  code: Extract<ErrorCode, 'bad_json' | 'bad_frame' | 'unknown_type'>;
  message: string;
  id?: string;
  /** It was to say who the client is, and this field of it is wrong: `name`, `token`, or the path of another. */
  authField?: string;
}

export type Decoded<Frame> = { frame: Frame } | { error: FrameError };

/** Reads what a client sent. Never throws: what is wrong is said in the result. */
export const decodeClientMessage = (text: string): Decoded<ClientFrame>[] =>
  decode(text, clientFrame);

/** Reads what a server sent. Never throws: what is wrong is said in the result. */
export const decodeServerMessage = (text: string): Decoded<ServerFrame>[] =>
  decode(text, serverFrame);

/** One frame, or several to travel in one WebSocket message. */
export function encode(frames: ClientFrame | ServerFrame | readonly (ClientFrame | ServerFrame)[]) {
  return JSON.stringify(frames);
}

type FrameSchema = typeof clientFrame | typeof serverFrame;

function decode<Schema extends FrameSchema>(
  text: string,
  schema: Schema,
): Decoded<v.InferOutput<Schema>>[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [{ error: { code: 'bad_json', message: 'the message is not JSON' } }];
  }
  const frames: unknown[] = Array.isArray(value) ? value : [value];
  if (frames.length > limits.framesPerMessage) {
    const message = `a message carries at most ${limits.framesPerMessage} frames`;
    return [{ error: { code: 'bad_frame', message } }];
  }
  return frames.map((frame) => decodeFrame(frame, schema));
}

function decodeFrame<Schema extends FrameSchema>(
  value: unknown,
  schema: Schema,
): Decoded<v.InferOutput<Schema>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { error: { code: 'bad_frame', message: 'a frame is a JSON object' } };
  }
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return { frame: result.output };

  const [issue] = result.issues;
  const id =
    'id' in value && typeof value.id === 'string' ? value.id.slice(0, limits.idLength) : '';
  const path = v.getDotPath(issue);
  const unknownType = path === 't';
  return {
    error: {
      code: unknownType ? 'unknown_type' : 'bad_frame',
      message: unknownType
        ? 'the field "t" names no type of frame that is known here'
        : `the field "${path}" is wrong: ${wrongOf(issue)}`,
      ...(id && { id }),
      ...('t' in value && value.t === 'auth' && { authField: path ?? '' }),
    },
  };
}

/** What is wrong, without the value: that comes from outside, and may be long. */
export function wrongOf({ message, received, expected }: v.BaseIssue<unknown>): string {
  return message.includes(received) ? `it has to be ${expected ?? 'another one'}` : message;
}
