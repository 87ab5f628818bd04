import { describe, expect, it } from 'vitest';
import { limits } from '../../protocol/limits';
import { createManualTime } from '../../testing/manualTime';
import type { Place, ProgramRefusal, Refused } from '../chat/programs';
import type { Said } from '../chat/room/posting';
import { settle } from '../chat/testChat';
import { LiveMessages, type MessagesEnd, silenceMs } from './liveMessages';
import type { BodyReader, Heard } from './requestBody';

const refusal = (code: ProgramRefusal['code'], afterMs?: number): Refused => ({
  refused: { code, message: code, ...(afterMs !== undefined && { afterMs }) },
});

/** A body that a test writes; as the real one, it is heard only when asked for. */
function createBody(after: (delayMs: number, callback: () => void) => () => void): BodyReader & {
  says(...heard: (Heard | string)[]): Promise<void>;
} {
  const waiting: Heard[] = [];
  let wake = () => {};
  return {
    async says(...heard) {
      for (const each of heard) {
        const isWord = ['end', 'broken', 'stopped', 'signed out'].includes(String(each));
        waiting.push(isWord || typeof each !== 'string' ? (each as Heard) : Buffer.from(each));
      }
      wake();
      await settle();
    },
    async next(patienceMs) {
      const [first] = waiting.splice(0, 1);
      if (first !== undefined) return first;
      return new Promise((resolve) => {
        const end = (heard: Heard) => {
          cancel();
          wake = () => {};
          resolve(heard);
        };
        const cancel = after(patienceMs, () => end('quiet'));
        wake = () => {
          const [heard] = waiting.splice(0, 1);
          if (heard !== undefined) end(heard);
        };
      });
    },
    stop(why) {
      waiting.push(why);
      wake();
    },
  };
}

interface WorldOptions {
  splitMs?: number;
  /** How each message is answered, unless it is kept. */
  refusals?: Refused[];
  /** How each piece is, unless it is shown. */
  unshown?: (Refused | undefined)[];
}

function createWorld({ splitMs, refusals = [], unshown = [] }: WorldOptions = {}) {
  const time = createManualTime();
  const body = createBody(time.after);
  const posted: Said[] = [];
  const pieces: { id: string; at: number; text: string; cut?: true | undefined }[] = [];
  let isTokenValid = true;
  let waitMs = 0;
  const user = { id: 'u1', name: 'Build' };
  const messages = new LiveMessages({
    programs: {
      identify: async () => (isTokenValid ? user : refusal('bad_token')),
      async post(_, said) {
        const refused = refusals.shift();
        if (refused) return refused;
        posted.push(said);
        const seq = posted.length;
        return { id: said.id, room: said.room, seq, mid: `m${seq}`, at: 0, dup: false };
      },
      stream(_, { id, at, text, cut }) {
        const refused = unshown.shift();
        if (refused) return refused;
        pieces.push({ id, at, text, ...(cut && { cut }) });
        return { waitMs };
      },
    },
    time,
    body,
    program: { user, address: '192.0.2.1' },
    token: 'token',
    room: 'tea',
    roomKey: undefined,
    about: { kind: 'reply', seq: 7, mid: 'm7' },
    splitMs,
    firstId: 'id',
  });
  let end: MessagesEnd | undefined;
  void messages.run().then((ended) => {
    end = ended;
  });
  return {
    time,
    body,
    posted,
    pieces,
    end: () => end,
    async signsOut() {
      messages.signOut();
      await settle();
    },
    losesToken() {
      isTokenValid = false;
    },
    slowsDownBy(ms: number) {
      waitMs = ms;
    },
    async passes(ms: number) {
      time.advance(ms);
      await settle();
    },
  };
}

const placeAt = (seq: number): unknown => expect.objectContaining({ seq } satisfies Partial<Place>);

