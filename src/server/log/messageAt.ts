import type { LoggedMessage } from '../../protocol/message';
import type { MessageLog } from './log';

const oneMessage = { messages: 1, length: 1 };

/** The message at sequence `seq` of the room, as it is by now; undefined if the room does not go so far. */
export async function messageAt(
  log: Pick<MessageLog, 'after'>,
  room: string,
  seq: number,
): Promise<LoggedMessage | undefined> {
  const { messages } = await log.after(room, seq - 1, oneMessage);
  return messages.find((message) => message.seq === seq);
}
