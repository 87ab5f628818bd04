/** Files of the server in the page, in a real browser: sent by a tab's own line, shown by another tab. */
import { expect, it } from 'vitest';
import { encodePiece } from '../protocol/piece';
import { factsOf } from '../server/blobs/testFiles';
import { fileOf, noisyPng, savedDigest, sendFile } from './support/filePages';
import { openBrowser, openTab } from './support/localTabs';

/** One pixel, red. */
const picture = new Uint8Array(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
    'base64',
  ),
);

it('a file goes to the server in the page, and is shown to others by an address of this browser', async () => {
  const { host, context } = await openBrowser();
  // Which server the page joins is remembered, so that a line of the test's own can join it too.
  await context.addInitScript(() => {
    const Original = SharedWorker;
    Object.assign(window, {
      SharedWorker: class extends Original {
        constructor(...args: ConstructorParameters<typeof Original>) {
          super(...args);
          Object.assign(window, { heartAddress: args });
        }
      },
    });
  });
  const ann = await openTab(context, host, { name: 'Ann' });
  await ann.untilConnection('open');
  const facts = factsOf(picture, { name: 'red.png', type: 'image/png', width: 1, height: 1 });
  const pieces = [picture.slice(0, 40), picture.slice(40)].map((bytes, index) => [
    ...encodePiece({ id: 'a', at: index * 40, bytes }),
  ]);
  const link = await ann.page.evaluate(
    async ({ announced, binary }) => {
      const args = Reflect.get(window, 'heartAddress') as ConstructorParameters<
        typeof SharedWorker
      >;
      const { port } = new SharedWorker(...args);
      const received: Record<string, unknown>[] = [];
      let onFrame = () => {};
      port.onmessage = ({ data }) => {
        if (typeof data !== 'string') return;
        received.push(...[JSON.parse(data)].flat());
        onFrame();
      };
      const until = (t: string) =>
        new Promise<Record<string, unknown>>((resolve) => {
          onFrame = () => {
            const frame = received.find((each) => each.t === t);
            if (frame) resolve(frame);
          };
          onFrame();
        });
      const send = (...frames: object[]) => port.postMessage(JSON.stringify(frames));
      port.postMessage({ t: 'open', protocols: ['chat.v1'] });
      await until('hello');
      send({ t: 'auth', name: 'Cem' }, { t: 'join', room: 'tea' });
      await until('sync');
      send({ t: 'upload', id: 'a', room: 'tea', ...announced });
      await until('uploading');
      for (const piece of binary) {
        port.postMessage({ t: 'binary', bytes: Uint8Array.from(piece).buffer });
      }
      await until('uploaded');
      send({ t: 'send', id: 'm', room: 'tea', body: 'look', file: { upload: 'a' } });
      const { seq } = await until('ack');
      send({ t: 'link', room: 'tea', seq, part: 'whole' });
      return (await until('link')).url as string;
    },
    { announced: facts, binary: pieces },
  );
  await ann.untilBodies(['look']);
  expect(link).toMatch(/^blob:/);
  const bob = await openTab(context, host, { name: 'Bob' });
  await bob.untilConnection('open');
  const width = await bob.page.evaluate(async (url) => {
    const image = new Image();
    image.src = url;
    await image.decode();
    return image.naturalWidth;
  }, link);
  expect(width).toBe(1);
});

it('a picture that is sent from a page stands in another tab, and is there again after a reload', async () => {
  const { host, context } = await openBrowser();
  const picture = await fileOf(noisyPng(300, 200), 'garden.png');
  const ann = await openTab(context, host, { name: 'Ann' });
  const bob = await openTab(context, host, { name: 'Bob' });
  await ann.untilConnection('open');
  await bob.untilConnection('open');
  await sendFile(ann, picture.path, 'our garden');
  await ann.untilAllSent();

  for (const { page, untilBodies } of [bob, ann]) {
    await untilBodies(['our garden']);
    const opener = page.getByRole('log').getByRole('button', { name: 'garden.png, by Ann' });
    const loaded = opener.locator('img[data-loaded="true"]');
    const shownWidth = () => loaded.evaluate((image) => Reflect.get(image, 'naturalWidth'));
    await expect.poll(shownWidth).toBe(300);
    await page.reload();
    await expect.poll(shownWidth).toBe(300);
    await opener.click();
    const dialog = page.getByRole('dialog', { name: 'garden.png' });
    const download = dialog.getByRole('button', { name: 'Download garden.png' });
    expect(await savedDigest(page, download)).toBe(picture.digest);
    await page.keyboard.press('Escape');
  }
  const file = { name: 'garden.png', type: 'image/png', width: 300, height: 200 };
  expect((await ann.exportRoom()).messages).toMatchObject([{ body: 'our garden', file }]);
});
