/**
 * A session as a file, and back. A file may come from anywhere: what is wrong with it is named, and nothing
 * of it is believed before it was looked at.
 */
import * as v from 'valibot';
import {
  type FrameEvent,
  type LineEvent,
  type LineLog,
  type Recording,
  RecordingError,
  type RecordingProblem,
} from './types';

const format = 'heartline-recording';
const version = 1;

/** The largest file that is read, in characters: several times what the text of a whole ring comes to. */
export const mostCharacters = 33_554_432;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** JSON knows no undefined: the file has null for it. */
function orUndefined<Output>(schema: v.GenericSchema<Output>) {
  return v.pipe(
    v.nullable(schema),
    v.transform((value) => value ?? undefined),
  );
}

const causeSchema = v.variant('kind', [
  v.object({
    kind: v.literal('closed'),
    code: v.number(),
    reason: v.string(),
    wasClean: v.boolean(),
  }),
  v.object({
    kind: v.picklist(['heartbeat timeout', 'ack timeout', 'connect timeout', 'not understood']),
  }),
  v.object({ kind: v.literal('bad address'), message: v.string() }),
]);

const statusSchema = v.picklist([
  'idle',
  'connecting',
  'open',
  'waiting',
  'offline',
  'closed',
  'failed',
]);

const stateSchema = v.object({
  status: statusSchema,
  attempt: count,
  retryAt: orUndefined(v.number()),
  cause: orUndefined(causeSchema),
  diagnosis: orUndefined(
    v.picklist(['no network', 'no answer', 'server down', 'sign in', 'blocked']),
  ),
  isChecking: v.boolean(),
  // Recordings were made before this was told.
  wasOpen: v.optional(v.boolean(), true),
  isSuspended: v.boolean(),
});

/** The latest time that a `Date` can be, in ms (ECMA-262, section 21.4.1.1). */
const latestMs = 8.64e15;

const moment = v.pipe(v.number(), v.minValue(-latestMs), v.maxValue(latestMs));

const happened = { number: count, at: moment };

const eventSchema = v.variant('kind', [
  v.object({
    ...happened,
    kind: v.literal('frame'),
    direction: v.picklist(['in', 'out']),
    text: orUndefined(v.string()),
    bytes: count,
    fate: orUndefined(v.picklist(['delayed', 'lost', 'duplicated'])),
  }),
  v.object({
    ...happened,
    kind: v.literal('socket'),
    what: v.picklist(['opening', 'open', 'error', 'closed', 'abandoned']),
    url: v.string(),
    code: v.exactOptional(v.number()),
    reason: v.exactOptional(v.string()),
    wasClean: v.exactOptional(v.boolean()),
  }),
  v.object({ ...happened, kind: v.literal('state'), from: statusSchema, state: stateSchema }),
  v.object({
    ...happened,
    kind: v.literal('answer'),
    to: v.picklist(['ping', 'message']),
    rttMs: v.number(),
  }),
  v.object({
    ...happened,
    kind: v.literal('fault'),
    what: v.picklist(['cut', 'hang up', 'time skipped', 'faults changed', 'tuning changed']),
  }),
  v.object({ ...happened, kind: v.literal('push'), by: v.picklist(['service', 'page']) }),
]);

const headSchema = v.object({ format: v.literal(format), version: count });

const fileSchema = v.object({
  savedAt: moment,
  url: v.string(),
  events: v.array(v.unknown()),
});

/** Fields by which whoever has them could speak as another, or enter where only some may. */
const secret = /"(token|key|auth|p256dh|endpoint)":"[^"]*"/g;

/** A file is handed on: what proves who somebody is, or opens a room, is not in it. */
function withoutSecrets(frame: FrameEvent): FrameEvent {
  return { ...frame, text: frame.text?.replace(secret, '"$1":"…"') };
}

/** What the log holds, as the text of a file. `savedAt` is in ms since 1970. */
export function writeRecording(log: LineLog, savedAt: number): string {
  const events: LineEvent[] = [];
  for (let number = log.firstNumber; number < log.nextNumber; number += 1) {
    const event = log.at(number);
    if (event) events.push(event.kind === 'frame' ? withoutSecrets(event) : event);
  }
  const url = events.findLast((event) => event.kind === 'socket')?.url ?? '';
  const recording: Recording = { savedAt, url, events };
  const nullFor = (_: string, value: unknown) => (value === undefined ? null : value);
  return JSON.stringify({ format, version, ...recording }, nullFor);
}

/** Reads what `writeRecording` wrote. Throws a `RecordingError` for any other text. */
export function readRecording(text: string): Recording {
  if (text.length > mostCharacters) fail({ kind: 'too large', most: mostCharacters });
  const json = parse(text);
  const head = v.safeParse(headSchema, json);
  if (!head.success) fail({ kind: 'no recording' });
  if (head.output.version > version) fail({ kind: 'newer', version: head.output.version });
  const file = v.safeParse(fileSchema, json);
  if (!file.success) fail({ kind: 'bad field', field: fieldOf(file.issues) });
  const { savedAt, url } = file.output;
  let before = -1;
  const events = file.output.events.map((each, index): LineEvent => {
    const event = v.safeParse(eventSchema, each);
    if (!event.success) fail({ kind: 'bad event', event: index + 1, field: fieldOf(event.issues) });
    if (event.output.number <= before)
      fail({ kind: 'bad event', event: index + 1, field: 'number' });
    before = event.output.number;
    return event.output;
  });
  return { savedAt, url, events };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return fail({ kind: 'not json' });
  }
}

function fieldOf(issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]): string {
  return v.getDotPath(issues[0]) ?? '';
}

function fail(problem: RecordingProblem): never {
  throw new RecordingError(problem, wordsFor(problem));
}

function wordsFor(problem: RecordingProblem): string {
  switch (problem.kind) {
    case 'not json':
      return 'the file is not JSON';
    case 'no recording':
      return 'the file is not a recording of a line';
    case 'newer':
      return `the recording is of version ${problem.version}, this page reads up to ${version}`;
    case 'too large':
      return `the file has more than ${problem.most} characters`;
    case 'bad field':
      return `${problem.field} of the recording is missing or wrong`;
    case 'bad event':
      return `${problem.field || 'all'} of event ${problem.event} is missing or wrong`;
  }
}
