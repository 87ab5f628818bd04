import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../testing/fileBytes';
import { createUploadWorld, fileOf, someBytes, type UploadWorld } from '../testing/uploadWorld';

let world: UploadWorld;
beforeEach(() => {
  world = createUploadWorld();
});

/** A page whose line is open. */
async function openPage(options: Parameters<UploadWorld['openPage']>[0] = {}) {
  const page = world.openPage(options);
  await world.until('the line is open', () => page.shown.largestBytes !== undefined);
  await world.pass(100);
  return page;
}

const bytes = someBytes(300_000);
const isTaken = (body: string) => () => world.isTaken(body);
const uploadsArrived = () =>
  world.server.arrived.flatMap(({ frame }) => (frame?.t === 'upload' ? [frame] : []));

describe('a file that is attached', () => {
  it('is a row at once, and arrives as it was with what was written to it', async () => {
    const page = await openPage();
    const untaken = page.session.actions.attach([fileOf(bytes, 'plan.bin')], 'look');
    await world.pass(0);
    expect(page.shown.messages).toMatchObject([
      {
        id: 'id0001',
        body: 'look',
        state: 'queued',
        file: { name: 'plan.bin', size: bytes.length, hasPreview: false },
        upload: { have: 0, size: bytes.length },
      },
    ]);
    expect(await untaken).toEqual([]);
    await world.until('it is taken', isTaken('look'));
    expect(world.hasTaken('look', bytes)).toBe(true);
    expect(world.server.messages).toMatchObject([
      { frame: { id: 'id0001', file: { upload: 'id0001' } } },
    ]);
    await world.pass(1_000);
    expect(page.shown.messages).toMatchObject([{ id: 'id0001', state: 'sent', seq: 1 }]);
    expect([world.uploads.records.size, world.uploads.bytes.size]).toEqual([0, 0]);
  });

  it('shows how much of it is at the server, and never less than before', async () => {
    const page = await openPage();
    await page.session.actions.attach([fileOf(bytes)], 'look');
    await world.until('it is taken', isTaken('look'));
    const { progress } = page.shown;
    expect(progress).toEqual([...progress].sort((one, other) => one - other));
    expect(new Set(progress).size).toBeGreaterThan(3);
    expect(progress.at(-1)).toBe(bytes.length);
  });

  it('is kept before anything of it leaves', async () => {
    const page = await openPage();
    const attached = page.session.actions.attach([fileOf(bytes)], 'look');
    await world.until('it is announced', () => uploadsArrived().length > 0, 0.5);
    expect(world.uploads.records.get('id0001')).toMatchObject({ body: 'look' });
    await attached;
  });

  it('waits until it is kept, however long that takes, though others are on their way', async () => {
    const { storage } = world.uploads;
    let mayKeep = () => {};
    const isWaited = new Promise<void>((resolve) => {
      mayKeep = resolve;
    });
    const add: typeof storage.add = async (record, file) => {
      if (record.body === 'later') await isWaited;
      return storage.add(record, file);
    };
    const page = await openPage({ storage: { ...storage, add } });
    await page.session.actions.attach([fileOf(bytes, 'plan.bin')], 'look');
    await world.until('it is announced', () => uploadsArrived().length > 0);
    const attached = page.session.actions.attach([fileOf(bytes, 'next.bin')], 'later');
    await world.until('the first is taken', isTaken('look'));
    await world.pass(5_000);
    expect(uploadsArrived().map(({ name }) => name)).toEqual(['plan.bin']);
    expect(page.rows()).toEqual(['plan.bin look sent', 'next.bin later preparing']);
    mayKeep();
    await world.until('the other is taken', isTaken('later'));
    expect(await attached).toEqual([]);
  });

  it('is told apart from what cannot be taken, and why', async () => {
    const page = await openPage();
    const gone = fileOf(bytes, 'gone.bin');
    gone.slice = () => {
      throw new DOMException('it is gone', 'NotFoundError');
    };
    const large = fileOf(bytes, 'large.bin');
    Object.defineProperty(large, 'size', { value: 25_000_001 });
    const empty = fileOf(new Uint8Array(0), 'empty.bin');
    const files = [gone, large, empty, fileOf(bytes, 'good.bin')];
    expect(await page.session.actions.attach(files, 'look')).toEqual([
      { name: 'gone.bin', why: 'unreadable' },
      { name: 'large.bin', why: 'too large' },
      { name: 'empty.bin', why: 'empty' },
    ]);
    expect(page.shown.messages).toMatchObject([{ body: 'look', file: { name: 'good.bin' } }]);
  });

  it('is not taken where as many wait as may', async () => {
    const page = await openPage();
    world.server.setRefuses(true);
    world.server.cut();
    const small = Array.from({ length: 103 }, (_, index) =>
      fileOf(someBytes(10, index + 1), `${index}`),
    );
    const untaken = await page.session.actions.attach(small, '');
    expect(untaken).toEqual(['100', '101', '102'].map((name) => ({ name, why: 'too many' })));
  });

  it('goes nowhere on a server that takes no files', async () => {
    const page = world.openPage();
    const files = [fileOf(bytes)];
    expect(await page.session.actions.attach(files, '')).toMatchObject([{ why: 'no files here' }]);
  });

  it('has a name that hides nothing and leads nowhere', async () => {
    const page = await openPage();
    await page.session.actions.attach([fileOf(bytes, '../etc/\u202epass\u0000wd')], '');
    await world.until('it is announced', () => uploadsArrived().length > 0);
    expect(uploadsArrived()).toMatchObject([{ name: '.._etc__pass_wd' }]);
  });
});

