/**
 * Disks that take no more: a small file system in memory, where this machine lets one be mounted, and a
 * limit on the size of a process's files, which every Linux has.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export interface SmallDisk {
  /** Where a data folder may lie. */
  readonly path: string;
  /** Lets the server's log grow no more. */
  fill(server: { pid: number; dataDir: string }): Promise<void>;
  /** Lets it grow again. */
  free(server: { pid: number }): Promise<void>;
}

/** Whether this user may mount one. */
export function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    // In a mount namespace of its own: nothing of it is left.
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}

/** A disk of so many bytes, gone when the test is over. */
export async function mountSmallDisk(bytes: number): Promise<SmallDisk> {
  const path = await mkdtemp(join(tmpdir(), 'heartline-disk-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  onTestFinished(() => {
    // Lazily, for a server that still ends.
    execFileSync('umount', ['--lazy', path]);
  });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', path]);
  const filler = join(path, 'filler');
  return {
    path,
    async fill() {
      const file = await open(filler, 'a');
      // In small pieces: none must be left over.
      const piece = new Uint8Array(4_096);
      try {
        for (let written = 0; written < bytes; written += piece.length) await file.write(piece);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
      } finally {
        await file.close();
      }
    },
    free: () => rm(filler),
  };
}

/** A disk on which a process is told that its files are large enough (EFBIG). */
export async function limitFileSize(): Promise<SmallDisk> {
  const path = await mkdtemp(join(tmpdir(), 'heartline-disk-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  const limit = (pid: number, bytes: number | 'unlimited') =>
    execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`]);
  return {
    path,
    async fill({ pid, dataDir }) {
      const { size } = await stat(join(dataDir, 'log.sqlite-wal'));
      limit(pid, size);
    },
    free: async ({ pid }) => void limit(pid, 'unlimited'),
  };
}
