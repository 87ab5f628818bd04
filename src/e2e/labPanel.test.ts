/** The connection lab as a person has it: what the line does is seen in it, and what is done in it the line does. */
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { startBrowser } from './support/browser';
import { type ChatPage, openChat } from './support/chatPage';
import { startServer } from './support/serverProcess';

/** Soon, so that nothing has to be waited for long. */
const heartbeat = ['--heartbeat-interval', '1s', '--heartbeat-timeout', '1s'];

async function openLab() {
  const server = await startServer(heartbeat);
  const { browser } = await startBrowser();
  const bob = await openChat(browser, server.url, { name: 'Bob' });
  const ann = await openChat(browser, server.url, { name: 'Ann' });
  for (const chat of [ann, bob]) await chat.untilConnection('open');
  // High enough for all that happens here: what has gone out of sight is not in the page.
  await ann.page.setViewportSize({ width: 1280, height: 4_000 });
  await ann.page.getByRole('button', { name: 'Connection lab' }).click();
  const lab = ann.page.getByRole('region', { name: 'Connection lab' });
  const show = (part: string) => lab.getByRole('tab', { name: part }).click();
  const rows = lab.getByRole('listbox').getByRole('option');
  const untilListed = (text: RegExp) =>
    expect
      .poll(() => rows.allTextContents(), { message: `the frames list ${text}` })
      .toContainEqual(expect.stringMatching(text));
  return { ann, bob, lab, rows, show, untilListed };
}

const strip = ({ page }: ChatPage) =>
  page.getByRole('region', { name: 'Changed in the connection lab' });

