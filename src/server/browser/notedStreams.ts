/**
 * Streams that outlive their server: what was written before all eyes when it ended without a word is there again
 * in the next one, and ends as what its writer broke off, unless they go on with it.
 */
import type { AboutSent } from '../../protocol/about';
import { isProgram } from '../../protocol/program';
import {
  createLiveStreams,
  type LiveStreams,
  type LiveStreamsOptions,
} from '../chat/streams/liveStreams';
import { openStreamNotes, type StreamNote, type StreamNotes } from './streamNotes';

export interface NotedStreams {
  readonly streams: LiveStreams;
  /** Goes on with what an earlier server has left: called once `streams` can be asked for pieces. */
  goOn(): void;
}

/** With nothing noted where this browser keeps nothing. */
export async function openNotedStreams(
  options: LiveStreamsOptions,
  databaseName: string,
): Promise<NotedStreams> {
  try {
    const notes = await openStreamNotes(databaseName, options.onError);
    return createNotedStreams(options, notes, await notes.all());
  } catch (error) {
    options.onError(error);
    return { streams: createLiveStreams(options), goOn() {} };
  }
}

function createNotedStreams(
  options: LiveStreamsOptions,
  notes: StreamNotes,
  before: readonly StreamNote[],
): NotedStreams {
  /** What each of those that are noted is about. */
  const noted = new Map<string, AboutSent | undefined>();
  const keyOf = (userId: string, id: string) => `${userId} ${id}`;

  function ended(userId: string, id: string) {
    if (noted.delete(keyOf(userId, id))) notes.remove(userId, id);
  }

  const streams = createLiveStreams({
    ...options,
    tellEnd(end) {
      ended(end.from.id, end.id);
      options.tellEnd(end);
    },
  });

  function goOnWith({ user, id, room, text, about }: StreamNote) {
    noted.set(keyOf(user.id, id), about);
    // A program of the server's own has ended with it. Who else wrote may come back.
    const cut = isProgram(user) && { cut: true as const };
    const refusal = streams.write(
      { user, isTrusted: true },
      { id, room, at: 0, text, ...(about && { about }), ...cut },
    );
    if (refusal) ended(user.id, id);
    else if (!cut) streams.left(user.id, 'after a grace');
  }

  const notedStreams: LiveStreams = {
    ...streams,
    write(writer, piece) {
      const refusal = streams.write(writer, piece);
      const { id, room } = piece;
      const { user } = writer;
      const key = keyOf(user.id, id);
      const written = refusal
        ? undefined
        : streams.all(room).find((each) => each.id === id && each.from.id === user.id);
      if (!written || written.text === '' || piece.cut) return refusal;
      if (!noted.has(key)) noted.set(key, piece.about);
      const about = noted.get(key);
      notes.put({
        ...{ userId: user.id, id, room, user, text: written.text },
        ...(about && { about }),
      });
      return refusal;
    },
    sent(userId, id) {
      streams.sent(userId, id);
      ended(userId, id);
    },
    clear() {
      streams.clear();
      notes.close();
    },
  };
  return { streams: notedStreams, goOn: () => before.forEach(goOnWith) };
}
