/** The banner of the line, and what waits. */
export const line = {
  close: 'Close',
};