describe('the connection lab', () => {
  it('shows each frame of the live line as it passes, and opens it in full', async () => {
    const { ann, bob, lab, rows, untilListed } = await openLab();
    await ann.write('from Ann');
    await untilListed(/send.*body="from Ann"/);
    await untilListed(/ack/);
    await bob.write('from Bob');
    await untilListed(/msg.*from=Bob/);
    await lab.getByRole('searchbox').fill('from Bob');
    await rows.filter({ hasText: 'msg' }).click();
    await lab.getByText('"body": "from Bob"').waitFor();
  });

  it('freezes the line until it is put right: the heartbeat finds out, and nothing is lost', async () => {
    const { ann, bob, lab, show, untilListed } = await openLab();
    await show('Faults');
    await lab.getByText('Both ways').click();
    await strip(ann).getByText('line frozen').waitFor();
    await ann.write('into the ice');
    await bob.write('from outside');
    await show('Frames');
    await lab.getByRole('combobox', { name: 'Type' }).selectOption('line');
    await untilListed(/open → waiting · The server did not answer a heartbeat/);
    await strip(ann).getByRole('button', { name: 'All off' }).click();
    await expect.poll(() => strip(ann).count()).toBe(0);
    for (const chat of [ann, bob]) await chat.untilBodies(['from outside', 'into the ice']);
    await ann.untilAllSent();
  });

  it('hangs up with a code of which the page says what it means', async () => {
    const { ann, lab, show } = await openLab();
    await show('Faults');
    await lab.getByRole('combobox', { name: 'Close code' }).selectOption('4500');
    await lab.getByRole('button', { name: 'Hang up' }).click();
    await ann.untilConnection('failed');
    await lab.getByText('open → failed').waitFor();
    await lab.getByText('(4500)').waitFor();
    await lab.getByRole('img', { name: /It is failed/ }).waitFor();
  });

  it('has room for every code that it can hang up with', async () => {
    const { lab, show } = await openLab();
    await show('Faults');
    const codes = lab.getByRole('combobox', { name: 'Close code' });
    const [width, wanted] = await codes.evaluate((select) => {
      const before = select.getBoundingClientRect().width;
      select.style.maxInlineSize = 'none';
      return [before, select.getBoundingClientRect().width];
    });
    expect(width).toBe(wanted);
  });

  it('is drawn in the colours that a person forces on every page', async () => {
    const { ann, lab } = await openLab();
    await ann.page.emulateMedia({ forcedColors: 'active' });
    const drawn = lab.getByRole('img', { name: /^State diagram/ });
    await drawn.waitFor();
    const inks = await ann.page.evaluate(() => {
      const inkOf = (color: string) => {
        const probe = document.createElement('p');
        probe.style.color = color;
        document.body.append(probe);
        const ink = getComputedStyle(probe).color;
        probe.remove();
        return ink;
      };
      const strokes = (selector: string) =>
        [...document.querySelectorAll(selector)].map((each) => getComputedStyle(each).stroke);
      return {
        allowed: ['CanvasText', 'Highlight'].map(inkOf),
        ways: strokes('[data-status] g[data-taken] path'),
        states: strokes('[data-status] g[data-state] rect'),
        trace: strokes('svg[data-alive] path'),
      };
    });
    for (const strokesOf of [inks.ways, inks.states, inks.trace]) {
      expect(strokesOf.length).toBeGreaterThan(0);
      expect(inks.allowed).toEqual(expect.arrayContaining(strokesOf));
    }
  });

  it('turns a knob on the live line, and hands it on in a link', async () => {
    const { ann, lab, show } = await openLab();
    await show('Tuning');
    const interval = lab.getByRole('textbox', { name: 'Ping interval' });
    await expect.poll(() => interval.inputValue()).toBe('1');
    await interval.fill('270');
    await strip(ann).getByText('tuned by hand').waitFor();
    await ann.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await lab.getByRole('button', { name: 'Copy a link with this tuning' }).click();
    await lab.getByRole('button', { name: 'Link copied' }).waitFor();
    const link = await ann.page.evaluate(() => navigator.clipboard.readText());

    const other = await ann.page.context().newPage();
    await other.goto(link);
    await other.getByRole('button', { name: 'Connection lab' }).click();
    await other.getByRole('tab', { name: 'Tuning' }).click();
    await expect
      .poll(() => other.getByRole('textbox', { name: 'Ping interval' }).inputValue())
      .toBe('270');

    // What was reset does not come back with a reload.
    await other.getByRole('button', { name: 'All off' }).click();
    expect(new URL(other.url()).searchParams.get('tune')).toBeNull();
  });

  it('saves what it has seen to a file, and plays it', async () => {
    const { ann, lab, untilListed } = await openLab();
    await ann.write('for the record');
    await untilListed(/for the record/);
    await lab.getByRole('button', { name: 'Record' }).click();
    const [download] = await Promise.all([
      ann.page.waitForEvent('download'),
      ann.page.getByRole('menuitem', { name: 'Save this session to a file' }).click(),
    ]);
    const saved = await buffer(await download.createReadStream());
    const file = { name: 'record.json', mimeType: 'application/json', buffer: saved };

    await ann.page.reload();
    await ann.untilConnection('open');
    await ann.page.getByRole('button', { name: 'Connection lab' }).click();
    await lab.getByRole('button', { name: 'Record' }).click();
    const [chooser] = await Promise.all([
      ann.page.waitForEvent('filechooser'),
      ann.page.getByRole('menuitem', { name: 'Open a record…' }).click(),
    ]);
    await chooser.setFiles(file);
    await lab.getByText(/^Record of ws:/).waitFor();
    await untilListed(/send.*body="for the record"/);
    await lab.getByRole('slider', { name: 'Position in the record' }).press('Home');
    await expect.poll(() => lab.getByText(/body="for the record"/).count()).toBe(0);
    await lab.getByRole('button', { name: 'Play' }).click();
    await untilListed(/send.*body="for the record"/);

    await lab.getByRole('button', { name: 'Back to the live line' }).click();
    await lab.getByRole('tab', { name: 'Faults' }).waitFor();
  });

  it('says what is wrong with a file that is no record, and the line goes on', async () => {
    const { ann, lab } = await openLab();
    await ann.page.getByTestId('open-record').setInputFiles({
      name: 'list.json',
      mimeType: 'application/json',
      buffer: Buffer.from('{"format":"shopping list"}'),
    });
    await lab.getByText(/This record cannot be opened\. .*no record/).waitFor();
    await ann.write('still here');
    await ann.untilAllSent();
  });

  it.each([
    ['a desk at 200 %', { width: 640, height: 400 }],
    ['a phone on its side', { width: 740, height: 360 }],
    ['a window of a usual size', { width: 1280, height: 800 }],
  ])('has room for its trace, whose words nothing runs through: %s', async (_, viewport) => {
    const { ann, lab, show } = await openLab();
    const { page } = ann;
    await page.setViewportSize(viewport);
    const trace = lab.getByRole('region', { name: 'The heartbeat of the line' });
    await trace.waitFor();
    const words = trace.getByText(/^(−\d+ s|now)$/);
    expect(await words.count()).toBe(2);
    for (const word of await words.all()) {
      const ground = await word.evaluate((element) => getComputedStyle(element).backgroundColor);
      expect(ground).toMatch(/^rgb\(/);
    }
    for (const part of ['Line', 'Frames', 'Faults', 'Tuning', 'Inside']) {
      if ((await lab.getByRole('tab', { name: part }).count()) === 0) continue;
      await show(part);
      const clipped = await lab.evaluate((region) => {
        const { left, right, bottom } = region.getBoundingClientRect();
        const parts = region.querySelectorAll('canvas, [role="tab"], [role="tabpanel"]');
        const within = [...parts].every((each) => {
          const box = each.getBoundingClientRect();
          return box.left >= left && box.right <= right && box.bottom <= bottom;
        });
        const shown = region.querySelector('[role="tabpanel"]');
        if (!within || !shown) return 'cut off';
        if (shown.clientHeight < 100) return `${shown.clientHeight} px high`;
        return shown.scrollWidth > shown.clientWidth ? 'scrolls sideways' : 'whole';
      });
      expect([part, clipped]).toEqual([part, 'whole']);
    }
    const overflow = () =>
      page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
    expect(await overflow()).toBe(0);
    // The chat goes on beside it.
    await ann.write('written beside the lab');
    await ann.untilAllSent();
  });
});
