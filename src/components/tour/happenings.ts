/**
 * What the tour watches: the line's events as the lab notes them, with the frames taken out of their
 * messages, and what else becomes of things on this page. Pure.
 */
import type { ChatMessage } from '../../store/chatStore';
import type { LineEvent, SocketEvent, StateEvent } from '../../store/labStore';
import type { PushOutcome } from '../pageControls';

/** A frame of the chat's own: an object whose `t` says what it is about. */
export type SeenFrame = Readonly<Record<string, unknown>>;

interface At {
  /** Ms by the connection's clock. */
  readonly at: number;
}

export type Happening =
  /** `frame` is undefined where it is none of the chat's, but bare text or bytes. */
  | (At & {
      readonly kind: 'frame';
      readonly direction: 'in' | 'out';
      readonly text: string | undefined;
      readonly bytes: number;
      readonly frame: SeenFrame | undefined;
    })
  | SocketEvent
  | StateEvent
  | (At & { readonly kind: 'answer'; readonly to: 'ping' | 'message'; readonly rttMs: number })
  | (At & { readonly kind: 'push'; readonly by: 'service' | 'page' })
  /** What a push that this page handed over has come to. */
  | (At & { readonly kind: 'push outcome'; readonly outcome: PushOutcome })
  /** What the button was to do could not be done. */
  | (At & { readonly kind: 'failed' })
  /** The messages of the open room, after a change. */
  | (At & { readonly kind: 'messages'; readonly messages: readonly ChatMessage[] })
  /** Nothing but that time has passed. */
  | (At & { readonly kind: 'time' });

/** What an event of the line comes to: several frames that travelled together are told one by one. */
export function happeningsOf(event: LineEvent): readonly Happening[] {
  switch (event.kind) {
    case 'frame': {
      // What the lab has made away with was never on the line.
      if (event.fate === 'lost') return [];
      const { kind, at, direction, text, bytes } = event;
      const frames = text === undefined ? [] : readFrames(text);
      if (frames.length < 2) return [{ kind, at, direction, text, bytes, frame: frames[0] }];
      return frames.map((frame) => {
        const ownText = JSON.stringify(frame);
        const ownBytes = new TextEncoder().encode(ownText).length;
        return { kind, at, direction, text: ownText, bytes: ownBytes, frame };
      });
    }
    case 'fault':
      return [];
    default:
      return [event];
  }
}

/** The frames of a message; none, if it is not of this chat. */
function readFrames(text: string): readonly SeenFrame[] {
  try {
    const parsed: unknown = JSON.parse(text);
    return (Array.isArray(parsed) ? parsed : [parsed]).filter(isFrame);
  } catch {
    return [];
  }
}

function isFrame(value: unknown): value is SeenFrame {
  return typeof value === 'object' && value !== null && 't' in value;
}
