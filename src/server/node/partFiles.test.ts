import { describe, expect, it } from 'vitest';
import { createManualTime } from '../../testing/manualTime';
import { createLogSyncs } from './logSyncs';
import { createPartFiles, flushEveryBytes, idleMs, type PartFile } from './partFiles';

const few = new Uint8Array(10);
/** A part that goes to the disk once it is written. */
const many = new Uint8Array(flushEveryBytes);

/** Until all is done that waits for nothing. */
const settle = () => new Promise<void>((done) => setImmediate(done));

/** A disk that notes what is done to it, each thing as `verb path`. */
function createDisk(mostHeld: number, untilQuiet?: () => Promise<void>) {
  const time = createManualTime();
  const done: string[] = [];
  const open = new Set<PartFile>();
  /** Flushes that are under way, by how each ends. */
  const flushes: { end(error?: Error): void }[] = [];
  let waits = false;
  const parts = createPartFiles({
    mostHeld,
    after: time.after,
    ...(untilQuiet && { untilQuiet }),
    async open(path, mayMake) {
      if (!mayMake && !done.some((each) => each === `make ${path}`)) throw new Error('ENOENT');
      done.push(`${mayMake && !done.includes(`make ${path}`) ? 'make' : 'open'} ${path}`);
      const file: PartFile = {
        // As systems may: not all at once.
        async write(bytes, offset, length, position) {
          expect(open).toContain(file);
          const bytesWritten = Math.min(length, Math.ceil(bytes.length / 2));
          done.push(`write ${path} ${position}+${bytesWritten}`);
          expect(offset + bytesWritten).toBeLessThanOrEqual(bytes.length);
          return { bytesWritten };
        },
        async datasync() {
          done.push(`sync ${path}`);
          if (!waits) return;
          await new Promise<void>((resolve, reject) =>
            flushes.push({ end: (error) => (error ? reject(error) : resolve()) }),
          );
        },
        async close() {
          expect(open.delete(file)).toBe(true);
          done.push(`close ${path}`);
        },
      };
      open.add(file);
      return file;
    },
    async remove(path) {
      done.push(`remove ${path}`);
    },
  });
  return {
    parts,
    time,
    open,
    flushes,
    /** Flushes end when the test says so. */
    makeFlushesWait() {
      waits = true;
    },
    /** What was done since this was last asked, but for writing. */
    news: () => done.splice(0).filter((each) => !each.startsWith('write')),
    written: () => done.splice(0).filter((each) => each.startsWith('write')),
  };
}

