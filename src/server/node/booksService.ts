/** The thread's side of the books: does what comes over the channel, in the order in which it comes. */
import type { EngineUsage, Unfinished, UploadRecord } from '../blobs/blobEngine';
import type { DoubtedHolder, FileFacts, Holder, UploadKey } from '../blobs/blobs';
import type { Channel } from '../log/threadCalls';
import { isDiskFull } from './diskFull';
import type { FolderBooks } from './folderBooks';

export type BooksCall =
  | { call: 'find'; key: UploadKey }
  | { call: 'begin'; record: UploadRecord }
  | { call: 'touch'; key: UploadKey; at: number }
  | { call: 'makePart'; key: UploadKey; part: string }
  | { call: 'settle'; key: UploadKey; facts: FileFacts; part: string }
  | { call: 'drop'; key: UploadKey }
  | { call: 'hold'; sha256s: readonly string[]; holder: Holder; doubtedAt: number }
  | { call: 'keep'; mid: string; seq: number }
  | { call: 'doubt'; mid: string; doubtedAt: number }
  | { call: 'release'; mid: string }
  | { call: 'doubted'; beforeMs: number }
  | { call: 'usage'; userId: string | undefined }
  | { call: 'countUnfinished' }
  | { call: 'unfinished' }
  | { call: 'untouchedSince'; beforeMs: number }
  | { call: 'removeUnknown'; folder: string; names: readonly string[] }
  | { call: 'close' };
export type BooksRequest = BooksCall & { n: number };

/** What a call is answered with: what was asked for, nothing, or why it could not be done. */
export interface BooksResult {
  record?: UploadRecord | undefined;
  isHeld?: boolean;
  isMade?: boolean;
  doubted?: DoubtedHolder[];
  usage?: EngineUsage;
  count?: number;
  unfinished?: Omit<Unfinished, 'have'>[];
  untouched?: UploadKey[];
  failure?: { message: string; isDiskFull: boolean };
  /** The thread has died. */
  error?: string;
}
export type BooksReply = BooksResult & { n: number };

export interface BooksServiceOptions {
  books: FolderBooks;
  channel: Channel<BooksReply, BooksRequest>;
  /** The books are closed, because that was asked: the thread is to end. */
  end(): void;
}

export function serveBooks({ books, channel, end }: BooksServiceOptions): void {
  channel.onMessage((request) => {
    channel.post({ ...answer(books, request), n: request.n });
    if (request.call === 'close') end();
  });
}

function answer(books: FolderBooks, request: BooksRequest): BooksResult {
  try {
    return serve(books, request);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { failure: { message, isDiskFull: isDiskFull(error) } };
  }
}

function serve(books: FolderBooks, request: BooksRequest): BooksResult {
  switch (request.call) {
    case 'find':
      return { record: books.find(request.key) };
    case 'makePart':
      return { isMade: books.makePart(request.key, request.part) };
    case 'hold':
      return { isHeld: books.hold(request.sha256s, request.holder, request.doubtedAt) };
    case 'doubted':
      return { doubted: books.doubted(request.beforeMs) };
    case 'usage':
      return { usage: books.usage(request.userId) };
    case 'countUnfinished':
      return { count: books.countUnfinished() };
    case 'unfinished':
      return { unfinished: books.unfinished() };
    case 'untouchedSince':
      return { untouched: books.untouchedSince(request.beforeMs) };
    default:
      note(books, request);
      return {};
  }
}

type Asking =
  | 'find'
  | 'makePart'
  | 'hold'
  | 'doubted'
  | 'usage'
  | 'countUnfinished'
  | 'unfinished'
  | 'untouchedSince';

/** What is done, and answered with nothing. */
function note(books: FolderBooks, request: Exclude<BooksRequest, { call: Asking }>): void {
  switch (request.call) {
    case 'begin':
      books.begin(request.record);
      break;
    case 'touch':
      books.touch(request.key, request.at);
      break;
    case 'settle':
      books.settle(request.key, request.facts, request.part);
      break;
    case 'drop':
      books.drop(request.key);
      break;
    case 'keep':
      books.keep(request.mid, request.seq);
      break;
    case 'doubt':
      books.doubt(request.mid, request.doubtedAt);
      break;
    case 'release':
      books.release(request.mid);
      break;
    case 'removeUnknown':
      books.removeUnknown(request.folder, request.names);
      break;
    case 'close':
      books.close();
  }
}
