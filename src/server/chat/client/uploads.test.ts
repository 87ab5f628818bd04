/** Files as the heart takes them: frames and pieces, messages that bring them, and what is done against too much. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { limits } from '../../../protocol/limits';
import { BlobRefusedError } from '../../blobs/blobs';
import { createMemoryBlobs } from '../../blobs/memoryBlobs';
import { bytesOf, factsOf, pngOf } from '../../blobs/testFiles';
import { LogUnavailableError, type MessageLog } from '../../log/log';
import { createMemoryLog } from '../../log/memoryLog';
import { settleDoubts, sweepFiles } from '../files/settleDoubts';
import {
  announcement,
  createFilesChat,
  pieceOf,
  sendFile,
  settleFiles,
} from '../files/testUploads';
import { defaultAllowances } from '../limits/allowances';
import { createTestChat, settle } from '../testChat';
import { maxWaitingBytes } from './clientUploads';

const say = (id: string, upload: string, preview?: string) =>
  ({
    t: 'send',
    id,
    room: 'tea',
    body: '',
    file: { upload, ...(preview && { preview }) },
  }) as const;

describe('a server that takes files', () => {
  it('says how large they may be', async () => {
    const chat = createFilesChat({ most: { fileBytes: 1_234 } });
    expect(chat.connect().last('hello').limits.fileBytes).toBe(1_234);
    expect(createTestChat().connect().last('hello').limits).not.toHaveProperty('fileBytes');
  });

  it('refuses all to do with them where it takes none', async () => {
    const ann = await createTestChat().enter('Ann', 'tea');
    ann.send(announcement('a', factsOf(bytesOf(10))));
    expect(ann.last('err')).toMatchObject({ code: 'no_files', id: 'a' });
    ann.send({ t: 'link', room: 'tea', seq: 1, part: 'whole' });
    expect(ann.last('err')).toMatchObject({ code: 'no_files', room: 'tea' });
    ann.send(say('b', 'a'));
    await settle();
    expect(ann.last('err')).toMatchObject({ code: 'no_upload', id: 'b' });
  });
});

describe('a file', () => {
  it('comes in pieces, is told of as it is kept, and goes to all with its message', async () => {
    const chat = createFilesChat();
    const ann = await chat.enter('Ann', 'tea');
    const bob = await chat.enter('Bob', 'tea');
    const bytes = bytesOf(200_000);
    ann.send(announcement('a', factsOf(bytes, { name: 'père.txt', type: 'text/plain' })));
    await settleFiles();
    expect(ann.all('uploading')).toEqual([{ t: 'uploading', id: 'a', have: 0 }]);
    ann.sendBinary(pieceOf('a', 0, bytes.slice(0, 60_000)));
    await settleFiles();
    expect(ann.last('uploading').have).toBe(60_000);
    for (const at of [60_000, 120_000, 180_000]) {
      ann.sendBinary(pieceOf('a', at, bytes.slice(at, at + 60_000)));
    }
    await settleFiles();
    // Those that waited together are told of together.
    expect(ann.all('uploading').map(({ have }) => have)).toEqual([0, 60_000, 200_000]);
    expect(ann.all('uploaded')).toEqual([{ t: 'uploaded', id: 'a' }]);
    expect(bob.all('msg')).toEqual([]);

    ann.send(say('m', 'a'));
    await settleFiles();
    expect(ann.last('ack')).toMatchObject({ id: 'm', seq: 1 });
    const file = factsOf(bytes, { name: 'père.txt', type: 'text/plain' });
    expect(bob.last('msg')).toMatchObject({ id: 'm', body: '', file });
    const carl = await chat.enter('Carl', 'tea');
    expect(carl.last('sync').messages).toMatchObject([{ id: 'm', file }]);
  });

  it('goes on where it stood, on another line', async () => {
    const chat = createFilesChat();
    const ann = await chat.enter('Ann', 'tea');
    const { token } = ann.last('ready');
    const bytes = bytesOf(1_000);
    ann.send(announcement('a', factsOf(bytes)));
    ann.sendBinary(pieceOf('a', 0, bytes.slice(0, 400)));
    await settleFiles();
    ann.end();
    const again = chat.connect();
    again.send({ t: 'auth', name: 'Ann', token, resume: [] }, { t: 'join', room: 'tea' });
    await settle();
    again.send(announcement('a', factsOf(bytes)));
    await settleFiles();
    expect(again.last('uploading').have).toBe(400);
    again.sendBinary(pieceOf('a', 400, bytes.slice(400)));
    await settleFiles();
    expect(again.last('uploaded').id).toBe('a');
    again.send(announcement('a', factsOf(bytes)));
    await settleFiles();
    expect(again.all('uploaded')).toHaveLength(2);
  });

  it('that is a picture has the size that its bytes say, and may bring a small one', async () => {
    const chat = createFilesChat();
    const ann = await chat.enter('Ann', 'tea');
    const fields = { type: 'image/png', width: 1, height: 1 };
    const whole = await sendFile(ann, 'a', pngOf(4_000, 3_000), fields);
    const small = await sendFile(ann, 'b', pngOf(400, 300), fields);
    ann.send(say('m', 'a', 'b'));
    await settleFiles();
    const { sha256, size, type } = small;
    expect(ann.last('msg').file).toEqual({
      ...{ ...whole, width: 4_000, height: 3_000 },
      preview: { sha256, size, type, width: 400, height: 300 },
    });
  });

  it('keeps its message before what was written behind it', async () => {
    const chat = createFilesChat();
    const ann = await chat.enter('Ann', 'tea');
    await sendFile(ann, 'a', bytesOf(10));
    ann.send(say('m1', 'a'), { t: 'send', id: 'm2', room: 'tea', body: 'behind' });
    ann.send({ t: 'send', id: 'm3', room: 'tea', body: 'behind that' });
    await settleFiles();
    expect(ann.all('ack').map(({ id, seq }) => [id, seq])).toEqual([
      ['m1', 1],
      ['m2', 2],
      ['m3', 3],
    ]);
    expect(ann.all('msg').map(({ id }) => id)).toEqual(['m1', 'm2', 'm3']);
  });

  it('is answered with the first ack when its message is sent again', async () => {
    const chat = createFilesChat();
    const ann = await chat.enter('Ann', 'tea');
    const { sha256 } = await sendFile(ann, 'a', bytesOf(10));
    ann.send(say('m', 'a'));
    await settleFiles();
    ann.send(say('m', 'a'));
    await settleFiles();
    const [first, second] = ann.all('ack');
    expect(second).toEqual({ ...first, dup: true });
    ann.send({ t: 'send', id: 'd', room: 'tea', body: '', about: deletionOf(first) });
    await settleFiles();
    expect(await chat.blobs.open(sha256)).toBeUndefined();
  });
});

const deletionOf = (ack: { seq: number; mid: string } | undefined) =>
  ({ kind: 'delete', seq: ack?.seq ?? 0, mid: ack?.mid ?? '' }) as const;

describe('the bytes of a file', () => {
  async function withSent() {
    const chat = createFilesChat();
    const ann = await chat.enter('Ann', 'tea');
    const { sha256 } = await sendFile(ann, 'a', bytesOf(10));
    ann.send(say('m', 'a'));
    await settleFiles();
    return { chat, ann, sha256, ack: ann.last('ack') };
  }

  it('are linked to for who is in the room, until the message is deleted', async () => {
    const { chat, ann, sha256, ack } = await withSent();
    const bob = await chat.enter('Bob', 'tea');
    bob.send({ t: 'link', room: 'tea', seq: 1, part: 'whole' });
    await settleFiles();
    expect(bob.last('link')).toMatchObject({
      ...{ room: 'tea', seq: 1, part: 'whole' },
      url: `files/${sha256}/notes.bin`,
    });
    bob.send({ t: 'link', room: 'tea', seq: 1, part: 'preview' });
    bob.send({ t: 'link', room: 'attic', seq: 1, part: 'whole' });
    await settleFiles();
    expect(bob.all('err').map(({ code, room }) => [code, room])).toEqual([
      ['not_in_room', 'attic'],
      ['no_file', 'tea'],
    ]);
    ann.send({ t: 'send', id: 'd', room: 'tea', body: '', about: deletionOf(ack) });
    await settleFiles();
    bob.send({ t: 'link', room: 'tea', seq: 1, part: 'whole' });
    await settleFiles();
    expect(bob.last('err').code).toBe('no_file');
    expect(await chat.blobs.usage()).toEqual({ bytes: 0, onTheirWay: 0 });
  });

  it('cannot be linked to while the log is away, which is said of the link', async () => {
    const log = createMemoryLog('epoch-1');
    let isAway = false;
    const chat = createFilesChat({
      log: {
        ...log,
        async after(...asked) {
          if (isAway) throw new LogUnavailableError('disk full');
          return log.after(...asked);
        },
      },
    });
    const ann = await chat.enter('Ann', 'tea');
    await sendFile(ann, 'a', bytesOf(10));
    ann.send(say('m', 'a'));
    await settleFiles();
    isAway = true;
    ann.send({ t: 'link', room: 'tea', seq: 1, part: 'whole' });
    await settleFiles();
    expect(ann.last('err')).toMatchObject({
      ...{ code: 'unavailable', room: 'tea', retry: true },
      instead: 'link',
    });
    isAway = false;
    ann.send({ t: 'link', room: 'tea', seq: 1, part: 'whole' });
    await settleFiles();
    expect(ann.last('link')).toMatchObject({ room: 'tea', seq: 1 });
  });

  it('stay when somebody else would delete the message, or a used id would', async () => {
    const { chat, sha256, ack } = await withSent();
    const bob = await chat.enter('Bob', 'tea');
    bob.send({ t: 'send', id: 'x', room: 'tea', body: 'hello' });
    await settle();
    const about = deletionOf(ack);
    bob.send({ t: 'send', id: 'y', room: 'tea', body: '', about });
    await settleFiles();
    expect(bob.last('err').code).toBe('not_author');
    bob.send({ t: 'send', id: 'x', room: 'tea', body: '', about });
    bob.send({ t: 'send', id: 'z', room: 'tea', body: '', about: { ...about, seq: 2 } });
    await settleFiles();
    expect(bob.last('ack')).toMatchObject({ id: 'x', dup: true });
    chat.time.advance(3_600_000);
    await settleDoubts(chat.blobs, chat.log);
    expect(await chat.blobs.doubted()).toEqual([]);
    expect(await chat.blobs.open(sha256)).toBeDefined();
    expect(chat.errors).toEqual([]);
  });

  it('are held by what the log turns out to have, where it failed in between', async () => {
    const log = createMemoryLog('epoch-1');
    let fails: 'before' | 'after' | 'never' = 'never';
    const breakable: MessageLog = {
      ...log,
      async append(draft) {
        if (fails === 'before') throw new LogUnavailableError('disk full');
        const answer = await log.append(draft);
        if (fails === 'after') throw new LogUnavailableError('disk full');
        return answer;
      },
    };
    const chat = createFilesChat({ log: breakable });
    const ann = await chat.enter('Ann', 'tea');
    const lost = await sendFile(ann, 'a', bytesOf(10, 1));
    const stored = await sendFile(ann, 'b', bytesOf(20, 2));
    fails = 'before';
    ann.send(say('m1', 'a'));
    await settleFiles();
    expect(ann.last('err')).toMatchObject({ code: 'unavailable', id: 'm1' });
    chat.time.advance(10_000);
    fails = 'after';
    ann.send(say('m2', 'b'));
    await settleFiles();
    fails = 'never';
    ann.send({ t: 'unupload', id: 'a' }, { t: 'unupload', id: 'b' });
    await settleFiles();
    expect(await chat.blobs.open(lost.sha256)).toBeDefined();
    chat.time.advance(61_000);
    expect(await chat.blobs.doubted()).toHaveLength(2);
    await settleDoubts(chat.blobs, chat.log);
    expect(await chat.blobs.open(lost.sha256)).toBeUndefined();
    expect(await chat.blobs.open(stored.sha256)).toBeDefined();
    expect(await chat.blobs.doubted()).toEqual([]);
  });
});

describe('what is wrong with a file', () => {
  it.each([
    ['an empty one', { size: 0 }, 'bad_frame'],
    ['one that is too large', { size: 1_000_001 }, 'file_too_large'],
    ['a name that leads elsewhere', { name: '../a' }, 'bad_frame'],
    ['a name with control characters', { name: 'a\u0007b' }, 'bad_frame'],
    ['a type that is none', { type: 'png' }, 'bad_frame'],
    ['a digest that is none', { sha256: 'abc' }, 'bad_frame'],
  ])('is said: %s', async (_, fields, code) => {
    const ann = await createFilesChat().enter('Ann', 'tea');
    ann.send(announcement('a', { ...factsOf(bytesOf(10)), ...fields }));
    await settleFiles();
    expect(ann.last('err')).toMatchObject({ code, id: 'a', retry: false });
    expect(ann.closedWith).toBeUndefined();
  });

  it('is said where its bytes are others, or a picture is a bomb', async () => {
    const ann = await createFilesChat().enter('Ann', 'tea');
    ann.send(announcement('a', factsOf(bytesOf(10))));
    ann.sendBinary(pieceOf('a', 0, bytesOf(10, 2)));
    await settleFiles();
    expect(ann.last('err')).toMatchObject({ code: 'file_refused', id: 'a' });
    await sendFile(ann, 'b', pngOf(10_000, 10_000), { type: 'image/png' });
    expect(ann.last('err')).toMatchObject({ code: 'file_refused', id: 'b' });
    expect(ann.all('uploaded')).toEqual([]);
    ann.send(say('m', 'b'));
    await settleFiles();
    expect(ann.last('err')).toMatchObject({ code: 'no_upload', id: 'm' });
  });

  it('is said once for pieces that leave a gap, until the upload is gone on with', async () => {
    const ann = await createFilesChat().enter('Ann', 'tea');
    const bytes = bytesOf(1_000);
    ann.send(announcement('a', factsOf(bytes)));
    for (const at of [100, 200, 300]) ann.sendBinary(pieceOf('a', at, bytes.slice(at, at + 100)));
    await settleFiles();
    expect(ann.all('err').map(({ code, id }) => [code, id])).toEqual([['bad_piece', 'a']]);
    ann.send(announcement('a', factsOf(bytes)));
    ann.sendBinary(pieceOf('a', 0, bytes));
    await settleFiles();
    expect(ann.last('uploaded').id).toBe('a');
  });

  it('is said of uploads that nobody announced, of somebody else’s, and outside of the room', async () => {
    const chat = createFilesChat();
    const ann = await chat.enter('Ann', 'tea');
    const bob = await chat.enter('Bob', 'tea');
    await sendFile(ann, 'a', bytesOf(10));
    bob.send(say('m', 'a'));
    bob.sendBinary(pieceOf('a', 0, bytesOf(10)));
    bob.send(announcement('b', factsOf(bytesOf(10)), 'attic'));
    await settleFiles();
    expect(bob.all('err').map(({ code, id }) => [code, id])).toEqual([
      ['not_in_room', 'b'],
      ['no_upload', 'm'],
      ['no_upload', 'a'],
    ]);
  });

  it('is counted where it is no piece at all: after 20 the line is closed for good', async () => {
    const ann = await createFilesChat().enter('Ann', 'tea');
    for (let count = 0; count < 20; count += 1) ann.sendBinary(new Uint8Array([9, 9]));
    await settleFiles();
    expect(ann.last('err').code).toBe('bad_frame');
    expect(ann.closedWith).toBe(4500);
  });

  it('comes too early before the client is let in', async () => {
    const stranger = createFilesChat().connect();
    stranger.sendBinary(pieceOf('a', 0, bytesOf(10)));
    expect(stranger.last('err').code).toBe('unauthenticated');
  });

  it('is a disk that is full: refused for now, and all else goes on', async () => {
    const engine = createMemoryBlobs();
    let isFull = true;
    const chat = createFilesChat({
      engine: {
        ...engine,
        async write(...args) {
          if (isFull) throw new BlobRefusedError('no_room_for_files', 'the disk is full');
          return engine.write(...args);
        },
      },
    });
    const ann = await chat.enter('Ann', 'tea');
    await sendFile(ann, 'a', bytesOf(100));
    expect(ann.last('err')).toMatchObject({ code: 'no_room_for_files', id: 'a', retry: true });
    expect(ann.last('err').after).toBeGreaterThan(0);
    ann.send({ t: 'send', id: 'm', room: 'tea', body: 'still here' });
    await settle();
    expect(ann.last('ack').id).toBe('m');
    isFull = false;
    await sendFile(ann, 'a', bytesOf(100));
    expect(ann.last('uploaded').id).toBe('a');
    expect(chat.errors).toEqual([]);
  });

  it('is forgotten after ten minutes if nothing comes, with no sweep of all the rest', async () => {
    const chat = createFilesChat();
    const ann = await chat.enter('Ann', 'tea');
    onTestFinished(sweepFiles({ ...chat, onError: (error) => expect.fail(String(error)) }));
    ann.send(announcement('a', factsOf(bytesOf(10))));
    await settleFiles();
    for (let minute = 0; minute < 12; minute += 1) {
      chat.time.advance(60_000);
      await settleFiles();
    }
    expect(await chat.blobs.usage()).toEqual({ bytes: 0, onTheirWay: 0 });
  });

  it('is given up with its user, who signs out: its room is free at once', async () => {
    const chat = createFilesChat();
    const ann = await chat.enter('Ann', 'tea');
    const bob = await chat.enter('Bob', 'tea');
    for (const each of [ann, bob]) {
      each.send(announcement('a', factsOf(bytesOf(10))));
      await settleFiles();
      each.sendBinary(pieceOf('a', 0, bytesOf(10).slice(0, 4)));
      await settleFiles();
    }
    expect(await chat.blobs.usage()).toEqual({ bytes: 8, onTheirWay: 2 });
    ann.send({ t: 'signout' });
    await settleFiles();
    expect(await chat.blobs.usage()).toEqual({ bytes: 4, onTheirWay: 1 });
    expect(chat.errors).toEqual([]);
  });

  it('is a great number of them that never come', async () => {
    const chat = createFilesChat();
    const ann = await chat.enter('Ann', 'tea');
    const facts = factsOf(bytesOf(10));
    for (let count = 0; count < 1_000; count += 1) ann.send(announcement(`a${count}`, facts));
    await settleFiles();
    expect(ann.last('err')).toMatchObject({ code: 'too_many_uploads', retry: true });
    expect((await chat.blobs.usage()).onTheirWay).toBe(limits.uploadsPerUser);
  });
});

describe('a flood of pieces', () => {
  /** Nothing is written until it is let through. */
  function createStuckFiles() {
    const engine = createMemoryBlobs();
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const write: typeof engine.write = async (...args) => {
      await released;
      return engine.write(...args);
    };
    return { chat: createFilesChat({ engine: { ...engine, write } }), release: () => release() };
  }

  it('is not read beyond what may wait to be written, and read on once it is', async () => {
    const { chat, release } = createStuckFiles();
    const ann = await chat.enter('Ann', 'tea');
    const bytes = bytesOf(900_000);
    ann.send(announcement('a', factsOf(bytes)));
    await settleFiles();
    let sent = 0;
    while (!ann.isPaused && sent < 100) {
      ann.sendBinary(pieceOf('a', 0, bytes.slice(0, 60_000)));
      await settle();
      sent += 1;
    }
    expect(ann.isPaused).toBe(true);
    expect(sent * 60_000).toBeLessThanOrEqual(maxWaitingBytes + 60_000);
    release();
    await settleFiles();
    expect(ann.isPaused).toBe(false);
    expect(ann.last('uploading').have).toBe(60_000);
  });

  it('holds up no text on the same line', async () => {
    const { chat } = createStuckFiles();
    const ann = await chat.enter('Ann', 'tea');
    const bytes = bytesOf(900_000);
    ann.send(announcement('a', factsOf(bytes)));
    for (let at = 0; at < 300_000; at += 60_000) {
      ann.sendBinary(pieceOf('a', at, bytes.slice(at, at + 60_000)));
    }
    await settleFiles();
    ann.send({ t: 'send', id: 'm', room: 'tea', body: 'meanwhile' });
    await settle();
    expect(ann.last('ack').id).toBe('m');
  });

  it('is written no faster than the user may send, while texts go on as ever', async () => {
    const allowances = { ...defaultAllowances, pieces: { perSecond: 4, burst: 4 } };
    const chat = createFilesChat({ allowances });
    const ann = await chat.enter('Ann', 'tea');
    const bytes = bytesOf(160_000);
    ann.send(announcement('a', factsOf(bytes)));
    await settleFiles();
    for (let at = 0; at < 160_000; at += 40_000) {
      ann.sendBinary(pieceOf('a', at, bytes.slice(at, at + 40_000)));
    }
    await settleFiles();
    expect(ann.all('uploaded')).toEqual([]);
    expect(ann.isPaused).toBe(false);
    ann.send({ t: 'send', id: 'm', room: 'tea', body: 'meanwhile' });
    await settle();
    expect(ann.last('ack').id).toBe('m');
    for (let second = 0; second < 4; second += 1) {
      chat.time.advance(1_000);
      await settleFiles();
    }
    expect(ann.last('uploaded').id).toBe('a');
  });

  it('ends with its line, and leaves no timer', async () => {
    const chat = createFilesChat({
      allowances: { ...defaultAllowances, pieces: { perSecond: 1, burst: 1 } },
    });
    const ann = await chat.enter('Ann', 'tea');
    const bytes = bytesOf(100_000);
    ann.send(announcement('a', factsOf(bytes)));
    await settleFiles();
    ann.sendBinary(pieceOf('a', 0, bytes.slice(0, 50_000)));
    ann.sendBinary(pieceOf('a', 50_000, bytes.slice(50_000)));
    await settleFiles();
    ann.end();
    await chat.server.drain([0, 0]);
    await settleFiles();
    expect(chat.time.armed).toBe(0);
    expect(chat.errors).toEqual([]);
  });
});