describe('several files', () => {
  it('go one after the other, the oldest first, the text with the first', async () => {
    const page = await openPage();
    const files = [1, 2, 3].map((seed) => fileOf(someBytes(60_000, seed), `${seed}.bin`));
    await page.session.actions.attach(files, 'three');
    await world.until('all are taken', () => world.server.messages.length === 3);
    expect(world.server.messages.map(({ frame }) => frame.body)).toEqual(['three', '', '']);
    const pieces = world.server.arrived.flatMap(({ piece }) => (piece ? [piece.id] : []));
    expect(pieces).toEqual([...pieces].sort());
  });

  it('leave one behind that is paused, and one that fails', async () => {
    const page = await openPage();
    world.server.refuseNext('upload', 'file_refused');
    const files = [1, 2, 3].map((seed) => fileOf(someBytes(60_000, seed), `${seed}.bin`));
    void page.session.actions.attach(files, '');
    await world.until('they are there', () => page.shown.messages.length === 3);
    page.session.actions.pauseUpload('id0002');
    await world.until('the third is taken', () => world.server.messages.length === 1);
    await world.pass(1_000);
    expect(page.rows()).toEqual(['1.bin failed', '2.bin paused', '3.bin sent']);
    expect(page.rowOf('id0001')).toMatchObject({
      state: 'failed',
      failure: { code: 'file_refused' },
      upload: { status: 'failed' },
    });
  });
});

describe('a picture', () => {
  it('goes with its preview, which is sent first', async () => {
    const small = someBytes(5_000, 9);
    const page = await openPage({
      prepare: async (file) => {
        const whole = { sha256: digestOf(bytes), type: 'image/jpeg', size: file.size };
        const preview = new Blob([small], { type: 'image/webp' });
        return {
          facts: {
            whole: { ...whole, width: 4_000, height: 3_000 },
            preview: {
              sha256: digestOf(small),
              type: 'image/webp',
              size: small.length,
              width: 1_280,
              height: 960,
            },
          },
          bytes: { whole: file, preview },
        };
      },
    });
    await page.session.actions.attach([fileOf(bytes, 'sea.jpg', 'image/jpeg')], 'sea');
    await world.until('its picture is seen', () =>
      (page.rowOf('id0001')?.upload?.picture ?? '').startsWith('blob:'),
    );
    await world.until('it is taken', isTaken('sea'));
    expect(uploadsArrived()).toMatchObject([
      { id: 'id0001-preview', width: 1_280, height: 960, name: 'sea.jpg' },
      { id: 'id0001', width: 4_000, height: 3_000, name: 'sea.jpg' },
    ]);
    expect(world.server.messages).toMatchObject([
      { frame: { file: { upload: 'id0001', preview: 'id0001-preview' } } },
    ]);
    expect(world.server.messages[0]?.preview).toEqual(small);
    expect(page.rowOf('id0001')?.file).toMatchObject({ width: 4_000, hasPreview: true });
    await world.pass(60_000);
    expect(page.pictures.size).toBe(0);
  });
});

