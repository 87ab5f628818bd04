/**
 * The server in this browser, as the page has it: a socket to it with the WebSocket interface, and what a
 * person should know of it. It runs in a SharedWorker, where all tabs share it; where there is none it runs
 * in the page, which then keeps every other tab out.
 */
import type { OpenSocket, Socket } from '../../connection/ports';
import type { HeartHost, Standing } from './heartHost';
import { address } from './heartWorker?address';
import type { Port, StorageState } from './portMessages';
import { createPortSocket, type PortSocket } from './portSocket';

export interface LocalServerState {
  /**
   * `shared`: other tabs can join. `alone`: it runs in this page, and they cannot. `elsewhere`: it runs in
   * another tab, and this one cannot join.
   */
  readonly host: 'shared' | 'alone' | 'elsewhere';
  /** How well what is said is kept. */
  readonly storage: StorageState;
}

export interface LocalServer {
  readonly openSocket: OpenSocket;
  getState(): LocalServerState;
  subscribe(onChange: () => void): () => void;
  /** Brings the chat from the other tab into this one. */
  useHere(): void;
}

/** The part of a SharedWorker that is used here. */
export interface SharedHeart {
  readonly port: Port;
  onerror: ((event: ErrorEvent) => void) | null;
}

export interface LocalServerOptions {
  /** Pages on one origin that are not the same have different names, and different chats. */
  name: string;
  /** Throws where there are no SharedWorkers. */
  startWorker?(name: string): SharedHeart;
  loadPageHeart?(): Promise<{
    hostHeartInPage(name: string, onStanding: (standing: Standing) => void): HeartHost;
  }>;
}

export function createLocalServer(options: LocalServerOptions): LocalServer {
  const { name, startWorker = startSharedWorker } = options;
  const { loadPageHeart = () => import('./pageHeart') } = options;
  let state: LocalServerState = { host: 'shared', storage: 'kept' };
  const subscribers = new Set<() => void>();
  let loading: Promise<HeartHost> | undefined;
  /** Workers live as long as somebody holds them. */
  const workers = new WeakMap<Socket, SharedHeart>();

  function change(fields: Partial<LocalServerState>) {
    const next = { ...state, ...fields };
    if (next.host === state.host && next.storage === state.storage) return;
    state = next;
    for (const subscriber of [...subscribers]) subscriber();
  }

  const onStorage = (storage: StorageState) => change({ storage });

  /** Undefined where there can be none. */
  function openInWorker(protocols: readonly string[]): PortSocket | undefined {
    if (state.host !== 'shared') return undefined;
    try {
      const worker = startWorker(name);
      const socket = createPortSocket(worker.port, protocols, { onStorage });
      workers.set(socket, worker);
      worker.onerror = () => {
        // It could not be loaded, or may not run: what was open would not hear of it.
        if (socket.readyState === 0) change({ host: 'alone' });
        socket.fail();
      };
      return socket;
    } catch {
      return undefined;
    }
  }

  function openInPage(protocols: readonly string[]): Socket {
    change({ host: state.host === 'elsewhere' ? 'elsewhere' : 'alone' });
    const { port1, port2 } = new MessageChannel();
    const socket = createPortSocket(port1, protocols, { onStorage });
    hostInPage().then(
      (host) => host.take(port2),
      () => socket.fail(),
    );
    return socket;
  }

  function hostInPage(): Promise<HeartHost> {
    loading ??= loadPageHeart().then((module) => module.hostHeartInPage(name, onStanding));
    loading.catch(() => {
      // What stands in the way now may be gone at the next try.
      loading = undefined;
    });
    return loading;
  }

  function onStanding(standing: Standing) {
    if (standing === 'in charge') change({ host: 'alone' });
    else if (standing === 'waiting') change({ host: 'elsewhere' });
    else if (standing === 'robbed') {
      // It waits its turn again.
      void loading?.then((host) => host.close());
      loading = undefined;
      change({ host: 'elsewhere' });
      void hostInPage().catch(() => {});
    }
  }

  return {
    openSocket: (_, protocols) => openInWorker(protocols) ?? openInPage(protocols),
    getState: () => state,
    subscribe(onChange) {
      subscribers.add(onChange);
      return () => subscribers.delete(onChange);
    },
    useHere: () => void hostInPage().then((host) => host.insist()),
  };
}

function startSharedWorker(name: string): SharedHeart {
  return new SharedWorker(address, { type: 'module', name });
}
