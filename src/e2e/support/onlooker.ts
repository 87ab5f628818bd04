/** Somebody in a room who says nothing and sees who is there, who comes, and who is ever seen leaving. */
import { expect } from 'vitest';
import { type ChatClient, enterChat } from './chatClient';

export interface Onlooker {
  readonly client: ChatClient;
  /** The names of who is there now. */
  there(): string[];
  /** The names of who was ever seen leaving. */
  seenLeaving(): string[];
  /** Waits until exactly these are there, the onlooker included. */
  untilThere(...names: string[]): Promise<void>;
}

export async function startOnlooker(webSocketUrl: string, name: string): Promise<Onlooker> {
  const client = await enterChat(webSocketUrl, name);

  function look() {
    const names = new Map<string, string>();
    let there = new Set<string>();
    const left = new Set<string>();
    for (const frame of client.received) {
      if (frame.t !== 'presence') continue;
      if (frame.members) there = new Set();
      for (const user of [...(frame.members ?? []), ...(frame.came ?? [])]) {
        names.set(user.id, user.name);
        there.add(user.id);
      }
      for (const id of frame.left ?? []) {
        // Who left as the onlooker came may be told of still: nobody was seen there.
        if (there.delete(id)) left.add(id);
      }
    }
    const namesOf = (ids: Set<string>) => [...ids].map((id) => names.get(id) ?? id).sort();
    return { there: namesOf(there), left: namesOf(left) };
  }

  return {
    client,
    there: () => look().there,
    seenLeaving: () => look().left,
    untilThere: (...names) => expect.poll(() => look().there).toEqual(names.sort()),
  };
}
