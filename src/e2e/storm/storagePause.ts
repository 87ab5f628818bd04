import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../../connection/ports';

/** What storing may take in a storm, in ms. */
const maxStorageMs = 20;

/** As long as storing takes each time. */
export const storagePause = (random: Random) => () => delay<void>(random() * maxStorageMs);
