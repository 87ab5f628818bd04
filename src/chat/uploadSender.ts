/**
 * Sends one file at a time on the line: announces it, goes on from where the server is, and says the pieces with no
 * more on their way than the line carries without making others wait. It keeps nothing: what was on its way
 * when the line was lost is asked for again.
 */
import type { Connection } from '../connection/contract';
import { armDeadline } from '../connection/deadline';
import type { Cancel, Time } from '../connection/ports';
import type { FilePart } from '../protocol/file';
import type { ClientFrame, ServerFrameOf } from '../protocol/frames';
import { encodePiece, maxPieceBytes } from '../protocol/piece';
import type { SendFailure } from './types';
import { createUploadPace, type UploadPace } from './uploadPace';
import { createPieceReader, type PieceReader } from './uploadPieces';
import { ownerOfPart, type PartFacts, partId, type UploadRecord } from './uploadRecord';

export interface UploadSenderOptions {
  connection: Pick<
    Connection,
    'send' | 'bufferedBytes' | 'getState' | 'ping' | 'notAnswered' | 'effectiveTuning'
  >;
  time: Time;
  /** Sends to the server; false before it is ready. */
  send(frame: ClientFrame): boolean;
  /** Joins a room unless this line is in it; false if there is no line. */
  enter(room: string, roomKey: string | undefined): boolean;
  bytes(id: string, part: FilePart): Promise<Blob>;
  /** So much of the whole file is at the server. */
  onProgress(id: string, have: number): void;
  /** It is on its way now, or the server wants it later. */
  onTurn(): void;
  /** Every part of it is at the server. */
  onWhole(id: string): void;
  /** It does not go on by itself. */
  onFailed(id: string, failure: SendFailure): void;
}

export interface UploadSender {
  /** What is on its way; undefined while nothing is, or while the server asked to wait. */
  sendingId(): string | undefined;
  /** Sends this one, or nothing. The same one as before goes on. */
  turnTo(record: UploadRecord | undefined): void;
  /** More may leave than before. */
  flush(): void;
  uploading(frame: ServerFrameOf<'uploading'>): void;
  uploaded(frame: ServerFrameOf<'uploaded'>): void;
  /** The server did not take what came under `part`. */
  refused(part: string, frame: ServerFrameOf<'err'>): void;
  lineLost(): void;
}

/** So many pieces fill the window, none of them shorter than this unless it is the last, in bytes. */
const piecesInWindow = 8;
const leastPieceBytes = 4 * 1024;

/** What the browser may hold that has not left yet, in bytes: it stands in front of every text. */
const mostBufferedBytes = 64 * 1024;

/** How often to look whether that has left, in ms; nobody is told. */
const bufferCheckMs = 20;

/** After so long without a word, in ms, the line is asked whether it lives. */
const silenceMs = 5_000;

/** How often in a row the server may want to begin anew before a person is asked. */
const mostRestarts = 5;

/** How long to wait where the server does not say, in ms: doubled each time, up to the most. */
const waitMs = 1_000;
const longestWaitMs = 60_000;

interface Part {
  readonly id: string;
  readonly part: FilePart;
  readonly facts: PartFacts;
}

/** A piece that the server has not confirmed. */
interface Flight {
  readonly id: string;
  readonly end: number;
  readonly bytes: number;
  readonly sentAt: number;
}

/** One record on one line. */
interface Job {
  readonly record: UploadRecord;
  /** What is yet to be sent, the first now. */
  parts: readonly Part[];
  /** `asked`: it was announced. `held`: the server wants it later. */
  state: 'asked' | 'sending' | 'held';
  /** How much the server has, and how much was sent. */
  have: number;
  sent: number;
  reader: PieceReader | undefined;
  restarts: number;
}

