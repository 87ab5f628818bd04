/** Films a page: one picture after another, each with the time at which it was taken, and an animated WebP of them. */
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Page } from 'playwright-core';
import { findOrInstall } from '../support/debian';

export interface Shot {
  readonly path: string;
  /** Since the film began, in ms. */
  readonly atMs: number;
}

export interface Film {
  /** Here a scene begins, which is to be shown within `lengthMs`, however long it takes. */
  scene(lengthMs: number): void;
  /** Takes no more pictures, and gives all, at the times at which they are to be shown. */
  stop(): Promise<readonly Shot[]>;
}

interface SceneStart {
  readonly atMs: number;
  readonly lengthMs: number;
}

/** No more often, in ms: the eye wants no more, and each is some bytes. */
const everyMs = 90;

/** Begins to film into a folder. */
export async function film(page: Page, folder: string): Promise<Film> {
  const devTools = await page.context().newCDPSession(page);
  // What one session was told of the screen does not hold for the pictures that another takes.
  await devTools.send('Emulation.setDeviceMetricsOverride', {
    ...(page.viewportSize() ?? { width: 0, height: 0 }),
    deviceScaleFactor: await page.evaluate(() => devicePixelRatio),
    mobile: false,
  });
  const shots: Shot[] = [];
  const scenes: SceneStart[] = [];
  const startedAtMs = performance.now();
  let isOver = false;

  async function shoot(): Promise<void> {
    const atMs = performance.now() - startedAtMs;
    const { data } = await devTools.send('Page.captureScreenshot', {
      format: 'png',
      optimizeForSpeed: true,
    });
    const path = join(folder, `${String(shots.length).padStart(4, '0')}.png`);
    await writeFile(path, Buffer.from(data, 'base64'));
    shots.push({ path, atMs });
  }

  async function shootOn(): Promise<void> {
    while (!isOver) {
      const dueAtMs = performance.now() + everyMs;
      await shoot();
      const restMs = dueAtMs - performance.now();
      if (restMs > 0) await page.waitForTimeout(restMs);
    }
  }

  const filming = shootOn();
  return {
    scene(lengthMs) {
      scenes.push({ atMs: performance.now() - startedAtMs, lengthMs });
    },
    async stop() {
      isOver = true;
      await filming;
      return retime(shots, scenes, performance.now() - startedAtMs);
    },
  };
}

/**
 * Shows each scene in its time. A machine that is busy with other things takes longer for everything, which is no
 * part of the story; nothing is slowed down.
 */
export function retime(
  shots: readonly Shot[],
  scenes: readonly SceneStart[],
  endMs: number,
): readonly Shot[] {
  let shownMs = 0;
  return scenes.flatMap(({ atMs: startMs, lengthMs }, index) => {
    const nextMs = scenes[index + 1]?.atMs ?? endMs;
    const pace = Math.min(1, lengthMs / (nextMs - startMs));
    const beganMs = shownMs;
    shownMs += (nextMs - startMs) * pace;
    return shots
      .filter(({ atMs }) => atMs >= startMs && atMs < nextMs)
      .map(({ path, atMs }) => ({ path, atMs: beganMs + (atMs - startMs) * pace }));
  });
}

/** Makes one moving picture of all, without loss and without end. The last is shown for `lastMs`. */
export function encode(shots: readonly Shot[], lastMs: number, into: string): void {
  const frames = shots.flatMap(({ path, atMs }, index) => {
    const next = shots[index + 1];
    const shownMs = next ? Math.round(next.atMs - atMs) : lastMs;
    return ['-d', String(shownMs), path];
  });
  execFileSync(
    findOrInstall('img2webp', 'webp'),
    ['-loop', '0', '-lossless', '-m', '6', ...frames, '-o', into],
    {
      stdio: 'ignore',
    },
  );
}
