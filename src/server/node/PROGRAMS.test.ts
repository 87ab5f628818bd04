/** The page for programs says what the server does. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { limits } from '../../protocol/limits';
import { defaultAllowances } from '../chat/limits/allowances';
import { apiErrors } from './apiErrors';
import { longestId } from './apiRequest';
import { defaultStreamLimits, numberLength } from './apiStreams';
import { defaultConnectionLimits } from './connectionGate';
import { silenceMs } from './liveMessages';
import { bodyTimeoutMs } from './requestBody';

const page = () => readFile(new URL('PROGRAMS.md', import.meta.url), 'utf8');

/** The page with every line break a blank: where a line ends is no matter of what it says. */
const flowing = async () => (await page()).replace(/\s+/g, ' ');

describe('the page for programs', () => {
  it('has each error with its status and meaning, in order, and no other', async () => {
    const rows = [...(await page()).matchAll(/^\| (\d{3}) \| `(\w+)` \| (.*) \|$/gm)];
    expect(
      rows.map(([, status, code, meaning]) => ({ status: Number(status), code, meaning })),
    ).toEqual(
      Object.entries(apiErrors).map(([code, { status, meaning }]) => ({ status, code, meaning })),
    );
  });

  it('has the limits that there are', async () => {
    const { perUser, perAddress, total } = defaultStreamLimits;
    const { perSecond, burst } = defaultAllowances.user;
    const { handshakes, perAddress: connections } = defaultConnectionLimits;
    const text = await flowing();
    for (const said of [
      `at most ${perUser} streams of a user, ${perAddress} from an address and ${total.toLocaleString('en')} in all`,
      // A message costs 5.
      `${perSecond / 5} messages a second by a user, ${burst / 5} at once`,
      `${handshakes.perSecond} new ones a second, ${connections.toLocaleString('en')} at a time`,
      `${bodyTimeoutMs / 1_000} s to come, and ${limits.frameBytes / 1_024} KiB`,
      `nothing comes for ${silenceMs / 1_000} s`,
      `1 to ${limits.bodyLength.toLocaleString('en')} characters`,
      `${longestId} at most`,
      `${longestId - numberLength} characters at most`,
      `while its user writes ${limits.streamsPerUser} others`,
    ]) {
      expect(text).toContain(said);
    }
  });

  it('shows the client as it is', async () => {
    const path = '../../chat/examples/nodeClient.ts';
    const client = await readFile(new URL(path, import.meta.url), 'utf8');
    expect(await page()).toContain(`\`\`\`ts\n${client}\`\`\``);
  });

  it('leads to files that are there', async () => {
    const links = [...(await page()).matchAll(/\]\((?!https?:|#)([^)#]+)/g)];
    expect(links.length).toBeGreaterThan(2);
    for (const [, path = ''] of links) await readFile(new URL(path, import.meta.url));
  });
});