export function createUploadSender(options: UploadSenderOptions): UploadSender {
  const { connection, time, send, enter, onProgress, onWhole, onFailed } = options;
  let job: Job | undefined;
  let pace: UploadPace = createUploadPace(time.now);
  let flights: Flight[] = [];
  let cancelSilence: Cancel = () => {};
  /** When the server last said a word of it, and whether the next one is waited for. */
  let heardAt = 0;
  let isListening = false;
  let cancelWait: Cancel = () => {};
  let cancelNextPiece: Cancel = () => {};
  /** Records that came before the page into their room, as the server has it. */
  const strayed = new Set<string>();

  const bytesInFlight = () => flights.reduce((sum, { bytes }) => sum + bytes, 0);

  function land(id: string, have = Number.POSITIVE_INFINITY): Flight[] {
    const landed = flights.filter((flight) => flight.id === id && flight.end <= have);
    flights = flights.filter((flight) => !landed.includes(flight));
    return landed;
  }

  function end() {
    job?.reader?.stop();
    job = undefined;
    stopListening();
    cancelWait();
    cancelNextPiece();
  }

  function fail(current: Job, failure: SendFailure) {
    end();
    onFailed(current.record.id, failure);
  }

  /** Announces the first of its parts: the server says from where to go on. */
  function announce(current: Job) {
    const [next] = current.parts;
    const { room, roomKey, name } = current.record;
    current.reader?.stop();
    current.reader = undefined;
    current.state = 'asked';
    if (!next) {
      end();
      return onWhole(current.record.id);
    }
    land(next.id);
    const { id, facts } = next;
    if (connection.getState().isChecking || !enter(room, roomKey)) return hold(current, waitMs);
    if (!send({ t: 'upload', id, room, name, ...facts })) return hold(current, waitMs);
    listen(current);
  }

  /** Tries again later. */
  function hold(current: Job, delayMs: number) {
    current.state = 'held';
    stopListening();
    cancelWait();
    cancelWait = time.after(delayMs, () => announce(current));
    options.onTurn();
  }

  /**
   * Waits for the server's next word. A line that is dead is left by its own heartbeat; on one that lives, what was
   * sent may be lost at the server, and is asked for.
   */
  function listen(current: Job) {
    heardAt = time.now();
    if (isListening) return;
    const wait = (delayMs: number) => {
      isListening = true;
      cancelSilence = armDeadline(time, delayMs, () => {
        // One timer for many words.
        const leftMs = heardAt + silenceMs - time.now();
        if (leftMs > 0) return wait(leftMs);
        isListening = false;
        void connection.ping();
        cancelSilence = armDeadline(time, patienceMs(current), () => {
          if (time.now() - heardAt > silenceMs) announce(current);
        });
      });
    };
    stopListening();
    wait(silenceMs);
  }

  function stopListening() {
    isListening = false;
    cancelSilence();
  }

  /** What a slow network needs for what is on its way, at 4 kB a second; the longer the more often it was silent. */
  function patienceMs(current: Job): number {
    current.restarts += 1;
    const slowMs = Math.min(60_000, bytesInFlight() / 4);
    return connection.effectiveTuning().ackTimeoutMs * current.restarts + slowMs;
  }

  function flush() {
    const [part] = job?.parts ?? [];
    while (job?.state === 'sending' && part && job.sent < part.facts.size) {
      if (!sendPiece(job, part)) return;
    }
  }

  /** False if none may leave now. */
  function sendPiece(current: Job, { id, facts }: Part): boolean {
    if (connection.getState().isChecking) return false;
    const windowBytes = pace.windowBytes();
    // Several fit the window, so that the next one need not wait for this one, and the quickest of them tells how
    // quick the line is; and no more than several, as each costs both ends the same, however long it is.
    const mostOfWindow = Math.max(leastPieceBytes, windowBytes / piecesInWindow);
    const left = facts.size - current.sent;
    const most = Math.floor(Math.min(maxPieceBytes(id), mostOfWindow, left));
    if (flights.length > 0 && bytesInFlight() + most > windowBytes) return false;
    const isHeldUp = connection.bufferedBytes() > mostBufferedBytes;
    const waitMs = isHeldUp ? bufferCheckMs : pace.waitMs();
    if (waitMs > 0) {
      cancelNextPiece();
      cancelNextPiece = time.after(waitMs, flush);
      return false;
    }
    const bytes = current.reader?.take(current.sent, most);
    if (!bytes) return false;
    const at = current.sent;
    if (!connection.send(encodePiece({ id, at, bytes }))) return false;
    current.sent += bytes.length;
    pace.left(bytes.length);
    flights.push({ id, end: current.sent, bytes: bytes.length, sentAt: time.now() });
    return true;
  }

  /** The first of its parts goes on from `have`. */
  function goOn(current: Job, part: Part, have: number) {
    current.state = 'sending';
    options.onTurn();
    current.have = have;
    current.sent = have;
    current.reader = createPieceReader({
      size: part.facts.size,
      open: () => options.bytes(current.record.id, part.part),
      onRead: flush,
      onUnreadable() {
        if (job === current) fail(current, unreadable);
      },
    });
  }

  return {
    sendingId: () => (job && job.state !== 'held' ? job.record.id : undefined),

    turnTo(record) {
      if (record?.id === job?.record.id) return;
      end();
      if (!record) return;
      const begun: Job = {
        record,
        parts: partsOf(record),
        state: 'asked',
        have: 0,
        sent: 0,
        reader: undefined,
        restarts: 0,
      };
      job = begun;
      announce(begun);
    },

    flush,

    uploading({ id, have }) {
      const last = land(id, have).at(-1);
      if (last) pace.arrived(time.now() - last.sentAt);
      const [part] = job?.parts ?? [];
      if (!job || part?.id !== id || job.state === 'held') return;
      if (job.state === 'asked') goOn(job, part, Math.min(have, part.facts.size));
      else if (have > job.have) {
        job.have = have;
        job.sent = Math.max(job.sent, have);
        job.restarts = 0;
      }
      if (part.part === 'whole') onProgress(job.record.id, job.have);
      listen(job);
      flush();
    },

    uploaded({ id }) {
      land(id);
      const [part] = job?.parts ?? [];
      if (!job || part?.id !== id) return;
      if (part.part === 'whole') onProgress(job.record.id, part.facts.size);
      job.parts = job.parts.slice(1);
      job.have = 0;
      job.restarts = 0;
      cancelWait();
      announce(job);
    },

    refused(part, { code, retry, after, message }) {
      land(part);
      const current = job;
      if (!current || ownerOfPart(part) !== current.record.id) return;
      // One refusal may be told for each piece that was on its way.
      if (current.state === 'held') return;
      const { id } = current.record;
      if (code === 'not_in_room' && !strayed.has(id)) {
        // The page had entered: the line has lost that.
        strayed.add(id);
        return connection.notAnswered();
      }
      if (isOutOfStep(code) && current.state === 'asked') return;
      const isStuck = isOutOfStep(code) && current.restarts >= mostRestarts;
      const isForPerson = code === 'no_room_for_files' || !(retry || isOutOfStep(code));
      if (isForPerson || isStuck) return fail(current, { code, message });
      const pauseMs = Math.min(longestWaitMs, waitMs * 2 ** current.restarts);
      current.restarts += 1;
      if (isOutOfStep(code)) announce(current);
      else hold(current, after ?? pauseMs);
    },

    lineLost() {
      end();
      flights = [];
      pace = createUploadPace(time.now);
    },
  };
}

/** What the server has is not what was thought here. */
const isOutOfStep = (code: string) => code === 'bad_piece' || code === 'no_upload';

/** This page's own word. */
export const unreadable: SendFailure = {
  code: 'unreadable',
  message: 'the file cannot be read any more',
};

/** The small picture first: it is what people see. */
function partsOf({ id, prepared }: UploadRecord): Part[] {
  const parts: Part[] = [];
  if (prepared?.preview) {
    parts.push({ id: partId(id, 'preview'), part: 'preview', facts: prepared.preview });
  }
  if (prepared) parts.push({ id, part: 'whole', facts: prepared.whole });
  return parts;
}
