import { describe, expect, it } from 'vitest';
import { createLogOutput, type LogFile } from './logOutput';

const errorOf = (code: string) => Object.assign(new Error(code), { code });

/** A file that takes at most `takes` bytes at once, or fails with `fails`; time passes in pauses only. */
function createOutput() {
  const written: Uint8Array[] = [];
  const state: { takes: number; fails: string | undefined; nowMs: number } = {
    takes: Number.POSITIVE_INFINITY,
    fails: undefined,
    nowMs: 0,
  };
  const later: (() => void)[] = [];
  const system: (() => void)[] = [];
  const writeSync: LogFile['writeSync'] = (bytes) => {
    if (state.fails) throw errorOf(state.fails);
    const taken = bytes.subarray(0, state.takes);
    written.push(taken);
    return taken.length;
  };
  const output = createLogOutput({
    file: {
      writeSync,
      write: (bytes, done) =>
        void system.push(() => {
          if (state.fails) done(errorOf(state.fails), 0);
          else done(null, writeSync(bytes));
        }),
    },
    now: () => state.nowMs,
    after: (_, callback) => void later.push(callback),
    pause(forMs) {
      state.nowMs += forMs;
    },
  });
  return {
    state,
    output,
    text: () => Buffer.concat(written).toString(),
    /** The system does what it was given, and what that brings about. */
    async work() {
      await Promise.resolve();
      for (let next = system.shift(); next; next = system.shift()) next();
    },
    retry: () => later.splice(0).forEach((callback) => void callback()),
  };
}

describe('the log’s output', () => {
  it('writes lines in order, though only parts are taken', async () => {
    const { state, output, work, text } = createOutput();
    state.takes = 3;
    output.target.write('first line\n');
    output.target.write('zweite Zeile äöü\n');
    await work();
    expect(text()).toBe('first line\nzweite Zeile äöü\n');
  });

  it('goes on by itself once a slow reader reads', async () => {
    const { state, output, text, work, retry } = createOutput();
    state.fails = 'EAGAIN';
    output.target.write('one\n');
    await work();
    state.fails = undefined;
    retry();
    await work();
    expect(text()).toBe('one\n');
  });

  it('goes on with the next line once a full disk has room', async () => {
    const { state, output, text, work } = createOutput();
    state.fails = 'ENOSPC';
    output.target.write('one\n');
    await work();
    state.fails = undefined;
    output.target.write('two\n');
    await work();
    expect(text()).toBe('one\ntwo\n');
  });

  it('loses lines rather than memory', async () => {
    const { state, output, work, text } = createOutput();
    state.fails = 'EPIPE';
    const line = `${'x'.repeat(1023)}\n`;
    for (let n = 0; n < 5_000; n += 1) output.target.write(line);
    await work();
    state.fails = undefined;
    output.target.write('');
    await work();
    expect(text()).toHaveLength(1024 * 1024);
  });

  it.each(['ENOSPC', 'EPIPE', 'EIO'])('holds up no end when it gets %s', async (code) => {
    const { state, output, work } = createOutput();
    state.fails = code;
    output.target.write('never to be read\n');
    const written = output.written();
    await work();
    await written;
    output.end();
    expect(state.nowMs).toBe(0);
  });

  it('holds the end up for a moment where the reader is slow', () => {
    const { state, output } = createOutput();
    state.fails = 'EAGAIN';
    output.target.write('last words\n');
    output.end();
    expect(state.nowMs).toBeGreaterThan(0);
    expect(state.nowMs).toBeLessThanOrEqual(600);
  });

  it('has written the last line when the process ends in the midst of it', () => {
    const { state, output, text } = createOutput();
    state.takes = 4;
    output.target.write('crashed\n');
    output.end();
    expect(text()).toBe('crashed\n');
  });

  it('does not write twice what the system is writing', async () => {
    const { output, work, text } = createOutput();
    output.target.write('one\n');
    await Promise.resolve();
    output.target.write('two\n');
    output.end();
    await work();
    expect(text()).toBe('two\none\n');
  });
});
