import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openChat } from './drivers/chat';
import { chromium } from './drivers/chromium';
import type { Driver } from './drivers/driver';
import { firefox } from './drivers/firefox';
import type { Fault } from './support/fault';
import { startFaultProxy } from './support/faultProxy';
import { startServer } from './support/serverProcess';

const intervalMs = 2_000;
const timeoutMs = 1_000;
/** What the page may take beyond the bound to be scheduled and painted on a busy machine. */
const slackMs = 1_000;

describe('a network that fails under a conversation', () => {
  it.each<{ driver: Driver; fault: Fault }>([
    { driver: chromium, fault: { kind: 'black hole' } },
    { driver: chromium, fault: { kind: 'silent up' } },
    { driver: chromium, fault: { kind: 'silent down' } },
    { driver: chromium, fault: { kind: 'reset' } },
    { driver: firefox, fault: { kind: 'black hole' } },
    { driver: firefox, fault: { kind: 'reset' } },
  ])(
    'by $fault.kind is noticed in time, healed, and has lost, doubled or mixed up nothing ($driver.name)',
    async ({ driver, fault }) => {
      const server = await startServer([
        '--heartbeat-interval',
        `${intervalMs}ms`,
        '--heartbeat-timeout',
        `${timeoutMs}ms`,
      ]);
      const proxy = await startFaultProxy(server.port);
      const browser = await driver.startBrowser();
      const ann = await openChat(browser, proxy.url, { name: 'Ann' });
      const bob = await openChat(browser, server.url, { name: 'Bob' });
      await ann.untilConnection('open');
      await bob.untilConnection('open');

      // Both write all the time; the network fails in the middle.
      const written: Record<'ann' | 'bob', string[]> = { ann: [], bob: [] };
      let isWriting = true;
      const write = async (who: 'ann' | 'bob') => {
        while (isWriting) {
          const text = `${who} ${written[who].length}`;
          written[who].push(text);
          await (who === 'ann' ? ann : bob).write(text);
          await delay(150);
        }
      };
      const writing = [write('ann'), write('bob')];
      await expect
        .poll(async () => (await bob.messages()).map(({ body }) => body))
        .toContain('ann 3');

      proxy.fail(fault);
      const failedAt = Date.now();
      await ann.untilNoLine();
      expect(Date.now() - failedAt).toBeLessThan(intervalMs + timeoutMs + slackMs);

      proxy.fail({ kind: 'none' });
      await ann.untilConnection('open', 30_000);
      isWriting = false;
      await Promise.all(writing);

      await ann.untilAllSent(30_000);
      await bob.untilAllSent(30_000);
      const count = written.ann.length + written.bob.length;
      await expect.poll(async () => (await ann.messages()).length).toBe(count);
      const shown = await ann.messages();
      await expect.poll(() => bob.messages()).toEqual(shown);
      expect(shown.map(({ seq }) => seq)).toEqual(shown.map((_, index) => index + 1));
      const bodiesOf = (who: string) =>
        shown.map(({ body }) => body).filter((body) => body.startsWith(who));
      expect(bodiesOf('ann')).toEqual(written.ann);
      expect(bodiesOf('bob')).toEqual(written.bob);
    },
  );
});
