import type { Connection } from '../connection/contract';

/** Who writes wants to be heard: a line that was given up is tried again. */
export function comeBackFor(connection: Connection): void {
  if (connection.getState().status === 'failed') connection.wake();
}
