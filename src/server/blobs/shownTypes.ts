/** As what bytes that anybody may have sent are handed to a browser. */

/** What browsers show or play, and never run. */
const shownTypes: ReadonlySet<string> = new Set([
  ...['png', 'jpeg', 'gif', 'webp', 'avif'].map((kind) => `image/${kind}`),
  ...['mpeg', 'mp4', 'ogg', 'webm', 'wav'].map((kind) => `audio/${kind}`),
  ...['mp4', 'webm'].map((kind) => `video/${kind}`),
]);

/** `type` if it is harmless, else that of bytes to be saved. */
export const shownTypeOf = (type: string): string =>
  shownTypes.has(type) ? type : 'application/octet-stream';

export const isShownType = (type: string): boolean => shownTypes.has(type);
