/** Lets a service worker's events do what `pageFiles.ts` says. Any worker can take them on. */
import * as v from 'valibot';
import { workerMessageSchema } from './messages';
import type { AnyRequest, PageFiles } from './pageFiles';

interface WaitingEvent {
  waitUntil(work: Promise<unknown>): void;
}

interface FilesEvents {
  install: WaitingEvent;
  activate: WaitingEvent;
  fetch: WaitingEvent & {
    readonly request: AnyRequest;
    respondWith(answer: Promise<Response>): void;
  };
  message: WaitingEvent & {
    readonly data: unknown;
    readonly ports: readonly Pick<MessagePort, 'postMessage'>[];
  };
}

/** The part of a worker's global scope that is used here, which DOM's types lack. */
export interface FilesScope {
  readonly registration: { readonly active: object | null };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener<Type extends keyof FilesEvents>(
    type: Type,
    listener: (event: FilesEvents[Type]) => void,
  ): void;
}

/**
 * Answers with the files once they are kept. The first worker is there at once, for pushes need no files, and
 * keeps them when a page asks for it. A later one comes with all of its own or not at all, and waits until no
 * page of the build before is open, or until a page asks it to take over.
 */
export function serveFiles(scope: FilesScope, files: PageFiles): void {
  scope.addEventListener('install', (event) => event.waitUntil(install()));
  scope.addEventListener('activate', (event) => event.waitUntil(activate()));
  scope.addEventListener('fetch', (event) => {
    const answer = files.answer(event.request);
    if (answer) event.respondWith(answer);
  });
  scope.addEventListener('message', (event) => {
    const parsed = v.safeParse(workerMessageSchema, event.data);
    // What is not understood is for others, or from another build.
    if (!parsed.success) return;
    const message = parsed.output;
    if (message.type === 'take over') event.waitUntil(scope.skipWaiting());
    if (message.type === 'keep files') event.waitUntil(keepIfPossible());
    if (message.type === 'has file') event.ports[0]?.postMessage(files.has(message.url));
  });

  async function install() {
    if (scope.registration.active) await files.keep();
  }

  async function activate() {
    await files.forgetOld().catch(() => {});
    // The page that has just brought the worker may want files before it is opened again.
    await scope.clients.claim();
  }

  /** What could not be kept now is asked for again by the next page. */
  async function keepIfPossible() {
    // A page that was on its way while the worker became active has none yet.
    await scope.clients.claim().catch(() => {});
    await files.keep().catch(() => {});
  }
}
