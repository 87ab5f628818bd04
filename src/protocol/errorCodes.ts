/**
 * Every `err` frame's code. The connection stays open after each of them; `retry` says whether the
 * same request may succeed later without being changed. What they mean is in `errorMeanings.ts`, apart, as a
 * page that has the server in itself need not load all of it.
 */
export const errorCodes = {
  bad_json: { retry: false },
  bad_frame: { retry: false },
  unknown_type: { retry: false },
  unauthenticated: { retry: false },
  already_authenticated: { retry: false },
  not_in_room: { retry: false },
  forbidden: { retry: false },
  sign_out_failed: { retry: true },
  no_message: { retry: false },
  not_author: { retry: false },
  stream_gap: { retry: true },
  stream_ended: { retry: false },
  too_many_streams: { retry: true },
  no_files: { retry: false },
  file_too_large: { retry: false },
  file_refused: { retry: false },
  no_upload: { retry: false },
  bad_piece: { retry: true },
  too_many_uploads: { retry: true },
  no_room_for_files: { retry: true },
  no_file: { retry: false },
  too_many_rooms: { retry: false },
  push_refused: { retry: false },
  unavailable: { retry: true },
} as const satisfies Record<string, { retry: boolean }>;

export type ErrorCode = keyof typeof errorCodes;

/** What a client is told with these, in each case: there is nothing more to say than what they mean. */
export const refusalWords = {
  no_message: 'What the message is about is not there, is no message for people, or was deleted.',
  not_author: 'Only who wrote a message may edit or delete it.',
  stream_gap: 'The piece begins where the server has nothing yet: write from the beginning again.',
  stream_ended: 'The message was sent, or broken off: no more of it is shown.',
  too_many_streams: 'As many messages are being written before all eyes as may be.',
  no_files: 'This server takes no files.',
  no_upload: 'There is no such upload, or it is not whole.',
  no_file: 'The message is not there, or has no such file.',
} as const satisfies Partial<Record<ErrorCode, string>>;
