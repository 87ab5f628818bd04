/** For tests: what a reader shows of what is being written, by all that came on its line. */
import type { ServerFrame } from '../../../protocol/frames';

/**
 * The texts in a room by the ids of their messages, as the protocol has a reader merge them: `…` behind one that
 * is being written, `†` behind one that was broken off.
 */
export function shownTexts(received: readonly ServerFrame[]): Record<string, string> {
  const sent = new Map<string, string>();
  const live = new Map<string, { text: string; isOver: boolean }>();
  const put = ({ id, body, cut }: { id: string; body: string; cut?: true | undefined }) => {
    live.delete(id);
    sent.set(id, cut ? `${body}†` : body);
  };
  for (const frame of received) {
    if (frame.t === 'msg') put(frame);
    if (frame.t === 'sync') for (const message of frame.messages) put(message);
    if (frame.t !== 'stream' || sent.has(frame.id)) continue;
    const known = live.get(frame.id)?.text ?? '';
    const end = frame.at + frame.text.length;
    const text =
      frame.at > known.length || end <= known.length
        ? known
        : known.slice(0, frame.at) + frame.text;
    live.set(frame.id, { text, isOver: frame.cut === true });
    if (frame.cut && text === '') live.delete(frame.id);
  }
  const shown = Object.fromEntries(sent);
  for (const [id, { text, isOver }] of live) shown[id] = `${text}${isOver ? '†' : '…'}`;
  return shown;
}
