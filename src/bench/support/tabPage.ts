/** A page under test in a tab: its notes, and waiting for what they say. */
import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import type { Tab } from '../../e2e/support/tabBrowser';

const notes = v.object({
  socketsAt: v.array(v.number()),
  changes: v.array(v.object({ at: v.number(), isUp: v.boolean() })),
  ticksAt: v.array(v.number()),
});

export type TabNotes = v.InferOutput<typeof notes>;

export interface TabPage {
  readonly tab: Tab;
  notes(): Promise<TabNotes>;
  visibility(): Promise<unknown>;
  /**
   * Waits for the client to be connected, or not, at or after a moment in ms since 1970. Resolves with
   * when it was so; with `undefined` when `limitMs` have passed since that moment.
   */
  until(isUp: boolean, since: number, limitMs: number): Promise<number | undefined>;
}

export function atTab(tab: Tab): TabPage {
  const read = async () =>
    v.parse(
      notes,
      await tab.evaluate('window.bench?.notes() ?? { socketsAt: [], changes: [], ticksAt: [] }'),
    );
  return {
    tab,
    notes: read,
    visibility: () => tab.evaluate('document.visibilityState'),
    async until(isUp, since, limitMs) {
      for (;;) {
        const { changes } = await read();
        const found = changes.find((change) => change.isUp === isUp && change.at >= since);
        if (found) return found.at;
        // It may have been so all the time.
        const latest = changes.filter(({ at }) => at < since).at(-1);
        const isQuiet = changes.every(({ at }) => at < since);
        if (isUp && isQuiet && latest?.isUp) return since;
        if (Date.now() > since + limitMs) return undefined;
        await delay(100);
      }
    },
  };
}
