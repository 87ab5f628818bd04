/** The server in the page itself, where there is no SharedWorker: it serves this tab alone. */
import { systemTime } from '../../connection/ports';
import { openBroadcast } from './election';
import { type HeartHost, hostHeart, type Standing } from './heartHost';
import { browserLocks } from './lockWatch';

declare const __HEARTLINE_BUILT_AT__: number;

export function hostHeartInPage(name: string, onStanding: (standing: Standing) => void): HeartHost {
  return hostHeart({
    name,
    rank: __HEARTLINE_BUILT_AT__,
    isShared: false,
    time: systemTime,
    random: Math.random,
    locks: browserLocks(),
    openChannel: openBroadcast,
    onStanding,
    onError: (error) => reportError(error),
  });
}
