/** What is played on the stage: each step waits until it is seen to have happened, and then until it can be read. */
import { setTimeout as delay } from 'node:timers/promises';
import type { FrameLocator } from 'playwright-core';
import { en } from '../../i18n/en';
import { labPanel as enPanel } from '../../i18n/en/labPanel';
import { zhCN } from '../../i18n/zh-CN';
import { labPanel as zhPanel } from '../../i18n/zh-CN/labPanel';
import { captions, type PictureLanguage } from './captions';
import type { Film } from './film';
import type { Stage } from './stage';

const pageTexts = {
  en: { ...en, panel: enPanel },
  'zh-CN': { ...zhCN, panel: zhPanel },
};

/** Between two keys, in ms. */
const keyMs = 50;
/** As long as it takes until the trace of the heartbeat is full, in ms. */
const beatsMs = 5_000;

export interface Scene {
  /** Before the film: some words were said, and the lab lies open where a line is frozen. */
  prepare(): Promise<void>;
  play({ scene }: Pick<Film, 'scene'>): Promise<void>;
}

export function createScene({ ann, bob, say, press }: Stage, lang: PictureLanguage): Scene {
  const words = captions[lang];
  const texts = pageTexts[lang];

  const field = (who: FrameLocator) =>
    who.getByRole('textbox', { name: texts.message, exact: true });
  async function write(who: FrameLocator, text: string): Promise<void> {
    await field(who).pressSequentially(text, { delay: keyMs });
    await field(who).press('Enter');
    await read(who, text);
  }
  const read = (who: FrameLocator, text: string) =>
    who.locator('[data-part="body"]', { hasText: text }).waitFor();
  const untilLine = (state: string) =>
    ann.locator(`[role="status"][data-connection-state="${state}"]`).waitFor();

  const lab = ann.getByRole('region', { name: texts.lab.title });
  const freezing = lab.getByRole('group', { name: texts.panel.faults.frozen });

  return {
    async prepare() {
      await write(ann, words.hello);
      await read(bob, words.hello);
      await write(bob, words.answer);
      await read(ann, words.answer);
      await ann.getByRole('button', { name: texts.rooms.menu, exact: true }).click();
      await ann.getByRole('menuitem', { name: texts.lab.title, exact: true }).click();
      await lab.getByRole('tab', { name: texts.panel.tabs.faults }).click();
      await freezing.scrollIntoViewIfNeeded();
      await say(words.calm);
      await delay(beatsMs);
    },
    async play({ scene }) {
      scene(1_800);
      await delay(1_800);
      scene(2_800);
      await say(words.frozen);
      await delay(500);
      await press(freezing.getByText(texts.panel.faults.frozenWays.both, { exact: true }));
      await press(lab.getByRole('button', { name: texts.rooms.close, exact: true }));
      await ann.locator('[role="status"]:not([data-connection-state="open"])').waitFor();
      scene(2_000);
      await say(words.noticed);
      await delay(2_000);
      scene(4_000);
      await say(words.writing);
      const [first, second] = words.intoSilence;
      await write(ann, first);
      await write(bob, words.meanwhile);
      await write(ann, second);
      scene(2_000);
      await delay(700);
      await press(ann.getByRole('button', { name: texts.lab.strip.allOff }));
      await untilLine('open');
      for (const text of words.intoSilence) await read(bob, text);
      await read(ann, words.meanwhile);
      scene(1_000);
      await say(words.healed);
      await delay(1_000);
    },
  };
}
