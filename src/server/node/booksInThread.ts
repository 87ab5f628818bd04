/** For tests: the books of a folder over a real message channel, as if they were in a thread of their own. */
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { onTestFinished } from 'vitest';
import { serveBooks } from './booksService';
import type { BooksThread } from './booksThread';
import { type FolderBooks, openFolderBooks } from './folderBooks';

export interface BooksOver {
  start(path: string, isShared: boolean): Promise<BooksThread>;
  /** How often a thread was started. */
  readonly starts: number;
  /** The thread ends without a word. */
  die(reason: string): void;
}

/** `change`: what of the books is to be otherwise. */
export function booksOver(change: (books: FolderBooks) => Partial<FolderBooks> = () => ({})) {
  let died: ((reason: string) => void)[] = [];
  const ports: MessagePort[] = [];
  // After what tests themselves have to close over them.
  onTestFinished(() => ports.forEach((port) => void port.close()));
  const over: BooksOver & { starts: number } = {
    starts: 0,
    async start(path, isShared) {
      over.starts += 1;
      const { port1, port2 } = new MessageChannel();
      ports.push(port1);
      const books = openFolderBooks(path, isShared);
      serveBooks({
        books: { ...books, ...change(books) },
        channel: {
          post: (message) => port2.postMessage(message),
          onMessage: (receive) => void port2.on('message', receive),
        },
        end: () => port2.close(),
      });
      return {
        post: (message) => port1.postMessage(message),
        onMessage: (receive) => void port1.on('message', receive),
        onDeath: (callback) => void died.push(callback),
        ended: async () => {},
      };
    },
    die(reason) {
      const listeners = died;
      died = [];
      for (const listener of listeners) listener(reason);
    },
  };
  return over;
}
