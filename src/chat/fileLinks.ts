/**
 * Where the files of messages are to be had: asked of the server, and remembered for as long as what it said holds.
 * Nothing is remembered beyond a line: what a server in this browser said ends with it.
 */
import type { Cancel, Time } from '../connection/ports';
import type { FilePart } from '../protocol/file';
import type { ClientFrame, ServerFrameOf } from '../protocol/frames';

export interface FileLinksOptions {
  time: Time;
  /** Sends to the server; false before it is ready. */
  send(frame: ClientFrame): boolean;
  /** Where its WebSocket is: what it says of its own place holds for pages from elsewhere, too. */
  serverUrl?: string | undefined;
}

export interface FileLinks {
  /**
   * Rejects when the line is lost, when there is no such file, and when no answer comes. By `dead` nothing could be
   * loaded: it is remembered no longer.
   */
  linkOf(room: string, seq: number, part: FilePart, dead?: string): Promise<string>;
  told(frame: ServerFrameOf<'link'>): void;
  /** Something that was asked of a room does not come: it may be a link, if nothing else is said. */
  refused(error: Refusal): void;
  lineLost(): void;
}

/** A link is asked for anew so long before its end, in ms; at most half of the time that it holds. */
const earlyMs = 60_000;

/** What an answer may take, in ms. */
const answerTimeoutMs = 20_000;

type Refusal = Pick<ServerFrameOf<'err'>, 'room' | 'code' | 'message' | 'instead'>;

interface Asked {
  readonly room: string;
  readonly promise: Promise<string>;
  resolve(url: string): void;
  reject(error: Error): void;
}

export function createFileLinks({ time, send, serverUrl }: FileLinksOptions): FileLinks {
  const known = new Map<string, { url: string; until: number }>();
  /** In the order of asking, which is that of answering. */
  const asked = new Map<string, Asked>();

  function ask(key: string, room: string, seq: number, part: FilePart): Promise<string> {
    if (!send({ t: 'link', room, seq, part })) {
      return Promise.reject(new Error('there is no line to ask on'));
    }
    let cancelTimer: Cancel = () => {};
    let settle = { resolve(_: string) {}, reject(_: Error) {} };
    const promise = new Promise<string>((resolve, reject) => {
      settle = { resolve, reject };
    }).finally(() => {
      cancelTimer();
      asked.delete(key);
    });
    const request = { room, promise, ...settle };
    asked.set(key, request);
    cancelTimer = time.after(answerTimeoutMs, () =>
      request.reject(new Error('the server did not say where the file is')),
    );
    return promise;
  }

  return {
    linkOf(room, seq, part, dead) {
      const key = keyOf(room, seq, part);
      const link = known.get(key);
      if (link && link.url !== dead && link.until > time.now()) return Promise.resolve(link.url);
      known.delete(key);
      return asked.get(key)?.promise ?? ask(key, room, seq, part);
    },

    told({ room, seq, part, url: said, expiresIn }) {
      const key = keyOf(room, seq, part);
      const url = serverUrl === undefined ? said : atServer(said, serverUrl);
      const holdsMs = expiresIn - Math.min(earlyMs, expiresIn / 2);
      known.set(key, { url, until: time.now() + holdsMs });
      asked.get(key)?.resolve(url);
    },

    refused({ room, code, message, instead = 'link' }) {
      if (instead !== 'link') return;
      const [first] = [...asked.values()].filter((each) => each.room === room);
      if (['no_file', 'no_files', 'unavailable', 'not_in_room'].includes(code))
        first?.reject(new Error(message));
    },

    lineLost() {
      known.clear();
      for (const { reject } of [...asked.values()]) reject(new Error('the line was lost'));
    },
  };
}

const keyOf = (room: string, seq: number, part: FilePart) => `${room} ${seq} ${part}`;

function atServer(url: string, serverUrl: string): string {
  const base = new URL(serverUrl);
  base.protocol = base.protocol === 'wss:' ? 'https:' : 'http:';
  return new URL(url, base).href;
}
