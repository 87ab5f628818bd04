/**
 * What every list of the comparison draws: the messages of one room, taken from the same frames as ours
 * takes them, and put into a store once a frame, as the best of them need it.
 */
import { create } from 'zustand';
import { encode } from '../../protocol/codec';
import { subprotocol } from '../../protocol/frames';
import type { LoggedMessage } from '../../protocol/message';

export const useMessages = create<{ messages: readonly LoggedMessage[] }>(() => ({ messages: [] }));

/** As they are: the peers' own examples check nothing either. */
type Frame =
  | ({ t: 'msg' } & LoggedMessage)
  | { t: 'sync'; epoch: string; messages: LoggedMessage[]; more: boolean }
  | { t: 'hello' | 'ready' };

/** Calls back once everything that the room holds is in the store; what comes then is added. */
export function readFeed(url: string, onLoaded: () => void): void {
  const socket = new WebSocket(url, subprotocol);
  const ask = (...frames: Parameters<typeof encode>[0] & readonly unknown[]) =>
    socket.send(encode(frames));
  let fresh: LoggedMessage[] = [];
  let isDue = false;

  function commit() {
    isDue = false;
    const taken = fresh;
    fresh = [];
    useMessages.setState(({ messages }) => ({ messages: [...messages, ...taken] }));
  }

  socket.addEventListener('message', ({ data }) => {
    const parsed: Frame | Frame[] = JSON.parse(data);
    for (const frame of Array.isArray(parsed) ? parsed : [parsed]) {
      if (frame.t === 'hello') {
        ask({ t: 'auth', name: 'Reader', resume: [] }, { t: 'join', room: 'lobby' });
      } else if (frame.t === 'msg') {
        fresh.push(frame);
      } else if (frame.t === 'sync') {
        fresh.push(...frame.messages);
        const last = frame.messages.at(-1);
        if (!frame.more || !last) {
          commit();
          onLoaded();
          continue;
        }
        ask({ t: 'sync', room: 'lobby', epoch: frame.epoch, seq: last.seq, mid: last.mid });
      }
    }
    if (fresh.length === 0 || isDue) return;
    isDue = true;
    requestAnimationFrame(commit);
  });
}
