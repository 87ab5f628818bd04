/**
 * How many answers one line is owed. HTTP lets who asks not wait for answers (RFC 9112 section 9.3.2); each that
 * waits for its turn has a file open and memory full, and who never reads would be owed any number of them.
 */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface AnswersOwed {
  /** Counts an answer until it is over. False if its line is owed `most` already: then the line is ended. */
  owe(response: ServerResponse, most: number): boolean;
}

export function createAnswersOwed(): AnswersOwed {
  const owed = new WeakMap<Socket, Set<ServerResponse>>();

  function lineEnded(this: Socket) {
    for (const response of owed.get(this) ?? []) {
      // Node tells the one whose turn it was, and none of those behind it.
      if (response.socket) continue;
      response.destroy();
      response.emit('close');
    }
  }

  function owedOn(line: Socket): Set<ServerResponse> {
    const known = owed.get(line);
    if (known) return known;
    const responses = new Set<ServerResponse>();
    owed.set(line, responses);
    line.once('close', lineEnded);
    return responses;
  }

  return {
    owe(response, most) {
      const line = response.req.socket;
      // What has come with the one that was too many is still told.
      if (line.destroyed) return false;
      const responses = owedOn(line);
      if (responses.size >= most) {
        // With a reset: who takes nothing is sent nothing more.
        line.resetAndDestroy();
        return false;
      }
      responses.add(response);
      response.once('close', () => responses.delete(response));
      return true;
    },
  };
}
