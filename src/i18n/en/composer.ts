/** Where one writes. */
export const composer = {};
