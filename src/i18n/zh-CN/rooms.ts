/** Rooms, people, sharing and search. */
import type { Texts } from '../en';

export const rooms: Texts['rooms'] = {};
