/** The conversation: rows, what may be done with them, and moving in it. */
export const timeline = {};
