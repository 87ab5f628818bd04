/** The SharedWorker in which the server of all tabs runs; it ends with the last of them. */
import { systemTime } from '../../connection/ports';
import { openBroadcast } from './election';
import { hostHeart } from './heartHost';
import { browserLocks } from './lockWatch';

declare const __HEARTLINE_BUILT_AT__: number;

const host = hostHeart({
  name: self.name,
  rank: __HEARTLINE_BUILT_AT__,
  isShared: true,
  time: systemTime,
  random: Math.random,
  locks: browserLocks(),
  openChannel: openBroadcast,
  onError: (error) => reportError(error),
});

globalThis.addEventListener('connect', (event) => {
  if (!(event instanceof MessageEvent)) return;
  for (const port of event.ports) host.take(port);
});
