/**
 * Every way in which Heartline closes a line, in one table. The decision to reconnect can be read
 * off the range alone (4000-4499 yes, 4500-4999 never), so an old page handles a new code rightly.
 */
export type CloseRule = 'stop' | 'reconnect' | 'reconnect in the window of bye' | 'never reconnect';

export interface CloseCode {
  readonly code: number;
  /** Sent as the WebSocket close reason: at most 123 bytes of UTF-8. */
  readonly reason: string;
  readonly rule: CloseRule;
}

export const closeCodes = {
  /** The user left on purpose: presence ends at once. RFC 6455 section 7.4.1. */
  left: { code: 1000, reason: 'left on purpose', rule: 'stop' },
  /** Raised by the WebSocket layer itself. RFC 6455 section 7.4.1. */
  frameTooBig: { code: 1009, reason: 'frame larger than the limit', rule: 'reconnect' },
  internalError: { code: 4000, reason: 'the server failed', rule: 'reconnect' },
  draining: {
    code: 4001,
    reason: 'the server is restarting',
    rule: 'reconnect in the window of bye',
  },
  heartbeatTimeout: { code: 4002, reason: 'no answer to a heartbeat', rule: 'reconnect' },
  tooSlow: { code: 4003, reason: 'reading too slowly', rule: 'reconnect' },
  logUnavailable: { code: 4005, reason: 'the message log is away', rule: 'reconnect' },
  tokenExpired: { code: 4006, reason: 'the token has ended', rule: 'reconnect' },
  rateLimited: { code: 4007, reason: 'far more than the limits allow', rule: 'reconnect' },
  authTimeout: { code: 4009, reason: 'no auth frame in time', rule: 'reconnect' },
  hungUp: { code: 4010, reason: 'hung up, as was asked for', rule: 'reconnect' },
  badFrames: {
    code: 4500,
    reason: 'too many frames that break the protocol',
    rule: 'never reconnect',
  },
  badToken: { code: 4501, reason: 'the token is not valid', rule: 'never reconnect' },
  badName: { code: 4502, reason: 'the name is not allowed', rule: 'never reconnect' },
  signedOut: { code: 4504, reason: 'signed out', rule: 'never reconnect' },
  tooManyConnections: {
    code: 4505,
    reason: 'too many connections of one user',
    rule: 'never reconnect',
  },
  /** Of the server in the page: a newer page of this browser has brought its own. */
  reloadNeeded: { code: 4506, reason: 'a newer page is open', rule: 'never reconnect' },
} as const satisfies Record<string, CloseCode>;

export type CloseCodeName = keyof typeof closeCodes;

/** The name of a close code in the table, or undefined for a code that Heartline never sends. */
export function closeCodeName(code: number): CloseCodeName | undefined {
  const names = Object.keys(closeCodes) as CloseCodeName[];
  return names.find((name) => closeCodes[name].code === code);
}
