/**
 * What a frame may hold. One place for both ends: the server refuses by these, the page warns by
 * these before the server has to.
 */
export const limits = {
  /** The largest WebSocket message that a client may send, in bytes of UTF-8. */
  frameBytes: 64 * 1024,
  /** The longest message text, in code points: whatever they are, JSON of them fits `frameBytes`. */
  bodyLength: 10_000,
  /** The longest display name, in code points. */
  nameLength: 40,
  /** The longest room name, in characters of `roomPattern`. */
  roomLength: 64,
  /** The longest id that a client may give a message. */
  idLength: 64,
  /** The most rooms that one connection may be in. */
  roomsPerConnection: 100,
  /** The most rooms of which one connection is told what is new, without being in them. */
  watchedRooms: 100,
  /** The longest text to search for, in code points. */
  searchLength: 200,
  /** The most messages in one answer to a search. */
  searchMessages: 50,
  /** The longest reaction, in code points: one emoji may have many. */
  reactionLength: 32,
  /** The most frames that one WebSocket message may carry as an array. */
  framesPerMessage: 200,
  /** The most messages in one page of `sync` or `history`. */
  pageMessages: 500,
  /** The most people in a room who are told by name; beyond, only how many there are. */
  presenceMembers: 200,
  /** How long somebody who wrote a moment ago is taken to be writing, in ms. */
  typingMs: 5_000,
  /** The longest address of a browser's push subscription, in characters. */
  pushEndpointLength: 1_024,
  /** The most browsers that one user is pushed to. */
  pushEndpointsPerUser: 10,
  /** The most registrations that a room has: each is looked at when something is said there. */
  pushRegistrationsPerRoom: 10_000,
  /** The longest heartbeat interval, in ms: NAT forgets a silent flow after about five minutes. */
  heartbeatIntervalMs: 270_000,
  /** The longest name of a file, in code points. */
  fileNameLength: 200,
  /** The widest and the highest that a picture may be, in pixels. */
  pictureSide: 16_384,
  /** The most pixels that a picture may have: what a browser unpacks takes four bytes for each. */
  picturePixels: 50_000_000,
  /** The most messages that one user may be writing before everybody's eyes at a time. */
  streamsPerUser: 5,
  /** The most files that one user may have on their way at a time. */
  uploadsPerUser: 20,
  /** Roughly where a page is cut, in UTF-16 code units of message text. */
  pageLength: 512 * 1024,
} as const;

/** Room names are plain, so that they travel in links, logs and file names unescaped. */
export const roomPattern = /^[a-z0-9][a-z0-9_-]*$/;

/** Ids made by clients: UUIDs and ULIDs pass, anything that needs escaping does not. */
export const idPattern = /^[A-Za-z0-9_-]+$/;

/** The length of a text in code points: what `bodyLength` and `nameLength` count. */
export function codePointCount(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