describe('what is on its way', () => {
  it('makes no text wait for long: the window follows the delay', async () => {
    world = createUploadWorld({ latencyMs: 20, bytesPerMs: 1_250 });
    const page = await openPage();
    const rtts: number[] = [];
    page.connection.listen({ onAck: (rttMs) => rtts.push(rttMs) });
    const begunAt = world.time.now();
    await page.session.actions.attach([fileOf(someBytes(5_000_000))], 'large');
    for (let text = 0; !world.isTaken('large'); text += 1) {
      page.session.actions.send(`text ${text}`);
      await world.pass(50);
    }
    const sorted = rtts.sort((one, other) => one - other);
    expect(sorted.length).toBeGreaterThan(80);
    // Without a file a text takes 40 ms.
    expect(sorted[Math.floor(0.95 * sorted.length)]).toBeLessThanOrEqual(2 * 40);
    // At 1,250 bytes a ms the line alone takes 4 s.
    expect(world.time.now() - begunAt).toBeLessThan(6_000);
  });

  it('fills a line that is quick, and is never more than 512 KiB', async () => {
    world = createUploadWorld({ latencyMs: 50, bytesPerMs: 100_000 });
    const page = await openPage();
    const begunAt = world.time.now();
    await page.session.actions.attach([fileOf(someBytes(6_000_000))], 'large');
    await world.until('it is taken', isTaken('large'));
    expect(world.server.mostBytesOnTheWay).toBeGreaterThan(400_000);
    expect(world.server.mostBytesOnTheWay).toBeLessThan(530_000);
    expect(world.time.now() - begunAt).toBeLessThan(4_000);
  });

  it('is no more than a few small pieces on a line that is slow', async () => {
    world = createUploadWorld({ latencyMs: 20, bytesPerMs: 4 });
    const page = await openPage();
    await page.session.actions.attach([fileOf(someBytes(200_000))], 'slow');
    await world.pass(20_000);
    const before = world.server.arrived.length;
    await world.pass(20_000);
    const pieces = world.server.arrived
      .slice(before)
      .flatMap(({ piece }) => (piece ? [piece] : []));
    expect(Math.max(...pieces.map((piece) => piece.bytes))).toBe(4 * 1024);
    expect(world.server.bytesOnTheWay).toBeLessThan(20_000);
    expect(world.server.lines).toBe(1);
  });
});

