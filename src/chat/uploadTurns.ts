/**
 * Which page sends which file when: one page at a time, with a line and the claim on the uploads, and there one file
 * after the other, the oldest first. One that has begun goes on until it is there, or held back.
 */
import type { Cancel } from '../connection/ports';
import type { OutboxShare } from './outboxEntry';
import type { UploadRecord } from './uploadRecord';

export interface UploadTurnsOptions {
  share: Pick<OutboxShare, 'claim'>;
  /** The server has let the user in, on this line. */
  isReady(): boolean;
  /** Those that wait for nothing but their turn, the oldest first. */
  waiting(): readonly UploadRecord[];
  /** Those that are yet to be looked at. */
  unseen(): readonly UploadRecord[];
  /** Of those that wait the first that may leave unasked. */
  nextOf(waiting: readonly UploadRecord[]): UploadRecord | undefined;
  /** Whoever had the claim before may have gone on: reads what is kept. */
  read(): Promise<void>;
  /** No other page looks at it, or not soon. */
  lookAt(record: UploadRecord): void;
  /** It is this one's turn, or nobody's. */
  turnTo(record: UploadRecord | undefined): void;
  /** This page is the one that sends. */
  onHeld(): void;
}

export interface UploadTurns {
  /** Something has changed that may make it another's turn. */
  update(): void;
  /** Sends no more, and leaves it to another page. */
  letGo(): void;
}

interface Claim {
  isHeld: boolean;
  release: Cancel;
}

export function createUploadTurns(options: UploadTurnsOptions): UploadTurns {
  const { share, isReady, waiting, unseen, nextOf, turnTo } = options;
  let claim: Claim | undefined;
  let currentId: string | undefined;

  function update() {
    if (!isReady()) return;
    const ready = waiting();
    const toSee = unseen();
    if (ready.length + toSee.length === 0) return letGo();
    if (!claim) return hold();
    if (!claim.isHeld) return;
    for (const record of toSee) options.lookAt(record);
    const next = ready.find(({ id }) => id === currentId) ?? nextOf(ready);
    currentId = next?.id;
    turnTo(next);
  }

  function hold() {
    const begun: Claim = { isHeld: false, release: () => {} };
    claim = begun;
    const release = share.claim(
      'uploads',
      () => void held(begun),
      () => {
        if (claim !== begun) return;
        letGo();
        update();
      },
    );
    // Some say at once that it is held, or taken.
    if (claim === begun) begun.release = release;
    else release();
  }

  async function held(begun: Claim) {
    await options.read();
    if (claim !== begun) return;
    begun.isHeld = true;
    options.onHeld();
    update();
  }

  function letGo() {
    const left = claim;
    claim = undefined;
    currentId = undefined;
    turnTo(undefined);
    left?.release();
  }

  return { update, letGo };
}
