/** What a session needs later and takes from this browser, put together apart from it: one file for a page to fetch. */
import { createTextStorage } from './browserStorage';
import { createPushRooms, createUploadStorage, createUploads } from './chat/laterParts';
import type { PushEvents } from './chat/pushRooms';
import type { UploadsOptions } from './chat/uploadsContract';
import { createBrowserPush } from './push/browserPush';
import { createPushMemories } from './push/pushMemory';

/** What sends the files of one `owner`, a server and a name. */
export async function createPageUploads(owner: string, serverUrl: string) {
  const { createFilePreparer } = await import('./files/filePreparer');
  const preparer = createFilePreparer();
  const outside = {
    serverUrl,
    storage: createUploadStorage(owner, createTextStorage('localStorage')),
    prepare: preparer.prepare,
    pictures: { show: URL.createObjectURL, hide: URL.revokeObjectURL },
    stop: preparer.stop,
  };
  return (options: UploadsOptions) => createUploads(options, outside);
}

/** Push for one `owner`; it makes none where this page cannot be pushed to. */
export function createPagePush(owner: string, name: string) {
  const browser = createBrowserPush({ pageQuery: () => pageQuery(name) });
  const memories = createPushMemories(createTextStorage('localStorage'), owner);
  return (events: PushEvents) => browser && createPushRooms({ browser, memories }, events);
}

/** How the page is opened again: as now, by the same person, in whatever room. */
function pageQuery(name: string): string {
  const query = new URLSearchParams(location.search);
  query.delete('room');
  query.set('name', name);
  return String(query);
}