describe('a file whose line is lost', () => {
  it('goes on from what the server has', async () => {
    world = createUploadWorld({ bytesPerMs: 100 });
    const page = await openPage();
    await page.session.actions.attach([fileOf(bytes)], 'look');
    await world.until(
      'half is there',
      () => (world.server.uploads.get('id0001')?.have ?? 0) > 150_000,
    );
    world.server.cut();
    await world.pass(1);
    expect(page.rows()).toEqual(['notes.bin look waiting']);
    const { have } = page.rowOf('id0001')?.upload ?? {};
    expect(have).toBeGreaterThan(100_000);
    await world.until('it is taken', isTaken('look'));
    expect(world.hasTaken('look', bytes)).toBe(true);
    const sent = world.server.arrived.reduce((sum, { piece }) => sum + (piece?.bytes ?? 0), 0);
    expect(sent).toBeLessThan(bytes.length + 100_000);
  });

  it('goes on after a crash of the server that took back what it had', async () => {
    world = createUploadWorld({ bytesPerMs: 100 });
    const page = await openPage();
    await page.session.actions.attach([fileOf(bytes)], 'look');
    await world.until(
      'half is there',
      () => (world.server.uploads.get('id0001')?.have ?? 0) > 150_000,
    );
    world.server.crash();
    await world.until('it is taken', isTaken('look'));
    expect(world.hasTaken('look', bytes)).toBe(true);
  });

  it('goes on after a reload, with what was written to it', async () => {
    world = createUploadWorld({ bytesPerMs: 100 });
    const page = await openPage();
    await page.session.actions.attach([fileOf(bytes)], 'look');
    await world.until(
      'half is there',
      () => (world.server.uploads.get('id0001')?.have ?? 0) > 150_000,
    );
    page.crash();
    const next = world.openPage();
    await world.until('its row is back', () => next.rows()[0] !== undefined, 1);
    expect(next.rowOf('id0001')).toMatchObject({ body: 'look', file: { name: 'notes.bin' } });
    await world.until('it is taken', isTaken('look'));
    expect(world.hasTaken('look', bytes)).toBe(true);
    const sent = world.server.arrived.reduce((sum, { piece }) => sum + (piece?.bytes ?? 0), 0);
    expect(sent).toBeLessThan(bytes.length + 100_000);
  });

  it('arrives whole, whatever is cut when', async () => {
    const event = fc.oneof(
      fc.record({ kind: fc.constant('cut' as const), afterMs: fc.nat(400) }),
      fc.record({ kind: fc.constant('crash' as const), afterMs: fc.nat(400) }),
      fc.record({ kind: fc.constant('reload' as const), afterMs: fc.nat(400) }),
      fc.record({ kind: fc.constant('pause' as const), afterMs: fc.nat(400) }),
      fc.record({ kind: fc.constant('forget' as const), afterMs: fc.nat(400) }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { maxLength: 8 }),
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 50, max: 5_000 }),
        async (events, size, bytesPerMs) => {
          world = createUploadWorld({ bytesPerMs });
          let page = await openPage();
          const file = someBytes(size, size);
          await page.session.actions.attach([fileOf(file)], 'look');
          for (const { kind, afterMs } of events) {
            await world.pass(afterMs);
            if (kind === 'cut') world.server.cut();
            if (kind === 'crash') world.server.crash();
            if (kind === 'forget' && world.server.messages.length === 0)
              world.server.forget('id0001');
            if (kind === 'reload') {
              page.crash();
              page = world.openPage();
            }
            if (kind === 'pause') {
              page.session.actions.pauseUpload('id0001');
              await world.pass(30);
              page.session.actions.continueUpload('id0001');
            }
          }
          // A reload may have come before the row was back, and have left it paused.
          await world.pass(2_000);
          page.session.actions.continueUpload('id0001');
          page.session.actions.retry('id0001');
          await world.until('it is taken', isTaken('look'));
          expect(world.hasTaken('look', file)).toBe(true);
          await world.pass(2_000);
          expect(world.server.messages).toHaveLength(1);
          expect(world.uploads.bytes.size).toBe(0);
          page.stop();
        },
      ),
      { numRuns: 15 },
    );
  }, 60_000);
});

