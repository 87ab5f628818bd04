/**
 * Which server the page belongs to, as `server.json` beside it says. Where that cannot be read the server that
 * it named last is taken, else the one in the page itself: the chat goes on, and what is wrong is told.
 */
import type { TextStorage } from './browserStorage';
import type { ServerFileProblem } from './components/pageControls';
import { serverOf } from './settings';

export interface OwnServer {
  readonly server: string;
  /** Undefined where the file is fine, or the network is gone and the server known from before. */
  readonly problem?: ServerFileProblem;
  /** The file has named this server before. */
  readonly isFromBefore?: boolean;
}

export interface ReadOwnServerOptions {
  /** The folder that the page lies in. */
  readonly baseUrl: string;
  readonly storage: Pick<TextStorage, 'get' | 'set'>;
  fetch(url: URL, options: { signal: AbortSignal }): Promise<Response>;
  /** Whether a chat could be looked for there. */
  isServer(server: string): boolean;
}

/** The server in the page. */
const localServer = 'local:';

/** How long the file is waited for, in ms: where the server is known from before, and where it is not. */
const patienceMs = { known: 2_500, unknown: 10_000 };

export async function readOwnServer(options: ReadOwnServerOptions): Promise<OwnServer> {
  const { baseUrl, storage, isServer } = options;
  // Another copy of the page may lie elsewhere on this host.
  const key = `own-server ${new URL('.', baseUrl).href}`;
  const before = storage.get(key);
  const read = await readFile(
    options,
    before === undefined ? patienceMs.unknown : patienceMs.known,
  );
  if ('server' in read && isServer(read.server)) {
    if (read.server !== before) storage.set(key, read.server);
    return read;
  }
  const problem: ServerFileProblem =
    'server' in read ? { kind: 'bad address', value: read.server } : read;
  if (before === undefined || !isServer(before)) return { server: localServer, problem };
  const isFromBefore = true;
  // Without a network the file says nothing new.
  if (problem.kind === 'unreachable') return { server: before, isFromBefore };
  return { server: before, problem, isFromBefore };
}

async function readFile(
  { baseUrl, fetch }: ReadOwnServerOptions,
  waitMs: number,
): Promise<{ server: string } | ServerFileProblem> {
  let text: string;
  try {
    const signal = AbortSignal.timeout(waitMs);
    const response = await fetch(new URL('server.json', baseUrl), { signal });
    if (response.status === 404 || response.status === 410) return { kind: 'not there' };
    if (!response.ok) return { kind: 'unreachable' };
    text = await response.text();
  } catch {
    return { kind: 'unreachable' };
  }
  try {
    const server = serverOf(JSON.parse(text));
    return server === undefined ? { kind: 'names no server' } : { server };
  } catch {
    return { kind: 'not JSON' };
  }
}
