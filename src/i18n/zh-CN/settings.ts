/** Settings and the keyboard sheet. */
import type { Texts } from '../en';

export const settings: Texts['settings'] = {};
