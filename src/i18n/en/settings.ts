/** Settings and the keyboard sheet. */
export const settings = {};
