/**
 * One writer, a server and one reader of a message in the making, with two lines between them that a test moves
 * frame by frame, and can cut. The server is a model: what the protocol's page says, in as few lines as can be.
 */
import type { Draft } from '../chat/outboxEntry';
import type { StreamLine, StreamListener } from '../chat/streamLine';
import type { ErrorCode } from '../protocol/errorCodes';
import type { ClientFrameOf, ServerFrameOf } from '../protocol/frames';
import { ann } from './chatWorld';

type Said = ClientFrameOf<'stream'>;
type Told = ServerFrameOf<'stream'>;

export function createModelStreams(hear: (frame: Told) => void) {
  const listeners = new Set<StreamListener>();
  const said: Said[] = [];
  const finished: Draft[] = [];
  /** On their way to the server, back to the writer, and on to the reader. */
  let up: Said[] = [];
  let back: ServerFrameOf<'err'>[] = [];
  let down: Told[] = [];
  let isOpen = false;
  let isReaderOpen = true;
  let isOutboxFull = false;
  const texts = new Map<string, string>();
  const ended = new Set<string>();
  const cuts: string[] = [];

  const frameOf = (id: string, at: number, text: string): Told => ({
    t: 'stream',
    room: 'lobby',
    id,
    from: ann,
    at,
    text,
  });

  function refuse(id: string, code: ErrorCode, retry: boolean, after?: number) {
    back.push({ t: 'err', id, code, retry, after, message: code });
  }

  function take({ id, at, text, cut }: Said) {
    const known = texts.get(id);
    if (ended.has(id)) return refuse(id, 'stream_ended', false);
    if (at > (known?.length ?? 0)) return refuse(id, 'stream_gap', true);
    const next = (known ?? '') + text.slice((known ?? '').length - at);
    texts.set(id, next);
    if (isReaderOpen) down.push(frameOf(id, known?.length ?? 0, next.slice(known?.length ?? 0)));
    if (!cut) return;
    ended.add(id);
    cuts.push(next);
  }

  const line: StreamLine = {
    say(piece) {
      if (!isOpen) return false;
      said.push(piece);
      up.push(piece);
      return true;
    },
    finish(draft) {
      if (!isOutboxFull) finished.push(draft);
      return !isOutboxFull;
    },
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };

  return {
    line,
    /** All pieces that were handed to a line. */
    said,
    finished,
    cuts,
    refuse,
    texts,
    /** How many writers listen. */
    get listeners() {
      return listeners.size;
    },
    open() {
      if (isOpen) return;
      isOpen = true;
      for (const each of listeners) each.opened();
    },
    /** What is on the writer's line is lost with it. */
    cut() {
      isOpen = false;
      up = [];
      back = [];
      for (const each of listeners) each.lost();
    },
    openReader() {
      if (isReaderOpen) return;
      isReaderOpen = true;
      for (const [id, text] of texts) down.push(frameOf(id, 0, text));
    },
    cutReader() {
      isReaderOpen = false;
      down = [];
    },
    /** The server loses what it has in memory, and with it every line. */
    restart() {
      texts.clear();
      ended.clear();
      this.cut();
      this.cutReader();
    },
    /** The server takes the user to be gone. */
    breakOff(id: string) {
      const text = texts.get(id);
      if (text === undefined || ended.has(id)) return;
      ended.add(id);
      cuts.push(text);
    },
    /** So many frames arrive, in each direction. */
    carry(count = Infinity) {
      for (const piece of up.splice(0, count)) take(piece);
      for (const frame of back.splice(0, count)) {
        for (const each of [...listeners]) each.refused(frame);
      }
      for (const frame of down.splice(0, count)) hear(frame);
    },
    ack(id: string, seq: number) {
      for (const each of [...listeners]) each.acked({ id, seq });
    },
    setOutboxFull(isFull: boolean) {
      isOutboxFull = isFull;
    },
  };
}
