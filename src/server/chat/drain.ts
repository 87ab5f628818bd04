/** How everybody is sent away: once what had come of them is answered, and each with a time to come back at. */
import type { Time } from '../../connection/ports';
import { closeCodes } from '../../protocol/closeCodes';
import type { OpenConnection } from './client/connectionHost';
import type { Door } from './programs';

/** What a drain has done. */
export interface Drained {
  /** So many were sent away. */
  readonly connections: number;
  /** So many were not answered in time: what was not acked they send again. */
  readonly unanswered: number;
}

/**
 * Resolves when everybody is answered and `keep` has kept what was being written, or it has taken longer than
 * `timeoutMs`, if that is given: with how many clients were not answered.
 */
export function untilAnswered(
  clients: readonly OpenConnection[],
  doors: readonly Door[],
  keep: () => Promise<void>,
  time: Time,
  timeoutMs: number | undefined,
): Promise<number> {
  let unanswered = clients.length;
  return new Promise((resolve) => {
    const giveUp = () => resolve(unanswered);
    const cancel = timeoutMs === undefined ? () => {} : time.after(timeoutMs, giveUp);
    const answered = clients.map((client) =>
      client.settled().then(() => {
        unanswered -= 1;
      }),
    );
    void Promise.all([...answered, ...doors.map((door) => door.settled())])
      .then(keep)
      .then(cancel)
      .then(giveUp);
  });
}

/** Has the client come back `after` so long, in ms: between the first and the second. */
export function sendAway(client: OpenConnection, after: [number, number]): void {
  const { code, reason } = closeCodes.draining;
  client.send({ t: 'bye', code, why: reason, after });
  client.close(closeCodes.draining);
}
