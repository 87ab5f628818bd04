import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { startBrowser } from './support/browser';
import { type ChatPage, openChat } from './support/chatPage';
import { startServer } from './support/serverProcess';

/** Opens the lab beside the chat, at what it can do to the line. */
async function openFaults({ page }: ChatPage): Promise<Locator> {
  await page.getByRole('button', { name: 'Connection lab' }).click();
  const lab = page.getByRole('region', { name: 'Connection lab' });
  await lab.getByRole('tab', { name: 'Faults' }).click();
  return lab;
}

const press = (name: string) => (lab: Locator) => lab.getByRole('button', { name }).click();
const switchOn = (name: string) => (lab: Locator) => lab.getByRole('switch', { name }).click();
const set = (name: string, value: number) => (lab: Locator) =>
  lab.getByRole('textbox', { name }).fill(String(value));
const freeze = (way: string) => (lab: Locator) =>
  lab.getByRole('group', { name: 'Freeze the line' }).getByText(way, { exact: true }).click();

/** The line is not as it should be for a while, however short. */
const afterCut = (fault: (lab: Locator) => Promise<void>) => async (lab: Locator) => {
  await fault(lab);
  await press('Cut the line')(lab);
};

describe('a fault of the lab, in a real browser', () => {
  it.each<[string, (lab: Locator) => Promise<void>, isStanding: boolean]>([
    ['a cut', press('Cut the line'), false],
    ['a server that hangs up', press('Hang up'), false],
    ['skipped time', press('Skip time'), false],
    ['a line that is frozen both ways', freeze('Both ways'), true],
    ['a line that brings nothing', freeze('In'), true],
    ['a line that takes nothing', freeze('Out'), true],
    ['a delay', set('Delay', 700), true],
    ['lost messages', set('Lose', 30), true],
    ['doubled messages', set('Duplicate', 100), true],
    ['refused connections', afterCut(switchOn('Refuse connections')), true],
    ['being offline', switchOn('Go offline'), true],
  ])('leaves every message once, in order, on both sides: %s', async (_, fault, isStanding) => {
    const server = await startServer(['--heartbeat-interval', '2s', '--heartbeat-timeout', '1s']);
    const { browser } = await startBrowser();
    const ann = await openChat(browser, server.url, { name: 'Ann' });
    const bob = await openChat(browser, server.url, { name: 'Bob' });
    await ann.untilConnection('open');
    await bob.untilConnection('open');
    const lab = await openFaults(ann);
    const written: string[] = [];
    const write = async (who: ChatPage, text: string) => {
      written.push(text);
      await who.write(text);
    };

    await write(ann, 'ann before');
    await write(bob, 'bob before');
    await ann.page.getByText('bob before', { exact: true }).waitFor();
    await fault(lab);
    for (let count = 0; count < 5; count += 1) {
      await write(ann, `ann ${count}`);
      await write(bob, `bob ${count}`);
    }
    await bob.untilAllSent();
    if (isStanding) await ann.page.getByRole('button', { name: 'All off' }).click();
    await ann.untilConnection('open', 30_000);
    await write(ann, 'ann after');
    await write(bob, 'bob after');

    await ann.untilAllSent(45_000);
    const bodiesOf = async (who: ChatPage) => (await who.messages()).map(({ body }) => body);
    for (const who of [ann, bob])
      await expect
        .poll(async () => (await bodiesOf(who)).sort(), { timeout: 45_000 })
        .toEqual([...written].sort());
    expect(await bodiesOf(ann)).toEqual(await bodiesOf(bob));
    const seqs = (await ann.messages()).map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    // Each one's messages are in the order of writing.
    for (const name of ['ann', 'bob'])
      expect((await bodiesOf(ann)).filter((body) => body.startsWith(name))).toEqual(
        written.filter((text) => text.startsWith(name)),
      );
  });
});