describe('a stream that is one message', () => {
  it('is shown as it comes, and kept at its end', async () => {
    const { body, pieces, posted, end } = createWorld();
    await body.says('build');
    await body.says('ing…\n', 'done\n');
    expect(pieces.map(({ at, text }) => [at, text])).toEqual([
      [0, 'build'],
      [5, 'ing…\n'],
      [10, 'done\n'],
    ]);
    expect(posted).toEqual([]);
    await body.says('end');
    expect(posted).toEqual([
      {
        id: 'id',
        room: 'tea',
        body: 'building…\ndone',
        about: { kind: 'reply', seq: 7, mid: 'm7' },
      },
    ]);
    expect(end()).toMatchObject({ kept: 1, last: placeAt(1), refused: undefined });
  });

  it('has its characters whole, wherever the bytes were cut, and a mark for what is none', async () => {
    const { body, pieces, posted } = createWorld();
    const bytes = Buffer.from('好💓');
    for (const byte of bytes) await body.says(Buffer.from([byte]));
    expect(pieces.map(({ text }) => text)).toEqual(['好', '💓']);
    await body.says(Buffer.from([0x61, 0xff, 0x62, 0xe5]), 'end');
    expect(posted[0]?.body).toBe('好💓a\ufffdb\ufffd');
  });

  it('is cut off where a message has to end, and says so', async () => {
    const { body, posted, pieces, end } = createWorld();
    await body.says('x'.repeat(limits.bodyLength), '\n', 'more');
    expect(posted).toMatchObject([{ body: 'x'.repeat(limits.bodyLength), cut: true }]);
    expect(pieces).toHaveLength(1);
    expect(end()).toMatchObject({ kept: 1, last: placeAt(1), refused: { code: 'too_long' } });
    expect(end()?.refused?.message).toContain('10,000 characters');
  });

  it('leaves what was shown where its program breaks off', async () => {
    const { body, posted, pieces, end } = createWorld();
    await body.says('half a', 'broken');
    expect(pieces.at(-1)).toEqual({ id: 'id', at: 6, text: '', cut: true });
    expect(posted).toEqual([]);
    expect(end()?.kept).toBe(0);
  });

  it('is kept as broken off where its program says nothing any more', async () => {
    const { body, posted, end, passes } = createWorld();
    await body.says('half a');
    await passes(silenceMs - 1);
    expect(posted).toEqual([]);
    await passes(1);
    expect(posted).toMatchObject([{ body: 'half a', cut: true }]);
    expect(end()).toMatchObject({ last: placeAt(1), refused: { code: 'too_slow' } });
  });

  it('is kept as broken off where the server ends', async () => {
    const { body, posted, end } = createWorld();
    await body.says('half a', 'stopped');
    expect(posted).toMatchObject([{ body: 'half a', cut: true }]);
    expect(end()).toMatchObject({ last: placeAt(1), refused: { code: 'draining' } });
  });

  it('is nothing without a text', async () => {
    const { body, posted, pieces, end } = createWorld();
    await body.says('\n\n', 'end');
    expect([posted, pieces]).toEqual([[], []]);
    expect(end()).toMatchObject({ kept: 0, last: undefined });
  });
});

describe('a stream that is split', () => {
  const splitMs = 5_000;

  it('is a message whenever it was quiet, and may be quiet for ever', async () => {
    const { body, posted, pieces, end, passes } = createWorld({ splitMs });
    await passes(86_400_000);
    await body.says('one\n');
    await passes(splitMs - 1);
    await body.says('two\n');
    await passes(splitMs);
    expect(posted).toMatchObject([{ id: 'id', body: 'one\ntwo', about: { seq: 7 } }]);
    await passes(86_400_000);
    await body.says('three\n', 'end');
    expect(posted[1]).toEqual({ id: 'id-2', room: 'tea', body: 'three', about: undefined });
    expect(pieces.map(({ id, at }) => [id, at])).toEqual([
      ['id', 0],
      ['id', 4],
      ['id-2', 0],
    ]);
    expect(end()).toMatchObject({ kept: 2, first: placeAt(1), last: placeAt(2) });
  });

  it('goes on in the next message whenever one is full', async () => {
    const { body, posted, end } = createWorld({ splitMs });
    const lines = Array.from({ length: 3_000 }, (_, n) => `line ${n}`);
    await body.says(lines.join('\n'), 'end');
    expect(posted.length).toBe(3);
    expect(posted.map(({ body: text }) => text).join('\n')).toBe(lines.join('\n'));
    expect(end()).toMatchObject({ kept: 3, refused: undefined });
  });

  it('loses nothing where the server ends', async () => {
    const { body, posted, end } = createWorld({ splitMs });
    await body.says('one\n', 'stopped');
    expect(posted).toEqual([expect.not.objectContaining({ cut: true })]);
    expect(end()?.refused?.code).toBe('draining');
  });

  it('ends once its token proves nobody any more, even if it is quiet', async () => {
    const { body, end, passes, losesToken } = createWorld({ splitMs });
    await body.says('one\n');
    await passes(splitMs);
    losesToken();
    await passes(600_000);
    expect(end()).toMatchObject({ kept: 1, refused: { code: 'bad_token' } });
  });
});

