/** What the server says over HTTP: the page, where its WebSocket is, and whether it is well. */
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import sirv from 'sirv';
import { systemTime } from '../../connection/ports';
import type { Health } from '../chat/chatServer';
import { answerFile, type FileAnswers } from './answerFile';
import { createAnswersOwed } from './answersOwed';
import { type Api, apiPrefix } from './api';
import { isFileLink } from './fileLinks';
import type { Metrics } from './metrics';
import { answerMetrics, isFromThisMachine } from './metricsEndpoint';
import { endIfSlow } from './requestBody';
import type { RequestGuard } from './requestGuard';
import { securityHeaders, strictTransportSecurity } from './securityHeaders';

export interface HttpServerOptions {
  /** The folder of the built page. */
  pageDir: string;
  health(): Promise<Health>;
  guard: Pick<RequestGuard, 'isSecure' | 'whyMisdirected' | 'whyForeign'>;
  /** Where files may be sent: what links to them lead to. */
  files?: Omit<FileAnswers, 'guard'>;
  /** Answers programs. */
  api: Pick<Api, 'handle'>;
  /** Shown to who asks from this machine, unless they have a port of their own. */
  metrics?: Pick<Metrics, 'render'>;
}

/** Tells the page beside which it lies which server to talk to: beside it as well, under whatever path that is. */
const serverJson = JSON.stringify({ server: 'ws' });

const refusals = { 404: 'there is nothing here', 503: 'files are away' } as const;

/**
 * The head of a request is a few hundred bytes and comes at once; who is slower holds a place open. What
 * comes behind it has a limit of its own for each kind of request, as a program's stream may take for ever.
 */
const requestLimits = {
  headersTimeout: 10_000,
  requestTimeout: 0,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 8 * 1_024,
  keepAliveTimeout: 10_000,
};

/** In ms. Who has taken nothing of an answer for so long is gone. */
const standstillTimeoutMs = 60_000;

/**
 * How many answers one line may be owed. Browsers wait for one before they ask for the next, and each may be a
 * file; programs may say on one line without waiting what a user may say at once, and those answers are small.
 */
const mostOwed = { files: 8, programs: 500 };

export function createHttpServer(options: HttpServerOptions): Server {
  const { pageDir, health, guard, api, metrics, files } = options;
  const servePage = sirv(pageDir, {
    etag: true,
    // Where the build has put them beside the files, those are sent.
    gzip: true,
    brotli: true,
    // Files are looked up when they are asked for: a page that is built anew is served at once.
    dev: true,
    setHeaders(response, path) {
      const isHashed = path.startsWith('/assets/');
      response.setHeader(
        'Cache-Control',
        isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
    },
  });

  /** One look at the log serves everybody who asks meanwhile. */
  let asked: Promise<Health> | undefined;
  const sharedHealth = () => {
    asked ??= health().finally(() => {
      asked = undefined;
    });
    return asked;
  };

  const owed = createAnswersOwed();

  const listener: RequestListener = (request, response) => {
    const [path = '/'] = (request.url ?? '/').split('?');
    const isOfProgram = path.startsWith(apiPrefix);
    if (!owed.owe(response, isOfProgram ? mostOwed.programs : mostOwed.files)) return;
    // For requests alone: WebSockets have heartbeats, and each would carry what is left of this timer for ever.
    response.setTimeout(standstillTimeoutMs);
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
    if (guard.isSecure(request)) {
      response.setHeader('Strict-Transport-Security', strictTransportSecurity);
    }
    if (isOfProgram) return api.handle(request, response);
    endIfSlow(request, systemTime);
    if (request.headers.expect !== undefined) response.writeContinue();
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      return answer(response, 405, 'text/plain', 'only GET and HEAD are answered here');
    }
    if (path === '/healthz') {
      // A page from elsewhere, too, asks here what stands in the way of its WebSocket.
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
      return void sharedHealth().then((state) =>
        answer(response, state === 'ok' ? 200 : 503, 'text/plain', state),
      );
    }
    const misdirected = guard.whyMisdirected(request);
    if (misdirected) return answer(response, 421, 'text/plain', misdirected);
    if (path === '/metrics' && metrics && isFromThisMachine(request)) {
      return void answerMetrics(response, metrics);
    }
    if (files && isFileLink(path)) {
      return void answerFile(request, response, { ...files, guard }, (status) =>
        answer(response, status, 'text/plain', refusals[status]),
      );
    }
    if (path === '/server.json') return answer(response, 200, 'application/json', serverJson);
    // A part of a small file is worth no trouble, and sirv throws on a range that ends before it begins.
    delete request.headers.range;
    response.once('pipe', (file) => {
      // A file that cannot be opened (gone, or too many are open) ends this answer, not the server.
      file.once('error', () => response.destroy());
      // Who has gone in the middle of it leaves the file open otherwise: `pipe` only lets go of it.
      response.once('close', () => file.destroy());
    });
    servePage(request, response, () => answer(response, 404, 'text/plain', refusals[404]));
  };
  const server = createServer(requestLimits, listener);
  // Who asks first whether a body is wanted is told by whoever reads it.
  server.on('checkContinue', listener);
  return server;
}

function answer(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, {
    'Content-Type': `${type}; charset=utf-8`,
    'Cache-Control': 'no-store',
  });
  response.end(`${text}\n`);
}
