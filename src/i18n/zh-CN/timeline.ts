/** The conversation: rows, what may be done with them, and moving in it. */
import type { Texts } from '../en';

export const timeline: Texts['timeline'] = {};
