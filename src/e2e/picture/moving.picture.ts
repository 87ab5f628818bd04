/**
 * Makes the pictures at the head of the README, from the built app and a real server: a line is frozen in the
 * lab, the heartbeat finds out, both write on, and once it thaws everything is there.
 */
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startBrowser } from '../support/browser';
import { startServer } from '../support/serverProcess';
import { encode, film } from './film';
import { createScene } from './scene';
import { type Look, openStage } from './stage';

const looks: Look[] = [
  { lang: 'en', colorScheme: 'light' },
  { lang: 'en', colorScheme: 'dark' },
  { lang: 'zh-CN', colorScheme: 'light' },
  { lang: 'zh-CN', colorScheme: 'dark' },
];

/** Soon, so that one sees it beat. */
const heartbeat = ['--heartbeat-interval', '1s', '--heartbeat-timeout', '2s'];

/** How long the last picture stays, in ms. */
const lastMs = 2_500;

it.each(looks)('films the line in $lang, $colorScheme', async (look) => {
  const folder = await mkdtemp(join(tmpdir(), 'heartline-film-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const server = await startServer(heartbeat);
  const { browser } = await startBrowser();
  const stage = await openStage(browser, server.url, look);
  const scene = createScene(stage, look.lang);
  await scene.prepare();
  const shooting = await film(stage.page, folder);
  const shots = await scene.play(shooting).then(shooting.stop, async (error) => {
    await shooting.stop();
    throw error;
  });
  const name = `.github/heartline-${look.lang}-${look.colorScheme}`;
  encode(shots, lastMs, `${name}.webp`);
  const last = shots.at(-1) ?? expect.fail('nothing was filmed');
  await copyFile(last.path, `${name}.png`);
});
