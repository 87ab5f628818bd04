/** Which server belongs to which client. */
import { type ClientConfig, type ConfigName, configs } from '../configs';
import type { BenchServer } from './benchServer';
import { startCentrifugo } from './centrifugo';
import { startHeartline } from './heartline';
import { startPlain, startSocketIo } from './peerServers';

/** Starts the server that this client needs, for pages from `pageOrigin`. */
export function startBenchServer(name: ConfigName, pageOrigin: string): Promise<BenchServer> {
  const config: ClientConfig = configs[name];
  switch (config.library) {
    case 'heartline':
      return startHeartline([...config.serverFlags, '--allow-origin', pageOrigin]);
    case 'socket.io':
      return startSocketIo(config.pingMs);
    case 'centrifuge':
      return startCentrifugo(config.pingSeconds);
    default:
      return startPlain();
  }
}
