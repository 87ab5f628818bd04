/** What is being written in a room, for a page that loads fast: what reads it is fetched when somebody writes so. */
import type { ServerFrameOf } from '../protocol/frames';
import type { LiveRows, LiveRowsOptions } from './liveRows';

/** So many pieces wait for it. What is lost beyond is told anew on the next line, or by the message itself. */
const mostWaiting = 1_000;

/** `load` brings what makes the real one. Where that fails the next piece tries again. */
export function createLateLiveRows(
  load: () => Promise<(options: LiveRowsOptions) => LiveRows>,
  options: LiveRowsOptions,
): LiveRows {
  let rows: LiveRows | undefined;
  let isLoading = false;
  let waiting: ServerFrameOf<'stream'>[] = [];

  function fetch() {
    isLoading = true;
    load()
      .then(
        (create) => {
          rows = create(options);
          for (const frame of waiting) rows.piece(frame);
        },
        () => {},
      )
      .finally(() => {
        isLoading = false;
        waiting = [];
      });
  }

  const forgetWaiting = () => {
    waiting = [];
  };

  return {
    all: () => rows?.all() ?? [],
    piece(frame) {
      if (rows) return rows.piece(frame);
      if (waiting.length < mostWaiting) waiting.push(frame);
      if (!isLoading) fetch();
    },
    logged: () => rows?.logged(),
    entered: () => rows?.entered(),
    lineLost() {
      forgetWaiting();
      rows?.lineLost();
    },
    forget() {
      forgetWaiting();
      rows?.forget();
    },
  };
}