describe('a person', () => {
  it('holds a file back, and lets it go on', async () => {
    world = createUploadWorld({ bytesPerMs: 100 });
    const page = await openPage();
    await page.session.actions.attach([fileOf(bytes)], 'look');
    await world.until(
      'some is there',
      () => (world.server.uploads.get('id0001')?.have ?? 0) > 50_000,
    );
    page.session.actions.pauseUpload('id0001');
    await world.pass(2_000);
    const { have } = world.server.uploads.get('id0001') ?? {};
    await world.pass(10_000);
    expect(world.server.uploads.get('id0001')?.have).toBe(have);
    expect(page.rowOf('id0001')?.upload).toMatchObject({ status: 'paused' });
    page.session.actions.continueUpload('id0001');
    await world.until('it is taken', isTaken('look'));
    expect(world.hasTaken('look', bytes)).toBe(true);
  });

  it('gives a file up: nothing of it is left, here or at the server', async () => {
    world = createUploadWorld({ bytesPerMs: 100 });
    const page = await openPage();
    await page.session.actions.attach([fileOf(bytes), fileOf(someBytes(90_000, 5))], 'look');
    await world.until(
      'some is there',
      () => (world.server.uploads.get('id0001')?.have ?? 0) > 50_000,
    );
    page.session.actions.remove('id0001');
    await world.until('the other is taken', () => world.server.messages.length === 1);
    await world.pass(1_000);
    expect(world.server.uploads.has('id0001')).toBe(false);
    expect(world.server.messages).toMatchObject([{ frame: { id: 'id0002' } }]);
    expect([world.uploads.records.size, world.uploads.bytes.size]).toEqual([0, 0]);
    expect(page.shown.messages).toMatchObject([{ id: 'id0002', state: 'sent' }]);
  });

  it('gives a file up without a line, and the server hears of it later', async () => {
    world = createUploadWorld({ bytesPerMs: 100 });
    const page = await openPage();
    await page.session.actions.attach([fileOf(bytes)], 'look');
    await world.until(
      'some is there',
      () => (world.server.uploads.get('id0001')?.have ?? 0) > 50_000,
    );
    world.server.cut();
    page.session.actions.erase('id0001');
    expect(page.rows()).toEqual([]);
    await world.until('it is forgotten', () => !world.server.uploads.has('id0001'));
  });

  it('changes what is written to it while it is on its way', async () => {
    world = createUploadWorld({ bytesPerMs: 100 });
    const page = await openPage();
    await page.session.actions.attach([fileOf(bytes)], 'lok');
    expect(page.session.actions.edit('id0001', 'look')).toBe(true);
    await world.until('it is taken', isTaken('look'));
    expect(world.server.messages).toHaveLength(1);
  });

  it('tries again what failed', async () => {
    const page = await openPage();
    world.server.refuseNext('upload', 'no_room_for_files');
    await page.session.actions.attach([fileOf(bytes)], 'look');
    await world.until('it failed', () => page.rowOf('id0001')?.state === 'failed');
    expect(page.rowOf('id0001')?.failure).toMatchObject({ code: 'no_room_for_files' });
    page.session.actions.retry('id0001');
    await world.until('it is taken', isTaken('look'));
  });

  it('is asked about a file that has waited for more than an hour', async () => {
    const page = await openPage();
    world.server.setRefuses(true);
    world.server.cut();
    await page.session.actions.attach([fileOf(bytes)], 'look');
    await world.pass(3_700_000);
    world.server.setRefuses(false);
    page.connection.open();
    await world.until('it is asked about', () => page.rowOf('id0001')?.state === 'failed');
    expect(page.rowOf('id0001')?.failure).toMatchObject({ code: 'stale' });
    page.session.actions.retryAll();
    await world.until('it is taken', isTaken('look'));
  });

  it('signs out: nothing of what waits is kept', async () => {
    world = createUploadWorld({ bytesPerMs: 100 });
    const page = await openPage();
    await page.session.actions.attach([fileOf(bytes)], 'look');
    await world.until(
      'some is there',
      () => (world.server.uploads.get('id0001')?.have ?? 0) > 50_000,
    );
    expect(page.session.actions.unsentCount()).toBe(1);
    await page.session.actions.signOut();
    expect([world.uploads.records.size, world.uploads.bytes.size]).toEqual([0, 0]);
    expect(page.shown.messages).toEqual([]);
    expect(page.shown.isSignedOut).toBe(true);
  });
});

