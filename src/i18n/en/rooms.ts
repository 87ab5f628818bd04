/** Rooms, people, sharing and search. */
export const rooms = {};
