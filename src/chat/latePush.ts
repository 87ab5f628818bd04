/**
 * Push for a page that loads fast: what it needs is fetched when a server first says that it can push, or
 * when something is to be ended. Until then a room's push is impossible, as without such a server.
 */
import type { PushEvents, PushRooms } from './pushRooms';

/** `load` brings the real one, once. Where that fails it is asked again at the next `ready`. */
export function createLatePush(
  load: () => Promise<(events: PushEvents) => PushRooms | undefined>,
  events: PushEvents,
): PushRooms {
  let push: PushRooms | undefined;
  let loading: Promise<PushRooms | undefined> | undefined;
  let open: Parameters<PushRooms['open']> | undefined;
  let line: { key: string | undefined } | undefined;
  /** Counts ends, as a session may start again: what was fetched for an earlier start is over. */
  let run = 0;

  async function bring(): Promise<PushRooms | undefined> {
    const current = run;
    const create = await load();
    if (current !== run) return undefined;
    push = create(events);
    if (open) push?.open(...open);
    if (line) push?.ready(line.key);
    return push;
  }

  function need(): Promise<PushRooms | undefined> {
    const current = run;
    loading ??= bring().catch(() => {
      if (current === run) loading = undefined;
      return undefined;
    });
    return loading;
  }

  return {
    open(...room) {
      open = room;
      if (push) push.open(...room);
      else events.onChange({ status: 'impossible' });
    },
    turn: (on) => push?.turn(on),
    forget: (room) => void need().then((loaded) => loaded?.forget(room)),
    ready(key) {
      line = { key };
      if (push) push.ready(key);
      else if (key !== undefined) void need();
    },
    pushed: (frame) => push?.pushed(frame),
    refused: () => push?.refused(),
    lineLost() {
      line = undefined;
      push?.lineLost();
    },
    signOut: async () => (await need())?.signOut(),
    stop() {
      run += 1;
      loading = undefined;
      push?.stop();
      push = undefined;
    },
  };
}
