/** Frames that travel together: as few WebSocket messages as the protocol allows. */
import { encode } from '../../../protocol/codec';
import type { ServerFrame } from '../../../protocol/frames';
import { limits } from '../../../protocol/limits';
import { SharedTexts } from '../ports';

/** Encoded frames as the texts of WebSocket messages, in order: one alone, or several as an array. */
export function packFrames(frames: readonly string[]): string[] {
  const [only] = frames;
  if (only === undefined) return [];
  if (frames.length === 1) return [only];
  const most = limits.framesPerMessage;
  if (frames.length <= most) return [`[${frames.join(',')}]`];
  return [...packFrames(frames.slice(0, most)), ...packFrames(frames.slice(most))];
}

/** Frames that go to one or many lines, all at once. */
export const shareFrames = (frames: readonly ServerFrame[]): SharedTexts =>
  new SharedTexts(packFrames(frames.map((frame) => encode(frame))));
