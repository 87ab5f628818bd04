/** Frames that travel together: as few WebSocket messages as the protocol allows. */
import { limits } from '../../protocol/limits';

/** Encoded frames as the texts of WebSocket messages, in order: one alone, or several as an array. */
export function packFrames(frames: readonly string[]): string[] {
  const [only] = frames;
  if (only === undefined) return [];
  if (frames.length === 1) return [only];
  const most = limits.framesPerMessage;
  if (frames.length <= most) return [`[${frames.join(',')}]`];
  return [...packFrames(frames.slice(0, most)), ...packFrames(frames.slice(most))];
}
