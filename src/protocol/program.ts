/** The companion: a program of the server's own that talks to who is alone. */
import type { User } from './user';

/**
 * Its id, which no guest can have: theirs are made by the server, and proven by a token. By it every
 * client marks what it says as a program's.
 */
export const companionId = 'companion';

/** The room that it is in. */
export const companionRoom = 'lobby';

/** What it answers to, behind a slash. */
export const companionCommands = ['help', 'slow', 'flood', 'stream', 'drop', 'silent'] as const;

export type CompanionCommand = (typeof companionCommands)[number];

/** Whether this is a program, and nobody's pretence. */
export function isProgram(user: Pick<User, 'id'>): boolean {
  return user.id === companionId;
}
