/** Files and what browsers hand them over in, for tests in jsdom, which has neither clipboard nor drags. */
import { vi } from 'vitest';

export function fileOf(name: string, { type = 'text/plain', bytes = 3 } = {}): File {
  return new File(['x'.repeat(bytes)], name, { type });
}

/** What a paste or a drop brings: files, and texts by their types. */
export function transferOf(files: readonly File[], texts: Record<string, string> = {}) {
  return {
    files,
    items: files.map(() => ({ webkitGetAsEntry: () => null })),
    types: [...Object.keys(texts), ...(files.length > 0 ? ['Files'] : [])],
    getData: (type: string) => texts[type] ?? '',
    dropEffect: 'none',
  };
}

/** Gives pages URLs for files that are here, and tells which of them are still in use. */
export function installObjectUrls(): Set<string> {
  const used = new Set<string>();
  let made = 0;
  Object.assign(URL, {
    createObjectURL: vi.fn(() => {
      made += 1;
      const url = `blob:${made}`;
      used.add(url);
      return url;
    }),
    revokeObjectURL: vi.fn((url: string) => void used.delete(url)),
  });
  return used;
}

/** Lets files be read by promises, which jsdom has no method for. */
export function installFileReading() {
  Object.assign(Blob.prototype, {
    arrayBuffer(this: Blob) {
      return new Promise((resolve, reject) => {
        const reader = new FileReader();
        reader.onload = () => resolve(reader.result);
        reader.onerror = () => reject(reader.error);
        reader.readAsArrayBuffer(this);
      });
    },
  });
}
