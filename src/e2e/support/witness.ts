/**
 * Two people who chat on while somebody else misbehaves: what they say must arrive, all of it, in order,
 * on lines that never break.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'vitest';
import { type ChatClient, enterChat } from './chatClient';

export interface Witness {
  /** Says one thing more, stops, and checks what both have heard. */
  undisturbed(): Promise<void>;
}

/** Starts their conversation: each thing is said once the one before has been heard by both. */
export async function startWitness(webSocketUrl: string): Promise<Witness> {
  const ann = await enterChat(webSocketUrl, 'Ann', 'witness');
  const bob = await enterChat(webSocketUrl, 'Bob', 'witness');
  const closed: number[] = [];
  for (const { closed: end } of [ann, bob]) void end.then((code) => closed.push(code));
  let said = 0;
  let isOver = false;

  async function sayNext() {
    said += 1;
    const id = `w${said}`;
    const author = said % 2 === 1 ? ann : bob;
    author.send({ t: 'send', id, room: 'witness', body: `number ${said}` });
    await Promise.all([
      author.until('ack', (ack) => ack.id === id),
      ann.until('msg', (msg) => msg.id === id),
      bob.until('msg', (msg) => msg.id === id),
    ]);
  }

  const conversation = (async () => {
    while (!isOver) {
      await sayNext();
      await turn();
    }
  })();
  // Told by `undisturbed`, which every test awaits.
  conversation.catch(() => {});

  return {
    async undisturbed() {
      const before = said;
      isOver = true;
      await conversation;
      await sayNext();
      expect(said).toBeGreaterThan(before);
      expect(closed).toEqual([]);
      const inOrder = Array.from({ length: said }, (_, index) => index + 1);
      for (const person of [ann, bob]) expect(seqsOf(person)).toEqual(inOrder);
    },
  };
}

const seqsOf = ({ received }: ChatClient) =>
  received.flatMap((frame) => (frame.t === 'msg' ? [frame.seq] : []));
