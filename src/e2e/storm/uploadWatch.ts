/** Counts how often a file of one's own was on its way and then was not, before all of it was there. */
import type { ChatMessage } from '../../chat/types';

export interface UploadWatch {
  readonly interruptions: number;
  /** All that is shown. */
  note(messages: readonly Pick<ChatMessage, 'id' | 'upload'>[]): void;
  pageGone(): void;
}

export function createUploadWatch(): UploadWatch {
  let interruptions = 0;
  let sending = new Set<string>();
  return {
    get interruptions() {
      return interruptions;
    },
    note(messages) {
      const onTheWay = new Set<string>();
      for (const { id, upload } of messages) {
        if (!upload || upload.have === upload.size) continue;
        if (upload.status === 'sending') onTheWay.add(id);
        else if (sending.has(id)) interruptions += 1;
      }
      sending = onTheWay;
    },
    pageGone() {
      interruptions += sending.size;
      sending = new Set();
    },
  };
}