it('what was sent, and is sent again as the log has lost it, can be refused like anything else', async () => {
  const page = await openPage();
  await page.session.actions.attach([fileOf(bytes)], 'look');
  await world.until('it is taken', isTaken('look'));
  page.session.actions.send('words');
  await world.until('they are taken', isTaken('words'));
  await world.pass(100);
  for (const code of ['file_refused', 'no_message'] as const) world.server.refuseNext('send', code);
  world.server.loseEnd(2);
  await world.pass(5_000);
  expect(page.rows()).toEqual(['notes.bin look failed', 'words failed']);
});

describe('a server that does not take it now', () => {
  it.each(['too_many_uploads', 'unavailable'] as const)(
    'is asked again when it said, after %s',
    async (code) => {
      const page = await openPage();
      world.server.refuseNext('upload', code, 7_000);
      await page.session.actions.attach([fileOf(bytes)], 'look');
      await world.pass(6_900);
      expect(uploadsArrived()).toHaveLength(1);
      expect(page.rowOf('id0001')?.upload?.status).toBe('waiting');
      await world.until('it is taken', isTaken('look'));
    },
  );

  it('is told all from where it is when a piece did not fit', async () => {
    const page = await openPage();
    world.server.refuseNext('piece', 'bad_piece');
    await page.session.actions.attach([fileOf(bytes)], 'look');
    await world.until('it is taken', isTaken('look'));
    expect(world.hasTaken('look', bytes)).toBe(true);
    expect(uploadsArrived()).toHaveLength(2);
  });

  it('is not asked for ever when no piece fits', async () => {
    const page = await openPage();
    for (let piece = 0; piece < 200; piece += 1) world.server.refuseNext('piece', 'bad_piece');
    await page.session.actions.attach([fileOf(bytes)], 'look');
    await world.until('it failed', () => page.rowOf('id0001')?.state === 'failed');
    expect(page.rowOf('id0001')?.failure).toMatchObject({ code: 'bad_piece' });
    expect(uploadsArrived().length).toBeLessThan(10);
  });

  it('gets the file once more when it has lost it before the message came', async () => {
    const page = await openPage();
    world.server.refuseNext('send', 'no_upload');
    await page.session.actions.attach([fileOf(bytes)], 'look');
    await world.until('it is taken', isTaken('look'));
    expect(world.hasTaken('look', bytes)).toBe(true);
    await world.pass(1_000);
    expect(page.shown.messages).toMatchObject([{ state: 'sent' }]);
  });

  it('leaves it to a person when it loses it again and again', async () => {
    const page = await openPage();
    for (let time = 0; time < 3; time += 1) world.server.refuseNext('send', 'no_upload');
    await page.session.actions.attach([fileOf(bytes)], 'look');
    await world.until('it failed', () => page.rowOf('id0001')?.state === 'failed');
    page.session.actions.retry('id0001');
    await world.until('it is taken', isTaken('look'));
    expect(world.hasTaken('look', bytes)).toBe(true);
  });
});

