/** What every code of an `err` frame means. */
import { type ErrorCode, refusalWords } from './errorCodes';

export const errorMeanings: Readonly<Record<ErrorCode, string>> = {
  ...refusalWords,
  bad_json: 'The message is not JSON text.',
  bad_frame: 'A frame is not an object, or a field of it is wrong or missing.',
  unknown_type: 'The frame has no type that the server knows.',
  unauthenticated: 'A frame other than auth, ping or pong came before auth.',
  already_authenticated: 'A second auth frame came on the same connection.',
  not_in_room: 'The frame names a room that this connection has not joined.',
  forbidden: 'The room is private, and the key is missing or not its own.',
  sign_out_failed: 'The sign-out could not be kept; the tokens still hold.',
  file_too_large: 'The file is larger than the server takes.',
  file_refused: 'The bytes are not what was announced; `message` says how.',
  bad_piece: 'The piece is not the next one of the file.',
  too_many_uploads: 'As many files are on their way as may be.',
  no_room_for_files: 'The user, or all of them together, have as many bytes kept as may be.',
  too_many_rooms: 'The connection is in as many rooms as it may be.',
  push_refused:
    'The subscription cannot be used, or this server does not push; `message` says why.',
  unavailable: 'The message log, one room of it, or the search is away; a message was not stored.',
};
