/** A chat session that a server lets in, acks and answers, as these tests need it again and again. */
import type { LoggedMessage } from '../../protocol/message';
import { ann, createChatWorld } from '../../testing/chatWorld';
import { settle } from '../../testing/settle';

export type ChatWorld = ReturnType<typeof createWorldToLetIn>;

export function createWorldToLetIn() {
  const world = createChatWorld();
  const { network, serverSends, sent } = world;
  /** What the server has stored. */
  const log: LoggedMessage[] = [];

  /** The server answers every ping that has come. */
  function answerPings() {
    for (const frame of sent()) if (frame.t === 'ping') serverSends({ t: 'pong', n: frame.n });
  }

  return {
    ...world,
    actions: world.session.actions,
    answerPings,
    /** The latest socket opens, and the server lets the page in. */
    async letIn() {
      network.latest.accept();
      serverSends({
        t: 'hello',
        v: 1,
        heartbeat: { intervalMs: 25_000, timeoutMs: 10_000 },
        limits: { frameBytes: 65_536, bodyLength: 10_000, nameLength: 40 },
      });
      serverSends(
        { t: 'ready', user: ann, token: 'token', rooms: [] },
        { t: 'sync', room: 'lobby', epoch: 'e1', head: log.length, messages: log, more: false },
      );
      answerPings();
      await settle();
    },
    /** The server has stored a message that came on the latest socket, and says so. */
    ack(id: string) {
      const frame = sent().find((each) => each.t === 'send' && each.id === id);
      if (frame?.t !== 'send') throw new Error(`no message ${id} has come`);
      const seq = log.length + 1;
      const entry = { seq, mid: `m${seq}`, id, from: ann, body: frame.body, at: 5 };
      log.push(entry);
      serverSends({ t: 'ack', id, room: 'lobby', seq, mid: entry.mid, at: entry.at });
    },
  };
}
