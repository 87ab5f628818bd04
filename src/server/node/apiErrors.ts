/**
 * What programs are told over HTTP when something cannot be done: a name for each reason, the status that
 * goes with it, and what it means. PROGRAMS.md has the same table.
 */
import { errorMeanings } from '../../protocol/errorMeanings';
import type { ProgramRefusal } from '../chat/programs';

export const apiErrors = {
  bad_json: { status: 400, meaning: 'The body is not JSON in UTF-8.' },
  bad_text: { status: 400, meaning: 'The body is not UTF-8.' },
  bad_field: {
    status: 400,
    meaning: 'A field, a header or a part of the address is wrong or missing.',
  },
  empty: { status: 400, meaning: 'There is no text.' },
  no_token: { status: 401, meaning: 'There is no `Authorization: Bearer TOKEN`.' },
  bad_token: { status: 401, meaning: 'The token proves nobody, or no longer does.' },
  forbidden: { status: 403, meaning: errorMeanings.forbidden },
  foreign_origin: { status: 403, meaning: 'A page from elsewhere asks, and it may not.' },
  not_found: { status: 404, meaning: 'There is nothing at this address.' },
  bad_method: { status: 405, meaning: '`Allow` says how this address is asked.' },
  too_slow: { status: 408, meaning: 'The body did not come in time.' },
  no_message: {
    status: 409,
    meaning: 'What the message answers is not there, or was deleted.',
  },
  id_taken: { status: 409, meaning: 'You have a message of this id in another room.' },
  too_large: { status: 413, meaning: 'The body has more bytes than may be.' },
  too_long: { status: 413, meaning: 'The text has more characters than a message may have.' },
  bad_type: { status: 415, meaning: 'The body is of another type than is read here.' },
  misdirected: { status: 421, meaning: 'The server does not know the name that it was called by.' },
  too_fast: { status: 429, meaning: 'The user or the address has sent more than it may.' },
  too_many_streams: {
    status: 429,
    meaning:
      'As many messages are being written as may be, by the user, from the address or in the room.',
  },
  too_many_connections: {
    status: 429,
    meaning: 'There are as many connections from the address as may be.',
  },
  internal: { status: 500, meaning: 'The server failed; it was not your fault.' },
  unavailable: { status: 503, meaning: 'The message log is away: nothing was stored.' },
  draining: { status: 503, meaning: 'The server is restarting.' },
  full: { status: 503, meaning: 'The server has as many connections, or streams, as it may have.' },
} as const satisfies Record<string, { status: number; meaning: string }>;

export type ApiErrorCode = keyof typeof apiErrors;

export interface ApiErrorDetails {
  /** When to try again, in ms. */
  afterMs?: number | undefined;
  headers?: Readonly<Record<string, string>>;
  /** What else the answer says, beside `error`. */
  also?: Readonly<Record<string, unknown>>;
}

/** Something that a program is told. */
export class ApiError extends Error {
  override name = 'ApiError';
  constructor(
    readonly code: ApiErrorCode,
    message: string,
    readonly details: ApiErrorDetails = {},
  ) {
    super(message);
  }
}

/** The same for what the heart has refused. */
export function refusalAsError(
  { code, message, afterMs }: ProgramRefusal,
  also: Readonly<Record<string, unknown>> = {},
): ApiError {
  return new ApiError(isApiErrorCode(code) ? code : 'internal', message, { afterMs, also });
}

const isApiErrorCode = (code: string): code is ApiErrorCode => Object.hasOwn(apiErrors, code);