describe('a stream that cannot go on at once', () => {
  it('waits for the log, and has lost nothing', async () => {
    const refusals = [refusal('unavailable', 1_000), refusal('too_fast', 1_000)];
    const { body, posted, passes, end } = createWorld({ splitMs: 5_000, refusals });
    await body.says('one\n');
    await passes(5_000);
    await body.says('two\n');
    await passes(1_000);
    expect(posted).toEqual([]);
    await passes(1_000);
    expect(posted).toMatchObject([{ id: 'id', body: 'one' }]);
    await body.says('end');
    expect(posted[1]).toMatchObject({ id: 'id-2', body: 'two' });
    expect(end()?.refused).toBeUndefined();
  });

  it('gives up in the end, says under which id to come again, and leaves what was shown', async () => {
    const refusals = Array.from({ length: 100 }, () => refusal('unavailable', 3_000));
    const { body, pieces, passes, end } = createWorld({ refusals });
    await body.says('one', 'end');
    for (let n = 0; n < 20; n += 1) await passes(3_000);
    expect(end()?.refused).toMatchObject({ code: 'unavailable', details: { also: { id: 'id' } } });
    expect(pieces.at(-1)).toMatchObject({ id: 'id', cut: true });
  });

  it('says at once what will not change', async () => {
    const { body, end } = createWorld({ refusals: [refusal('no_message')] });
    await body.says('one', 'end');
    expect(end()?.refused?.code).toBe('no_message');
  });

  it('is not read for as long as its user has said too much', async () => {
    const { body, pieces, passes, slowsDownBy } = createWorld();
    slowsDownBy(500);
    await body.says('one ', 'two ');
    expect(pieces.map(({ text }) => text)).toEqual(['one ']);
    await passes(500);
    expect(pieces.map(({ text }) => text)).toEqual(['one ', 'two ']);
  });

  it('says all of it again where the room has lost it', async () => {
    const gap = refusal('stream_gap', 1_000);
    const { body, pieces } = createWorld({ unshown: [undefined, gap] });
    await body.says('one ', 'two ');
    expect(pieces.map(({ at, text }) => [at, text])).toEqual([
      [0, 'one '],
      [0, 'one two '],
    ]);
  });

  it('is refused where there is no place to show it, and kept unseen where that is so later', async () => {
    const full = refusal('too_many_streams', 1_000);
    const first = createWorld({ unshown: [full] });
    await first.body.says('one');
    expect(first.end()?.refused?.code).toBe('too_many_streams');
    const later = createWorld({ splitMs: 5_000, unshown: [undefined, full] });
    await later.body.says('one\n');
    await later.passes(5_000);
    await later.body.says('two\n', 'end');
    expect(later.pieces.map(({ id }) => id)).toEqual(['id']);
    expect(later.posted.map(({ body }) => body)).toEqual(['one', 'two']);
  });

  it('is kept though it is not shown, as when it is there already', async () => {
    const { body, pieces, posted } = createWorld({ unshown: [refusal('stream_ended')] });
    await body.says('one ', 'two', 'end');
    expect([pieces, posted[0]?.body]).toEqual([[], 'one two']);
  });

  it('keeps what had come, as broken off, once its user has signed out', async () => {
    const { body, signsOut, posted, end, slowsDownBy } = createWorld();
    slowsDownBy(60_000);
    await body.says('half a');
    await signsOut();
    expect(posted).toMatchObject([{ id: 'id', body: 'half a', cut: true }]);
    expect(end()).toMatchObject({ kept: 1, last: { seq: 1 }, refused: { code: 'bad_token' } });
  });

  it('keeps as broken off what came by a token that proves nobody any more', async () => {
    const { body, posted, losesToken, end } = createWorld();
    await body.says('one');
    losesToken();
    await body.says('end');
    expect(posted).toMatchObject([{ body: 'one', cut: true }]);
    expect(end()).toMatchObject({ kept: 1, last: { seq: 1 }, refused: { code: 'bad_token' } });
  });
});
