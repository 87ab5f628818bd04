/**
 * What becomes of a message that somebody may send: it goes into the log, and once it is durable everybody
 * who is there is told of it, and who is away is pushed to. Those with a line, programs without one and what
 * was broken off while it was written come this same way; each answers its writer by itself.
 */
import type { Time } from '../../../connection/ports';
import type { ServerFrameOf } from '../../../protocol/frames';
import type { User } from '../../../protocol/user';
import type { Appended, Draft } from '../../log/log';
import type { ChatObserver } from '../observer';
import type { LiveStreams } from '../streams/liveStreams';
import type { SharedRooms } from './sharedRooms';

/** What a writer has said, and where. */
export interface Said extends Pick<Draft, 'id' | 'room' | 'body' | 'cut'> {
  readonly about?: Draft['about'] | undefined;
}

export interface Posting {
  /** The message as it goes to the log, from now. */
  draftOf(from: User, said: Said): Draft;
  /** The log has taken what somebody sent: tells everybody. `cameAt` is when it came, by the stopwatch. */
  appended(draft: Draft, appended: Appended, cameAt: number): void;
  /** Tells the room, and who is away; the message takes the place of what was shown of it while it was written. */
  tell(draft: Draft, appended: Appended): void;
}

export interface PostingHost {
  /** `now()` is ms since 1970: it dates the messages. */
  readonly time: Pick<Time, 'now'>;
  /** A clock for what is short, in ms. */
  stopwatch(): number;
  newMessageId(): string;
  readonly shared: Pick<SharedRooms, 'appended' | 'repeated'>;
  readonly streams: Pick<LiveStreams, 'sent'>;
  readonly observer: Pick<ChatObserver, 'acked'>;
  /** Tells who is away, if anyone does. */
  readonly push: { told(message: ServerFrameOf<'msg'>): void } | undefined;
}

export function createPosting(host: PostingHost): Posting {
  const { time, stopwatch, newMessageId, shared, streams, observer, push } = host;

  function tell(draft: Draft, { epoch, seq, mid, at, dup, room: keptIn }: Appended) {
    const { id, from, body, room, about, file, cut } = draft;
    streams.sent(from.id, id);
    // A repeated one may be news all the same, if the log failed after it had stored it: then the
    // heads in the pongs tell the others to ask for it.
    if (dup) return shared.repeated(keptIn, { epoch, seq });
    const message: ServerFrameOf<'msg'> = { t: 'msg', room, epoch, seq, mid, id, from, body, at };
    if (about) message.about = { kind: about.kind, seq: about.seq };
    if (file) message.file = file;
    if (cut) message.cut = cut;
    shared.appended(message);
    push?.told(message);
  }

  return {
    draftOf(from, { room, id, body, about, cut }) {
      const draft: Draft = { room, from, id, mid: newMessageId(), body, at: time.now() };
      if (about) draft.about = about;
      if (cut) draft.cut = cut;
      return draft;
    },

    appended(draft, appended, cameAt) {
      observer.acked(stopwatch() - cameAt, appended.dup);
      tell(draft, appended);
    },

    tell,
  };
}
