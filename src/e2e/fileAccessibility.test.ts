/** Every state in which a person meets files, for those who cannot see them or not well. */
import { describe, expect, it } from 'vitest';
import { files as en } from '../i18n/en/files';
import { files as zhCN } from '../i18n/zh-CN/files';
import { axeFindings } from './support/axe';
import { startBrowser } from './support/browser';
import { atChat, openChat } from './support/chatPage';
import { startFaultProxy } from './support/faultProxy';
import { fileOf, noisyPng, pickFiles, sendFile, toneWav } from './support/filePages';
import { startServer } from './support/serverProcess';

const screens = [
  { place: 'a phone', viewport: { width: 360, height: 740 }, hasTouch: true },
  { place: 'a desk', viewport: { width: 1280, height: 800 }, hasTouch: false },
];
const cases = (['light', 'dark'] as const).flatMap((colorScheme) =>
  screens.map((screen) => ({ ...screen, colorScheme })),
);

describe.each(Object.entries({ en, 'zh-CN': zhCN }))(
  'axe finds nothing on files in %s',
  (lang, { voice }) => {
    it.each(cases)(
      'in the $colorScheme theme, on $place',
      async ({ viewport, hasTouch, colorScheme }) => {
        // A file that may be sent by its size may still be more than one person may keep.
        const server = await startServer(['--files-max', '3MB', '--files-per-user', '2MB']);
        const proxy = await startFaultProxy(server.port);
        const { browser } = await startBrowser({ hasMicrophone: true });
        const picture = await fileOf(noisyPng(240, 160), 'garden.png');
        const tone = await fileOf(toneWav(3), 'tone.wav');
        const paper = await fileOf(600_000, 'paper.pdf');
        const unkept = await fileOf(2_500_000, 'unkept.zip');
        const tooLarge = await fileOf(3_200_000, 'large.zip');
        const bob = await openChat(browser, server.url, { name: 'Bob', room: 'tea' });
        await bob.untilConnection('open');
        for (const { path } of [picture, tone, paper]) await sendFile(bob, path, 'look');
        await bob.untilAllSent();

        const context = await browser.newContext({
          viewport,
          colorScheme,
          reducedMotion: 'reduce',
          hasTouch,
          serviceWorkers: 'block',
        });
        const page = await context.newPage();
        const chat = atChat(page);
        const submit = () => page.locator('main form button[type="submit"]').click();
        const expectNothing = async (where: string) =>
          expect(await axeFindings(page), where).toEqual([]);

        await page.goto(`${proxy.url}?${new URLSearchParams({ lang, name: 'Ann', room: 'tea' })}`);
        await chat.untilConnection('open');
        await page.locator('img[data-loaded="true"]').first().waitFor();
        await page.locator('[data-kind="sound"] input:enabled').first().waitFor();
        await expectNothing('a picture, a sound and a file');

        await page.locator('[data-kind="picture"] button').first().click();
        await page.locator('dialog[open] img').last().waitFor();
        await expectNothing('a picture that is shown large');
        await page.keyboard.press('Escape');

        await page.getByRole('button', { name: voice.record }).click();
        await page.getByRole('timer').waitFor();
        await expectNothing('a voice note in the making');
        await page.locator('fieldset [data-part="cancel"]').click();

        await pickFiles(chat, picture.path, tone.path, paper.path, tooLarge.path);
        await page.getByRole('alert').waitFor();
        await expectNothing('files that are attached, and one that is not');

        proxy.fail({ kind: 'slow drip', bytesPerSecond: 20_000 });
        await submit();
        const sending = page.locator('[data-upload="sending"]').first();
        await sending.waitFor();
        await expectNothing('files on their way');
        await sending.getByRole('button').first().click();
        await page.locator('[data-upload="paused"]').waitFor();
        await expectNothing('a file that waits');
        proxy.fail({ kind: 'none' });
        await page.locator('[data-upload="paused"]').getByRole('button').first().click();
        await chat.untilAllSent(30_000);

        await page.route('**/files/**', (route) => route.abort());
        await page.reload();
        await page.locator('[data-part="file"] [role="alert"]').first().waitFor();
        await pickFiles(chat, unkept.path);
        await submit();
        await page.locator('[data-state="failed"]').waitFor();
        await expectNothing('files that could not be sent, or loaded');
      },
    );
  },
);
