/** An upload as the outbox has messages: as the row that it is now, and as the message that it will be. */
import type { Draft, OutboxEntry, OutboxFile } from './outboxEntry';
import type { UploadState } from './types';
import { partId, type UploadRecord } from './uploadRecord';

/** What is on its way. `page` is the one that asks. */
export function rowOf(record: UploadRecord, page: string, upload: UploadState): OutboxEntry {
  const { id, room, roomKey, about, body, at, failure } = record;
  return {
    ...{ id, room, roomKey, about, body, at, failure, page, upload },
    state: failure ? 'failed' : 'queued',
    hasLeft: false,
    seq: undefined,
    file: fileOf(record),
  };
}

/** Its message, once all of it is at the server at `at`, in ms since 1970. */
export function messageOf(record: UploadRecord, at: number): Draft {
  const { id, room, roomKey, about, body } = record;
  return { id, room, roomKey, about, body, file: fileOf(record), at };
}

function fileOf({ id, name, type, size, prepared }: UploadRecord): OutboxFile {
  const { whole, preview } = prepared ?? {};
  return {
    upload: id,
    ...(preview && { preview: partId(id, 'preview') }),
    name,
    type: whole?.type ?? type,
    size: whole?.size ?? size,
    width: whole?.width,
    height: whole?.height,
  };
}
