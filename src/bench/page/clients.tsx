/** Each library as a component that sends, shows, and notes in the notebook: nothing but its use. */
import { Centrifuge } from 'centrifuge';
import { useWebSocket as usePartySocket } from 'partysocket/react';
import { useEffect, useState } from 'react';
import { useWebSocket as useReactUseWebSocket } from 'react-use-websocket/dist/lib/use-websocket';
import { io } from 'socket.io-client';
import { openWebSocket } from '../../connection/ports';
import { createPageLab } from '../../pageLab';
import { type ChatTarget, parseTarget } from '../../settings';
import { useChatStore } from '../../useChatStore';
import type { ClientConfig } from '../configs';
import type { Notebook } from './notebook';

export interface ClientProps<Library extends ClientConfig['library'] = ClientConfig['library']> {
  /** A `ws:` address. */
  url: string;
  config: Extract<ClientConfig, { library: Library }>;
  notebook: Notebook;
}

/** Ours, wired as the app wires it. */
export function Heartline({ url, notebook }: ClientProps<'heartline'>) {
  const [target] = useState(() => targetOf(url));
  const [wish] = useState({ isClosed: false });
  const [{ lab }] = useState(createPageLab);
  const store = useChatStore(target, 'Page', wish, { lab, openSocket: openWebSocket });
  useEffect(() => {
    notebook.sendWith((text) => {
      if (!store.getState().actions.send(text)) notebook.failed(text);
    });
    return store.subscribe(({ connection, messages }, before) => {
      if (connection.status === 'open') notebook.up();
      else notebook.down();
      if (messages === before.messages) return;
      notebook.showAll(messages.filter(({ mine }) => !mine).map(({ body }) => body));
    });
  }, [store, notebook]);
  return null;
}

/** As the app's own page would make it of its address. */
function targetOf(server: string): ChatTarget {
  const search = String(new URLSearchParams({ server, room: 'bench' }));
  const parsed = parseTarget(search, location.href, undefined);
  if ('problem' in parsed) throw new Error(`no target: ${parsed.problem.kind}`);
  return parsed.target;
}

export function ReactUseWebSocket({ url, config, notebook }: ClientProps<'react-use-websocket'>) {
  const { retries, heartbeatMs } = config;
  const { sendMessage } = useReactUseWebSocket(url, {
    shouldReconnect: () => true,
    ...(retries !== 'default' && {
      reconnectAttempts: retries === 'readme' ? Number.POSITIVE_INFINITY : 10,
      reconnectInterval: (attempt: number) => Math.min(2 ** attempt * 1_000, 10_000),
    }),
    heartbeat: { message: 'ping', returnMessage: 'pong', ...heartbeatMs },
    onOpen: notebook.up,
    onClose: notebook.down,
    onMessage: ({ data }) => notebook.show(String(data)),
  });
  useEffect(() => notebook.sendWith(sendMessage), [notebook, sendMessage]);
  return null;
}

export function PartySocket({ url, notebook }: ClientProps<'partysocket'>) {
  const socket = usePartySocket(url, [], {
    onOpen: notebook.up,
    onClose: notebook.down,
    onMessage: ({ data }) => notebook.show(String(data)),
  });
  useEffect(() => notebook.sendWith((text) => socket.send(text)), [notebook, socket]);
  return null;
}

export function SocketIo({ url, notebook }: ClientProps<'socket.io'>) {
  useEffect(() => {
    const socket = io(url, { transports: ['websocket'], retries: 3, ackTimeout: 10_000 });
    socket.on('connect', notebook.up);
    socket.on('disconnect', notebook.down);
    socket.on('broadcast', (text: unknown) => notebook.show(String(text)));
    notebook.sendWith((text) =>
      socket.emit('message', text, (error: unknown) => {
        if (error) notebook.failed(text);
      }),
    );
    return () => void socket.disconnect();
  }, [url, notebook]);
  return null;
}

export function CentrifugeClient({ url, config, notebook }: ClientProps<'centrifuge'>) {
  useEffect(() => {
    const client = new Centrifuge(url, { maxServerPingDelay: config.slackMs });
    const subscription = client.newSubscription('room');
    // A message goes out once subscribed: that is its connected.
    subscription.on('subscribed', notebook.up);
    subscription.on('subscribing', notebook.down);
    subscription.on('publication', ({ data }) => notebook.show(String(data)));
    notebook.sendWith((text) => void subscription.publish(text).catch(() => notebook.failed(text)));
    subscription.subscribe();
    client.connect();
    return () => client.disconnect();
  }, [url, config, notebook]);
  return null;
}
