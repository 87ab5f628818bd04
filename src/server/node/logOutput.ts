/**
 * Standard error as the log's target. Whoever reads it may be slow, gone, or a disk that is full: then lines
 * are lost, the chat goes on, and ends when it is told to.
 */
import { write, writeSync } from 'node:fs';
import { codeOf } from './errorCode';
import type { LogTarget } from './serverLog';

/** Lines that wait for a slow reader, in bytes, before further ones are lost. */
const mostWaitingBytes = 1024 * 1024;

/** What the last lines may take to be read when the process ends, in ms. */
const lastLinesTimeoutMs = 500;

/** A reader that takes nothing now is tried again in so many ms. */
const retryDelayMs = 50;

export interface LogOutput {
  readonly target: LogTarget;
  /** Resolves when all lines so far are written, cannot be, or it has taken too long. */
  written(): Promise<void>;
}

/** What lines are written to: may take a part of the bytes, and says how many. */
export interface LogFile {
  write(bytes: Uint8Array, done: (error: Error | null, writtenBytes: number) => void): void;
  /** Throws the same errors. */
  writeSync(bytes: Uint8Array): number;
}

export interface LogOutputOptions {
  file: LogFile;
  /** Ms since some fixed moment. */
  now(): number;
  after(delayMs: number, callback: () => void): void;
  /** Stands still for so long. */
  pause(forMs: number): void;
}

/** One for a process: its last lines are written as the process ends, however that comes. */
export function openLogOutput(): LogOutput {
  // A pipe becomes one that never blocks, and the end of its reader is no error that ends the process.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  const output = createLogOutput({
    file: {
      write: (bytes, done) => write(2, bytes, done),
      writeSync: (bytes) => writeSync(2, bytes),
    },
    now: () => performance.now(),
    after: (delayMs, callback) => void setTimeout(callback, delayMs).unref(),
    pause: (forMs) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, forMs),
  });
  process.prependListener('exit', output.end);
  return output;
}

/** Writes in the background, as a reader that is slow would stop everything else. */
export function createLogOutput({
  file,
  now,
  after,
  pause,
}: LogOutputOptions): LogOutput & { end(): void } {
  let lines: string[] = [];
  /** What of earlier lines is not written yet. */
  let rest: Uint8Array = new Uint8Array();
  let waitingBytes = 0;
  let isWriting = false;
  /** The system has `rest`, and has not answered yet. */
  let isWithSystem = false;
  let waiters: (() => void)[] = [];

  function takeLines() {
    if (rest.length > 0 || lines.length === 0) return;
    rest = Buffer.from(lines.join(''));
    lines = [];
  }

  function took(bytes: number) {
    rest = rest.subarray(bytes);
    waitingBytes -= bytes;
  }

  function writeOn() {
    takeLines();
    if (rest.length === 0) return stopWriting();
    isWithSystem = true;
    file.write(rest, (error, bytes) => {
      isWithSystem = false;
      if (!error) {
        took(bytes);
        return writeOn();
      }
      if (isForNow(error)) return after(retryDelayMs, writeOn);
      // There is nowhere to tell that nothing can be told; the next line tries again.
      stopWriting();
    });
  }

  function stopWriting() {
    isWriting = false;
    for (const resolve of waiters) resolve();
    waiters = [];
  }

  return {
    target: {
      write(line) {
        const bytes = Buffer.byteLength(line);
        if (waitingBytes + bytes > mostWaitingBytes) return;
        lines.push(line);
        waitingBytes += bytes;
        if (isWriting) return;
        isWriting = true;
        // Should the process end right now, the line is still here to be written.
        queueMicrotask(writeOn);
      },
    },
    written: () =>
      new Promise((resolve) => {
        if (!isWriting) return resolve();
        waiters.push(resolve);
        after(lastLinesTimeoutMs, resolve);
      }),
    end() {
      const giveUpAt = now() + lastLinesTimeoutMs;
      if (isWithSystem) {
        waitingBytes -= rest.length;
        rest = new Uint8Array();
      }
      for (takeLines(); rest.length > 0; takeLines()) {
        try {
          took(file.writeSync(rest));
        } catch (error) {
          if (!isForNow(error) || now() >= giveUpAt) return;
          pause(retryDelayMs);
        }
      }
    },
  };
}

/** Whoever reads has not read what came before yet. */
const isForNow = (error: unknown) => codeOf(error) === 'EAGAIN';
