/** A room as the server has it, read by somebody who has read nothing. */
import type { LoggedMessage, Position } from '../../protocol/message';
import { openChatClient } from './chatClient';

export interface WholeRoom {
  epoch: string;
  messages: LoggedMessage[];
}

/** Everything in the room, in pages from its beginning. */
export async function readRoom(webSocketUrl: string, room = 'lobby'): Promise<WholeRoom> {
  const client = await openChatClient(webSocketUrl);
  client.send({ t: 'auth', name: 'Reader', resume: [] }, { t: 'join', room });
  const { epoch } = await client.until('sync');
  const messages: LoggedMessage[] = [];
  for (;;) {
    const last = messages.at(-1);
    const place: Position = { epoch, seq: last?.seq ?? 0, mid: last?.mid ?? '' };
    client.received.length = 0;
    client.send({ t: 'sync', room, ...place });
    const page = await client.until('sync');
    if (page.reset) throw new Error(`the log is not what it was: ${page.reset}`);
    messages.push(...page.messages);
    if (!page.more) break;
  }
  client.socket.close();
  return { epoch, messages };
}
