/** Where one writes. */
import type { Texts } from '../en';

export const composer: Texts['composer'] = {};
