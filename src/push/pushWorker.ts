/**
 * The page's service worker. It shows pushes, and starts the page from files that it keeps; everything else
 * it leaves to the browser.
 */
import { createPageFiles, type PageFile } from '../offline/pageFiles';
import { type FilesScope, serveFiles } from '../offline/pageFilesEvents';
import { listenForPushes, type WorkerScope } from './pushEvents';

declare const self: Omit<WorkerScope, 'addEventListener'> &
  Omit<FilesScope, 'registration' | 'clients' | 'addEventListener'> & {
    readonly registration: WorkerScope['registration'] & FilesScope['registration'];
    readonly clients: WorkerScope['clients'] & FilesScope['clients'];
    addEventListener: WorkerScope['addEventListener'] & FilesScope['addEventListener'];
    /** The build puts the page's files here; while one develops there are none. */
    readonly __WB_MANIFEST: readonly PageFile[] | undefined;
  };

const { scope } = self.registration;

listenForPushes(self);
const files = self.__WB_MANIFEST;
if (files) {
  serveFiles(
    self,
    createPageFiles({
      files,
      scope,
      caches,
      fetch: (request) => fetch(request instanceof Request ? request : request.url),
    }),
  );
}
