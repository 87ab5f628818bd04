/**
 * Every `err` frame's code. The connection stays open after each of them; `retry` says whether the
 * same request may succeed later without being changed.
 */
export const errorCodes = {
  bad_json: { retry: false, meaning: 'The message is not JSON text.' },
  bad_frame: {
    retry: false,
    meaning: 'A frame is not an object, or a field of it is wrong or missing.',
  },
  unknown_type: { retry: false, meaning: 'The frame has no type that the server knows.' },
  unauthenticated: {
    retry: false,
    meaning: 'A frame other than auth, ping or pong came before auth.',
  },
  already_authenticated: {
    retry: false,
    meaning: 'A second auth frame came on the same connection.',
  },
  not_in_room: {
    retry: false,
    meaning: 'The frame names a room that this connection has not joined.',
  },
  forbidden: {
    retry: false,
    meaning: 'The room is private, and the key is missing or not its own.',
  },
  sign_out_failed: {
    retry: true,
    meaning: 'The sign-out could not be kept; the tokens still hold.',
  },
  no_message: {
    retry: false,
    meaning: 'What the message is about is not there, is no message for people, or was deleted.',
  },
  not_author: { retry: false, meaning: 'Only who wrote a message may edit or delete it.' },
  too_many_rooms: { retry: false, meaning: 'The connection is in as many rooms as it may be.' },
  push_refused: {
    retry: false,
    meaning: 'The subscription cannot be used, or this server does not push; `message` says why.',
  },
  unavailable: {
    retry: true,
    meaning: 'The message log, or the search, is away; a message was not stored.',
  },
} as const satisfies Record<string, { retry: boolean; meaning: string }>;

export type ErrorCode = keyof typeof errorCodes;
