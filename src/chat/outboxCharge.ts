/**
 * Which page sends which messages. A page with a line holds its own claim, and waits for those of
 * pages that have messages queued: it gets them when such a page is gone, or has lost its line.
 */
import type { Cancel } from '../connection/ports';
import type { OutboxShare, OutboxStorage } from './outboxEntry';

export interface OutboxChargeOptions {
  share: OutboxShare;
  storage: Pick<OutboxStorage, 'takeOver'>;
  /** Reads again what is stored. Never rejects. */
  read(): Promise<void>;
  /** The pages that have messages queued, as far as is known here. */
  pagesWaiting(): ReadonlySet<string>;
  /** There may be something to send now. */
  onCharge(): void;
  /** The claim was taken away, as from a page that stood still: what it was sending is another's. */
  onTaken(): void;
  onStorageFailed(): void;
}

export interface OutboxCharge {
  /** This page holds its claim, and knows what it is to send. */
  isHeld(): boolean;
  lineOpened(): void;
  lineLost(): void;
  /** Other pages may have messages queued that they had not before, or none any more. */
  othersChanged(): void;
}

export function createOutboxCharge(options: OutboxChargeOptions): OutboxCharge {
  const { share, storage, read, pagesWaiting, onCharge, onTaken, onStorageFailed } = options;
  let isHeld = false;
  /** Counts lines: what began on an earlier one is over. */
  let line = 0;
  let releaseOwn: Cancel = () => {};
  /** The claims of other pages, waited for or held. */
  const others = new Map<string, Cancel>();

  function lineLost() {
    line += 1;
    isHeld = false;
    releaseOwn();
    for (const release of others.values()) release();
    others.clear();
  }

  function lineOpened() {
    lineLost();
    const current = line;
    releaseOwn = share.claim(
      share.page,
      () => void begin(current),
      () => {
        if (current !== line) return;
        onTaken();
        lineOpened();
      },
    );
  }

  async function begin(current: number) {
    await read();
    // What pages that are gone have left is older than what is written here: it leaves first.
    for (const page of pagesWaiting()) if (page !== share.page) await takeOverIfFree(page);
    if (current !== line) return;
    isHeld = true;
    othersChanged();
    onCharge();
  }

  function othersChanged() {
    if (!isHeld) return;
    const current = line;
    const waiting = pagesWaiting();
    for (const [page, release] of others) {
      if (waiting.has(page)) continue;
      release();
      others.delete(page);
    }
    for (const page of waiting) {
      if (page === share.page || others.has(page)) continue;
      // Held at once where nobody knows of others.
      others.set(page, () => {});
      const release = share.claim(page, () => void takeOver(page, current));
      if (others.has(page)) others.set(page, release);
      else release();
    }
  }

  async function takeOverIfFree(page: string) {
    const release = await share.claimIfFree(page);
    if (!release) return;
    await take(page);
    release();
  }

  async function takeOver(page: string, current: number) {
    if (current !== line) return;
    await take(page);
    if (current !== line) return;
    others.get(page)?.();
    others.delete(page);
    onCharge();
  }

  async function take(page: string) {
    try {
      await storage.takeOver(page, share.page);
      // Told only if it is so: where nothing can be stored, two pages would ask each other without end.
      share.tell({ kind: 'stored' });
      await read();
    } catch {
      onStorageFailed();
    }
  }

  return { isHeld: () => isHeld, lineOpened, lineLost, othersChanged };
}
