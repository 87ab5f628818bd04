/**
 * Pictures on their way as this browser has them, so that they are seen before they are anywhere else. Each has an
 * address for as long as it may be drawn, and no longer.
 */
import type { Cancel, Time } from '../connection/ports';
import type { FilePart } from '../protocol/file';
import type { UploadRecord } from './uploadRecord';

export interface UploadPicturesOptions {
  time: Time;
  bytes(id: string, part: FilePart): Promise<Blob>;
  /** Addresses under which the page can show bytes that it has. */
  pictures: { show(bytes: Blob): string; hide(url: string): void };
  /** There is one more to be seen. */
  onShown(): void;
}

export interface UploadPictures {
  /** Makes an address for it, if it is a picture and has none. */
  show(record: UploadRecord): void;
  urlOf(id: string): string | undefined;
  /** Nobody needs it any more: it may be drawn for a little while yet. */
  leave(id: string): void;
  hideAll(): void;
}

/** What browsers show as a picture. */
const shownTypes = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif'];

/** How long one that was left may be drawn, in ms: what was sent is drawn from here until it is there. */
const leftHoldsMs = 30_000;

export function createUploadPictures(options: UploadPicturesOptions): UploadPictures {
  const { time, bytes, pictures, onShown } = options;
  /** By id; undefined while it is being made. */
  const urls = new Map<string, string | undefined>();
  const timers = new Set<Cancel>();

  function hide(id: string) {
    const url = urls.get(id);
    urls.delete(id);
    if (url !== undefined) pictures.hide(url);
  }

  return {
    show({ id, type, prepared }) {
      if (urls.has(id) || !shownTypes.includes(prepared?.whole.type ?? type)) return;
      urls.set(id, undefined);
      bytes(id, prepared?.preview ? 'preview' : 'whole').then(
        (picture) => {
          if (!urls.has(id)) return;
          urls.set(id, pictures.show(picture));
          onShown();
        },
        () => {},
      );
    },
    urlOf: (id) => urls.get(id),
    leave(id) {
      const cancel = time.after(leftHoldsMs, () => {
        timers.delete(cancel);
        hide(id);
      });
      timers.add(cancel);
    },
    hideAll() {
      for (const cancel of timers) cancel();
      timers.clear();
      for (const id of [...urls.keys()]) hide(id);
    },
  };
}
