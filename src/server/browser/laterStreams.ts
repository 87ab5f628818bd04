/**
 * The streams of a host that is loaded piece by piece: their code is fetched when somebody first writes before
 * all eyes. Until it is there what concerns them waits for it, in the order in which it came.
 */
import type { LiveStreams, LiveStreamsOptions } from '../chat/streams/liveStreams';
import { LogUnavailableError } from '../log/log';
import type { NotedStreams } from './notedStreams';

/** How much later than the host they begin by themselves, in ms: what the chat needs is fetched by then. */
const laterMs = 1_000;

/**
 * With the name of a database they are noted there, and begin by themselves: an earlier server may have ended in the
 * middle of some. Where the code cannot be had, pieces are refused for now, and it is tried again with the next.
 */
export function createLaterStreams(
  options: LiveStreamsOptions,
  databaseName?: string | undefined,
): LiveStreams {
  let streams: LiveStreams | undefined;
  let loading: Promise<void> | undefined;
  let isOver = false;

  async function begin(): Promise<NotedStreams> {
    if (databaseName === undefined) {
      const { createLiveStreams } = await import('../chat/streams/liveStreams');
      return { streams: createLiveStreams(options), goOn() {} };
    }
    const { openNotedStreams } = await import('./notedStreams');
    return openNotedStreams(options, databaseName);
  }

  async function load(): Promise<void> {
    try {
      const begun = await begin();
      if (isOver) return begun.streams.clear();
      streams = begun.streams;
      begun.goOn();
    } catch (error) {
      loading = undefined;
      throw new LogUnavailableError(`the streams cannot be loaded: ${error}`);
    }
  }

  function ready(): Promise<void> | undefined {
    if (!streams) loading ??= load();
    return streams ? undefined : loading;
  }

  /** Before anybody has written there is nothing to be done. */
  function whenLoaded(call: (loaded: LiveStreams) => void): void {
    if (streams) call(streams);
    else
      loading?.then(
        () => streams && call(streams),
        () => {},
      );
  }

  const cancel =
    databaseName === undefined
      ? () => {}
      : options.time.after(laterMs, () => void ready()?.catch(options.onError));

  return {
    ready,
    write: (...args) => (streams ? streams.write(...args) : 'too_many_streams'),
    left: (...args) => whenLoaded((loaded) => loaded.left(...args)),
    sending: (...args) => whenLoaded((loaded) => loaded.sending(...args)),
    notSent: (...args) => whenLoaded((loaded) => loaded.notSent(...args)),
    sent: (...args) => whenLoaded((loaded) => loaded.sent(...args)),
    all: (room) => streams?.all(room) ?? [],
    takePieces: (room) => streams?.takePieces(room) ?? [],
    heard(...args) {
      ready()?.catch(options.onError);
      whenLoaded((loaded) => loaded.heard(...args));
    },
    asked: (room) => whenLoaded((loaded) => loaded.asked(room)),
    gatewayGone: (...args) => whenLoaded((loaded) => loaded.gatewayGone(...args)),
    closed: (room) => whenLoaded((loaded) => loaded.closed(room)),
    async end() {
      await loading?.catch(() => {});
      await streams?.end();
    },
    clear() {
      isOver = true;
      cancel();
      streams?.clear();
    },
  };
}
