/** The browsers that the main job is tested in. */
import { chromium } from './chromium';
import type { Driver } from './driver';
import { firefox } from './firefox';

export const everyBrowser: readonly Driver[] = [chromium, firefox];