describe('the file of an upload', () => {
  it('is opened once for all of its pieces, and gets them whole', async () => {
    const { parts, written, news } = createDisk(4);
    await parts.write('a', 0, few);
    expect(written()).toEqual(['write a 0+5', 'write a 5+5']);
    await parts.write('a', 10, few);
    await parts.write('a', 20, few);
    expect(news()).toEqual([]);
  });

  it('is on the disk and closed once it is finished', async () => {
    const { parts, news, open } = createDisk(4);
    await parts.write('a', 0, few);
    await parts.finish('a');
    expect(news()).toEqual(['make a', 'sync a', 'close a']);
    expect(open.size).toBe(0);
  });

  it('is not made by finishing it: it was taken away', async () => {
    const { parts, open } = createDisk(4);
    await expect(parts.finish('a')).rejects.toThrow('ENOENT');
    expect(open.size).toBe(0);
  });

  it('goes to the disk part by part, while more is written', async () => {
    const { parts, makeFlushesWait, flushes, news } = createDisk(4);
    makeFlushesWait();
    await parts.write('a', 0, many.subarray(1));
    expect(flushes).toHaveLength(0);
    await parts.write('a', flushEveryBytes - 1, few);
    expect(flushes).toHaveLength(1);
    await parts.write('a', flushEveryBytes + 9, few);
    expect(news()).toEqual(['make a', 'sync a']);
  });

  it('is flushed alone: each has its turn, and none is passed over', async () => {
    const { parts, makeFlushesWait, flushes, news } = createDisk(4);
    const nextSync = async () => {
      await expect.poll(() => flushes.length).toBe(1);
      flushes.shift()?.end();
      return news();
    };
    makeFlushesWait();
    await parts.write('a', 0, many);
    await parts.write('b', 0, many);
    await parts.write('a', flushEveryBytes, many);
    await parts.write('a', 2 * flushEveryBytes, many);
    const finished = parts.finish('b');
    expect(await nextSync()).toEqual(['make a', 'sync a', 'make b']);
    expect(await nextSync()).toEqual(['sync b']);
    expect(await nextSync()).toEqual(['sync a']);
    expect(await nextSync()).toEqual(['sync b']);
    await finished;
    expect(news()).toEqual(['close b']);
  });

  it('is flushed no more once it was closed after a failure', async () => {
    const { parts, makeFlushesWait, flushes, news } = createDisk(4);
    makeFlushesWait();
    await parts.write('b', 0, many);
    await parts.write('a', 0, many);
    await parts.letGo('a');
    flushes.shift()?.end();
    await parts.close();
    expect(news()).toEqual(['make b', 'sync b', 'make a', 'close a', 'close b']);
  });

  it('goes to the disk once nothing more urgent does', async () => {
    const syncs = createLogSyncs();
    const { parts, news } = createDisk(4, syncs.over);
    let end = (_: Error) => {};
    syncs.begun(
      new Promise((_, reject) => {
        end = reject;
      }),
    );
    await parts.write('a', 0, many);
    await settle();
    expect(news()).toEqual(['make a']);
    // What is wrong with the log is no matter of the files.
    end(new Error('EIO'));
    await settle();
    expect(news()).toEqual(['sync a']);
    await parts.write('a', flushEveryBytes, many);
    await settle();
    expect(news()).toEqual(['sync a']);
  });

  it('is removed where a part did not come to the disk, and that is told once', async () => {
    const { parts, makeFlushesWait, flushes, news } = createDisk(4);
    makeFlushesWait();
    await parts.write('a', 0, many);
    flushes.shift()?.end(new Error('EIO'));
    await settle();
    await expect(parts.write('a', flushEveryBytes, few)).rejects.toThrow('EIO');
    expect(news()).toEqual(['make a', 'sync a', 'close a', 'remove a']);
    await parts.write('a', 0, few);
    const finished = parts.finish('a');
    await expect.poll(() => flushes.length).toBe(1);
    flushes.shift()?.end(new Error('EIO'));
    await expect(finished).rejects.toThrow('EIO');
    expect(news().at(-1)).toBe('remove a');
  });

  it('is closed before it is removed by others, when its flush is over', async () => {
    const { parts, makeFlushesWait, flushes, open, news } = createDisk(4);
    makeFlushesWait();
    await parts.write('a', 0, many);
    const gone = parts.letGo('a');
    flushes.shift()?.end(new Error('EIO'));
    await gone;
    expect(open.size).toBe(0);
    expect(news()).not.toContain('remove a');
    // It is another file now, of which nothing was lost.
    await parts.write('a', 0, few);
  });
});

describe('files of uploads', () => {
  it('are so many at most: who was written to longest ago is closed', async () => {
    const { parts, open, news } = createDisk(2);
    for (const path of ['a', 'b', 'a', 'c']) await parts.write(path, 0, few);
    await expect.poll(() => open.size).toBe(2);
    expect(news()).toContain('close b');
    await parts.write('b', 10, few);
    await expect.poll(news).toContain('close a');
  });

  it('are closed when nothing comes for them', async () => {
    const { parts, time, open, news } = createDisk(2);
    await parts.write('a', 0, few);
    await parts.write('b', 0, few);
    time.advance(idleMs);
    await parts.write('b', 10, few);
    time.advance(idleMs);
    await expect.poll(news).toContain('close a');
    expect(open.size).toBe(1);
    time.advance(2 * idleMs);
    await expect.poll(() => open.size).toBe(0);
    expect(time.armed).toBe(0);
  });

  it('are not held open where other servers use them', async () => {
    const { parts, news, makeFlushesWait, flushes, open } = createDisk(0);
    await parts.write('a', 0, few);
    await parts.write('a', 10, few);
    expect(news()).toEqual(['make a', 'close a', 'open a', 'close a']);
    makeFlushesWait();
    await parts.write('b', 0, many);
    expect(open.size).toBe(1);
    flushes.shift()?.end();
    await expect.poll(() => open.size).toBe(0);
  });

  it('are all closed at the end, and no timer is left', async () => {
    const { parts, time, open } = createDisk(4);
    await parts.write('a', 0, many);
    await parts.write('b', 0, few);
    await parts.close();
    expect(open.size).toBe(0);
    expect(time.armed).toBe(0);
  });
});
