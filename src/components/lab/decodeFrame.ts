/**
 * What a frame says, in one line. It knows no protocol: a JSON object with a type `t` is shown by its
 * fields, an array of them by their types, all else as it is. Pure, and each frame is decoded once.
 */
import type { FrameEvent } from '../../store/labStore';

export interface DecodedFrame {
  /** The type of what it carries: `msg`, or `text`, `json`, `binary` where there is none. */
  readonly type: string;
  /** How many such things it carries at once. */
  readonly count: number;
  /** Its fields, as `name=value`, cut where they are long. */
  readonly summary: string;
  /** It asks for a sign of life, or is one. */
  readonly isHeartbeat: boolean;
}

const longestSummary = 240;
const longestValue = 80;

const kept = new WeakMap<FrameEvent, DecodedFrame>();

export function decodeFrame(frame: FrameEvent): DecodedFrame {
  let decoded = kept.get(frame);
  if (!decoded) {
    decoded = decode(frame.text);
    kept.set(frame, decoded);
  }
  return decoded;
}

function decode(text: string | undefined): DecodedFrame {
  if (text === undefined) return { type: 'binary', count: 1, summary: '', isHeartbeat: false };
  const value = parsed(text);
  if (Array.isArray(value) && value.length > 0 && value.every(isTyped)) return ofMany(value);
  if (isTyped(value)) {
    const { t: type, ...fields } = value;
    return { type, count: 1, summary: summaryOf(fields), isHeartbeat: isHeartbeatType(type) };
  }
  const summary = cut(text, longestSummary);
  // A server that speaks bare text is often asked for life by such a word.
  const isHeartbeat = isHeartbeatType(text.trim().toLowerCase());
  return { type: typeof value === 'object' ? 'json' : 'text', count: 1, summary, isHeartbeat };
}

function ofMany(frames: readonly Typed[]): DecodedFrame {
  const counts = new Map<string, number>();
  for (const { t } of frames) counts.set(t, (counts.get(t) ?? 0) + 1);
  const [first] = frames;
  const isOne = counts.size === 1;
  return {
    type: isOne && first ? first.t : [...counts.keys()].slice(0, 3).join('+'),
    count: isOne ? frames.length : 1,
    summary: frames.map(({ t: _, ...fields }) => summaryOf(fields)).reduce(joined, ''),
    isHeartbeat: frames.every(({ t }) => isHeartbeatType(t)),
  };
}

function joined(all: string, next: string): string {
  if (all.length >= longestSummary) return all;
  return all ? cut(`${all} · ${next}`, longestSummary) : next;
}

/** The text as people read JSON, or as it is. */
export function prettyFrame(text: string): string {
  const value = parsed(text);
  return typeof value === 'object' ? JSON.stringify(value, null, 2) : text;
}

/** What the text is as JSON, where that is an object or an array. */
function parsed(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Typed = { t: string } & Record<string, unknown>;

function isTyped(value: unknown): value is Typed {
  return typeof value === 'object' && value !== null && 't' in value && typeof value.t === 'string';
}

function isHeartbeatType(type: string): boolean {
  return type === 'ping' || type === 'pong';
}

/** Long marks that tell people little come last. */
const lastFields: readonly string[] = ['id', 'mid', 'epoch', 'token'];

function summaryOf(fields: Record<string, unknown>): string {
  const place = ([name]: [string, unknown]) => lastFields.indexOf(name);
  const inOrder = Object.entries(fields).sort((one, other) => place(one) - place(other));
  return cut(inOrder.map(shownField).join(' '), longestSummary);
}

/** A token proves who one is: a list that others look at, or a picture of it, should not have it. */
function shownField([name, value]: [string, unknown]): string {
  return `${name}=${name === 'token' ? '…' : shown(value)}`;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.length}]`;
  if (typeof value === 'string') {
    return cut(/^[\w.-]+$/.test(value) ? value : JSON.stringify(value), longestValue);
  }
  if (typeof value !== 'object' || value === null) return String(value);
  if ('name' in value && typeof value.name === 'string') return cut(value.name, longestValue);
  return cut(JSON.stringify(value), longestValue);
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