describe('the pages of one user', () => {
  it('send each file once, and the other one shows how far it is', async () => {
    world = createUploadWorld({ bytesPerMs: 100 });
    const page = await openPage();
    const other = await openPage();
    await page.session.actions.attach([fileOf(bytes, 'one.bin')], 'one');
    await other.session.actions.attach([fileOf(someBytes(200_000, 3), 'two.bin')], 'two');
    await world.until('both show it', () => {
      const have = other.rowOf('id0001')?.upload?.have ?? 0;
      return have > 0 && have < bytes.length;
    });
    expect(other.rows()[0]).toBe('one.bin one sending');
    await world.until('both are taken', () => world.server.messages.length === 2);
    await world.pass(2_000);
    const sent = world.server.arrived.reduce((sum, { piece }) => sum + (piece?.bytes ?? 0), 0);
    expect(sent).toBe(bytes.length + 200_000);
    expect(world.uploads.records.size).toBe(0);
  });

  it('go on with what one left behind that is gone', async () => {
    world = createUploadWorld({ bytesPerMs: 100 });
    const page = await openPage();
    const other = await openPage();
    await page.session.actions.attach([fileOf(bytes)], 'look');
    await world.until(
      'some is there',
      () => (world.server.uploads.get('id0001')?.have ?? 0) > 50_000,
    );
    page.crash();
    await world.until('it is taken', isTaken('look'));
    expect(world.hasTaken('look', bytes)).toBe(true);
    expect(other.rowOf('id0001')).toBeDefined();
  });

  it('hold back and give up what another one sends', async () => {
    world = createUploadWorld({ bytesPerMs: 100 });
    const page = await openPage();
    const other = await openPage();
    await page.session.actions.attach([fileOf(bytes)], 'look');
    await world.until('the other shows it', () => other.rows().length === 1);
    other.session.actions.pauseUpload('id0001');
    await world.until('it is held back', () => page.rowOf('id0001')?.upload?.status === 'paused');
    other.session.actions.remove('id0001');
    await world.until('it is gone', () => page.rows().length === 0);
    await world.pass(5_000);
    expect(world.server.messages).toEqual([]);
    expect(world.server.uploads.size).toBe(0);
    expect(world.uploads.bytes.size).toBe(0);
  });

  it('are two pages that each send their own where they cannot know of each other', async () => {
    const page = await openPage({ isAlone: true });
    const other = await openPage({ isAlone: true });
    await page.session.actions.attach([fileOf(bytes)], 'one');
    await other.session.actions.attach([fileOf(bytes)], 'two');
    await world.until('both are taken', () => world.server.messages.length === 2);
    expect(world.hasTaken('one', bytes)).toBe(true);
    expect(world.hasTaken('two', bytes)).toBe(true);
  });
});

describe('a browser that has no storage left', () => {
  it('sends from memory, and the user is told', async () => {
    const page = await openPage();
    world.uploads.fill();
    await page.session.actions.attach([fileOf(bytes)], 'look');
    await world.until('it is taken', isTaken('look'));
    expect(world.hasTaken('look', bytes)).toBe(true);
    expect(page.shown.notices).toContainEqual({ kind: 'no storage' });
    await world.pass(1_000);
    expect(page.shown.messages).toMatchObject([{ state: 'sent' }]);
  });
});

describe('where a file is to be had', () => {
  it('is asked once, and again a little before it ends', async () => {
    const page = await openPage();
    const links = () => world.server.arrived.filter(({ frame }) => frame?.t === 'link').length;
    const asked = [1, 2].map(() => page.session.actions.linkOf(4, 'preview'));
    await world.pass(100);
    expect(await Promise.all(asked)).toEqual([
      'https://files/4/preview',
      'https://files/4/preview',
    ]);
    expect(links()).toBe(1);
    await world.pass(500_000);
    await page.session.actions.linkOf(4, 'preview');
    expect(links()).toBe(1);
    await world.pass(50_000);
    const again = page.session.actions.linkOf(4, 'preview');
    await world.pass(100);
    expect(await again).toBe('https://files/4/preview');
    expect(links()).toBe(2);
  });

  it('is not known without a line, nor when that is lost on the way', async () => {
    const page = await openPage();
    const asked = page.session.actions.linkOf(4, 'whole').catch((error: Error) => error.message);
    await world.pass(10);
    world.server.cut();
    expect(await asked).toBe('the line was lost');
    await expect(page.session.actions.linkOf(4, 'whole')).rejects.toThrow('no line');
  });
});

describe('a page that ends', () => {
  it('leaves nothing behind: no timer, no picture, no line', async () => {
    world = createUploadWorld({ bytesPerMs: 100 });
    const page = await openPage();
    await page.session.actions.attach([fileOf(bytes, 'sea.png', 'image/png')], 'look');
    await world.until(
      'some is there',
      () => (world.server.uploads.get('id0001')?.have ?? 0) > 50_000,
    );
    page.stop();
    await world.pass(1_000);
    expect(world.time.armed).toBe(0);
    expect(page.pictures.size).toBe(0);
  });
});
