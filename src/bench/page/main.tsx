/** The page under test: one client, chosen by `?config=NAME&server=ws://...`. */
import { createRoot } from 'react-dom/client';
import { configs, isConfigName } from '../configs';
import {
  CentrifugeClient,
  type ClientProps,
  Heartline,
  PartySocket,
  ReactUseWebSocket,
  SocketIo,
} from './clients';
import { openNotebook } from './notebook';

const query = new URLSearchParams(location.search);
const name = query.get('config');
const url = query.get('server');
const root = document.getElementById('root');
if (!isConfigName(name) || !url || !root) throw new Error(`no such client: ${location.search}`);

createRoot(root).render(<Client config={configs[name]} url={url} notebook={openNotebook()} />);

function Client({ config, ...rest }: ClientProps) {
  switch (config.library) {
    case 'heartline':
      return <Heartline config={config} {...rest} />;
    case 'react-use-websocket':
      return <ReactUseWebSocket config={config} {...rest} />;
    case 'partysocket':
      return <PartySocket config={config} {...rest} />;
    case 'socket.io':
      return <SocketIo config={config} {...rest} />;
    case 'centrifuge':
      return <CentrifugeClient config={config} {...rest} />;
  }
}
