import { describe, expect, it } from 'vitest';
import { slowOutbox, slowUploads } from '../testing/slowStorage';
import { createUploadWorld, fileOf, someBytes, type UploadWorld } from '../testing/uploadWorld';

/** What each writing and reading takes, in ms. */
const storageMs = 7;

const bytes = someBytes(20_000);

function openPage(world: UploadWorld) {
  let isGone = false;
  const pause = () => new Promise<void>((resolve) => world.time.after(storageMs, resolve));
  const page = world.openPage({
    storage: slowUploads(world.uploads.storage, pause, () => isGone),
    outboxStorage: slowOutbox(world.outbox.storage, pause),
  });
  return {
    ...page,
    crash() {
      isGone = true;
      page.crash();
    },
  };
}

/** What happens at the server, looked for at each ms. */
type Trouble = (world: UploadWorld) => void;

/** Attaches a file; after `crashMs` the page is gone. Another goes on: one that was open, or one that comes then. */
async function crashAfter(crashMs: number, trouble: Trouble, isOtherOpen: boolean) {
  const world = createUploadWorld({ latencyMs: 2 });
  const page = openPage(world);
  const other = isOtherOpen ? openPage(world) : undefined;
  await world.until('the line is open', () => page.shown.largestBytes !== undefined);
  let isKept = false;
  const attaching = page.session.actions.attach([fileOf(bytes)], 'look');
  attaching.then(
    () => {
      isKept = true;
    },
    // The page was gone before.
    () => {},
  );
  for (let ms = 0; ms < crashMs; ms += 1) {
    await world.pass(1);
    trouble(world);
  }
  const left = () => [...world.uploads.records.keys(), ...world.outbox.rows.keys()];
  const before = { isKept, isOver: isKept && left().length === 0 };
  page.crash();
  if (!other) openPage(world);
  await world.pass(20_000);
  // What was left when all was over is seen at the next visit.
  openPage(world);
  await world.pass(1_000);
  return {
    before,
    times: world.server.messages.length,
    isWhole: world.hasTaken('look', bytes),
    left: left(),
  };
}

/** Once, as soon as the file is at the server. */
function onceWhole(act: (world: UploadWorld) => void): () => Trouble {
  return () => {
    let isDone = false;
    return (world) => {
      if (isDone || !world.server.uploads.get('id0001')?.isWhole) return;
      isDone = true;
      act(world);
    };
  };
}

describe.each([
  ['another comes', false],
  ['another is open', true],
])('a page that crashes at any moment while it sends a file, and %s', (_how, isOtherOpen) => {
  it.each<[string, () => Trouble]>([
    ['with which all goes well', () => () => {}],
    [
      'whose message is not taken at once',
      onceWhole(({ server }) => server.refuseNext('send', 'unavailable', 20)),
    ],
    [
      'that the server does not know when its message comes',
      onceWhole(({ server }) => server.refuseNext('send', 'no_upload')),
    ],
    [
      'that the server has lost when its message comes',
      onceWhole(({ server }) => server.forget('id0001')),
    ],
  ])('loses nothing that was kept: a file %s', async (_, createTrouble) => {
    const wrong: unknown[] = [];
    let crashMs = 0;
    for (let isOver = false; !isOver && crashMs < 1_000; crashMs += 1) {
      const { before, ...after } = await crashAfter(crashMs, createTrouble(), isOtherOpen);
      isOver = before.isOver;
      const isRight = after.isWhole && after.times === 1 && after.left.length === 0;
      if (before.isKept && !isRight) wrong.push({ crashMs, ...after });
    }
    expect(wrong).toEqual([]);
    expect(crashMs).toBeGreaterThan(20);
    expect(crashMs).toBeLessThan(1_000);
  });
});
