/**
 * The hook: a connection that lives as long as the component. It re-renders nobody by itself: what
 * should follow the state reads it with `useConnectionState`. Other components share the connection by
 * being handed it, and hear its messages with `useConnectionListener`.
 */
import {
  type RefObject,
  useEffect,
  useInsertionEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { createConnection } from './connection';
import type { Address, Connection, ConnectionListener, ConnectionOptions } from './contract';
import type { ConnectionState } from './machine';
import { watchPage } from './pageSignals';
import { systemTime } from './ports';

export interface UseWebSocketOptions
  extends Omit<ConnectionOptions, 'address'>,
    ConnectionListener {
  /** Ms hidden after which the connection is closed until the page is visible; never if not given. */
  closeWhenHiddenMs?: number | undefined;
  /** Begins closed, as a person left it: nothing but `open()` opens it. */
  startsClosed?: boolean;
}

/**
 * Keeps a WebSocket to `address` open while the component is mounted.
 *
 * `null` connects to nothing. Another string connects anew, unless a person has closed the connection;
 * another function does not, as it is asked for the address at every try. The callbacks called are
 * always those of the latest render. The other options are read once, when the component mounts.
 *
 * The connection returned is the same for the life of the component.
 */
export function useWebSocket(
  address: Address | null,
  options: UseWebSocketOptions = {},
): Connection {
  const latest = useRef({ address, options });
  useInsertionEffect(() => {
    latest.current = { address, options };
  });
  const [connection] = useState(() => connectionOfLatest(options, latest));

  /** A person has closed it: another address does not open it, nor does React when it shows it again. */
  const isLeftClosed = useRef(options.startsClosed ?? false);
  // A function is asked at every try: another one is no other address.
  const target = typeof address === 'function' || address;
  useEffect(() => {
    if (target === null) return;
    const { time = systemTime } = latest.current.options;
    const unwatch = watchPage(connection, {
      time,
      get closeWhenHiddenMs() {
        return latest.current.options.closeWhenHiddenMs;
      },
    });
    // StrictMode mounts, unmounts and mounts again in one go: only what outlives that opens a socket.
    let mounted = true;
    let hasBegun = false;
    queueMicrotask(() => {
      if (!mounted) return;
      hasBegun = true;
      if (isLeftClosed.current) connection.close();
      else connection.open();
    });
    return () => {
      mounted = false;
      unwatch();
      const { status, isSuspended } = connection.getState();
      if (hasBegun) isLeftClosed.current = status === 'closed' && !isSuspended;
      connection.close();
    };
  }, [connection, target]);

  return connection;
}

/** What `selector` makes of the connection's state; re-renders only when that has changed. */
export function useConnectionState<Selected>(
  connection: Connection,
  selector: (state: ConnectionState) => Selected,
): Selected {
  return useSyncExternalStore(connection.subscribe, () => selector(connection.getState()));
}

/** Listens on a connection that another component owns. The callbacks are those of the latest render. */
export function useConnectionListener(connection: Connection, listener: ConnectionListener): void {
  const latest = useRef(listener);
  useInsertionEffect(() => {
    latest.current = listener;
  });
  useEffect(() => connection.listen(() => latest.current), [connection]);
}

type Latest = RefObject<{ address: Address | null; options: UseWebSocketOptions }>;

/** A connection that asks for its address, and calls back, through what was rendered last. */
function connectionOfLatest(options: UseWebSocketOptions, latest: Latest): Connection {
  const connection = createConnection({
    ...options,
    address: () => {
      const { address } = latest.current;
      if (address === null) throw new Error('no address to connect to');
      return typeof address === 'function' ? address() : address;
    },
  });
  connection.listen(() => latest.current.options);
  return connection;
}
