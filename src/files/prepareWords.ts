/** What a page and its worker that looks at files say to each other. */
import type { PreparedFile } from '../chat/uploadRecord';

export interface PrepareRequest {
  readonly id: number;
  readonly file: Blob;
  readonly type: string;
}

/** Without `prepared` the file could not be read. */
export interface PrepareAnswer {
  readonly id: number;
  readonly prepared?: PreparedFile | undefined;
}
