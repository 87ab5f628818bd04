/** The thread that has the books of the files, and waits for the disk so that nobody else has to. */
import { parentPort, workerData } from 'node:worker_threads';
import * as v from 'valibot';
import { serveBooks } from './booksService';
import { openFolderBooks } from './folderBooks';

const { path, isShared } = v.parse(
  v.object({ path: v.string(), isShared: v.boolean() }),
  workerData,
);
const port = parentPort;
if (port) {
  serveBooks({
    books: openFolderBooks(path, isShared),
    channel: {
      post: (message) => port.postMessage(message),
      onMessage: (receive) => void port.on('message', receive),
    },
    // Nothing else keeps the thread.
    end: () => port.close(),
  });
  port.postMessage('ready');
}
