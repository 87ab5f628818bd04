/**
 * A server that takes files, and the line to it, on a clock that a test moves: what is sent takes its time by its
 * size and waits behind what was sent before. The server keeps what it has over lines, as a real one does.
 */
import type { OpenSocket, SendData, Socket } from '../connection/ports';
import { decodeClientMessage, encode } from '../protocol/codec';
import type { ErrorCode } from '../protocol/errorCodes';
import { errorCodes } from '../protocol/errorCodes';
import type { ClientFrame, ClientFrameOf, ServerFrame, ServerFrameOf } from '../protocol/frames';
import { decodePiece } from '../protocol/piece';
import { CloseSignal } from './fakeSocket';
import { digestOf } from './fileBytes';
import type { ManualTime } from './manualTime';

export interface ModelFileServerOptions {
  time: ManualTime;
  /** Each way, in ms. */
  latencyMs?: number;
  bytesPerMs?: number;
  fileBytes?: number;
}

interface KeptUpload {
  facts: ClientFrameOf<'upload'>;
  bytes: Uint8Array<ArrayBuffer>;
  have: number;
  isWhole: boolean;
}

/** A message as the server has it, with the bytes of its file. */
export interface TakenMessage {
  readonly frame: ClientFrameOf<'send'>;
  readonly seq: number;
  readonly file: Uint8Array | undefined;
  readonly preview: Uint8Array | undefined;
}

/** What was sent, and when it had all arrived, in ms. */
export interface ArrivedFrame {
  readonly at: number;
  readonly frame: ClientFrame | undefined;
  /** Of a piece: whose, and how much. */
  readonly piece: { id: string; at: number; bytes: number } | undefined;
}

export interface ModelFileServer {
  readonly openSocket: OpenSocket;
  readonly messages: readonly TakenMessage[];
  readonly uploads: ReadonlyMap<string, KeptUpload>;
  /** All that arrived, oldest first. */
  readonly arrived: readonly ArrivedFrame[];
  /** Lines that were opened. */
  readonly lines: number;
  /** Bytes of pieces that are on their way at this moment, and the most that ever were. */
  readonly bytesOnTheWay: number;
  readonly mostBytesOnTheWay: number;
  bytesPerMs: number;
  /** Every line breaks. */
  cut(): void;
  /** The server forgets what it has not confirmed, as by a crash, and every line breaks. */
  crash(): void;
  /** Nobody answers from now on; or somebody again. */
  setRefuses(refuses: boolean): void;
  /** Answers the next `upload`, piece or `send` with an error. */
  refuseNext(of: 'upload' | 'piece' | 'send', code: ErrorCode, after?: number): void;
  /** Forgets an upload. */
  forget(id: string): void;
  /** The log has lost its last messages, which every page is told. */
  loseEnd(count: number): void;
  /** Says this on every line. */
  say(frame: ServerFrame): void;
}

const overheadBytes = 14;

export function createModelFileServer(options: ModelFileServerOptions): ModelFileServer {
  const { time, latencyMs = 20, fileBytes = 25_000_000 } = options;
  const uploads = new Map<string, KeptUpload>();
  const messages: TakenMessage[] = [];
  const arrived: ArrivedFrame[] = [];
  const lines = new Set<{ end(): void; say(frame: ServerFrame): void }>();
  const refusals: { of: string; code: ErrorCode; after: number | undefined }[] = [];
  let opened = 0;
  let refuses = false;
  let bytesOnTheWay = 0;
  let mostBytesOnTheWay = 0;

  const page = (room: string): ServerFrameOf<'sync'> => ({
    t: 'sync',
    room,
    epoch: 'e1',
    head: messages.length,
    messages: [],
    more: false,
  });

  const server: ModelFileServer & { bytesPerMs: number } = {
    bytesPerMs: options.bytesPerMs ?? 1_000,
    messages,
    uploads,
    arrived,
    get lines() {
      return opened;
    },
    get bytesOnTheWay() {
      return bytesOnTheWay;
    },
    get mostBytesOnTheWay() {
      return mostBytesOnTheWay;
    },
    cut() {
      for (const line of [...lines]) line.end();
    },
    crash() {
      for (const upload of uploads.values()) upload.have = Math.floor(upload.have / 2);
      for (const line of [...lines]) line.end();
    },
    setRefuses(next) {
      refuses = next;
    },
    refuseNext: (of, code, after) => void refusals.push({ of, code, after }),
    forget: (id) => void uploads.delete(id),
    loseEnd(count) {
      messages.splice(messages.length - count);
      server.say({ ...page('lobby'), reset: 'diverged' });
    },
    say(frame) {
      for (const line of lines) line.say(frame);
    },

    openSocket() {
      opened += 1;
      let readyState: number = 0;
      let freeAt = time.now();
      let downAt = time.now();
      const socket: Socket = {
        bufferedAmount: 0,
        binaryType: 'arraybuffer',
        onopen: null,
        onmessage: null,
        onerror: null,
        onclose: null,
        get readyState() {
          return readyState;
        },
        send(data) {
          if (readyState !== 1) return;
          const size = sizeOf(data);
          const isPiece = typeof data !== 'string';
          if (isPiece) bytesOnTheWay += size;
          mostBytesOnTheWay = Math.max(mostBytesOnTheWay, bytesOnTheWay);
          freeAt = Math.max(freeAt, time.now()) + (size + overheadBytes) / server.bytesPerMs;
          time.after(freeAt + latencyMs - time.now(), () => {
            if (isPiece) bytesOnTheWay -= size;
            if (readyState === 1) receive(data);
          });
        },
        close() {
          if (readyState < 2) end();
        },
      };
      const line = { end, say };

      function end() {
        lines.delete(line);
        if (readyState > 2) return;
        readyState = 3;
        socket.onclose?.(new CloseSignal(1006, '', false));
      }

      function say(frame: ServerFrame) {
        downAt = Math.max(downAt, time.now() + latencyMs);
        time.after(downAt - time.now(), () => {
          if (readyState !== 1) return;
          socket.onmessage?.(new MessageEvent('message', { data: encode(frame) }));
        });
      }

      function receive(data: SendData) {
        if (typeof data === 'string') {
          for (const decoded of decodeClientMessage(data)) {
            if (!('frame' in decoded)) throw new Error(`no frame: ${data}`);
            arrived.push({ at: time.now(), frame: decoded.frame, piece: undefined });
            answer(decoded.frame);
          }
        } else if (data instanceof Uint8Array) takePiece(data);
        else throw new Error('pieces are sent as bytes');
      }

      function isRefused(of: string, id: string): boolean {
        const index = refusals.findIndex((each) => each.of === of);
        const [refusal] = index < 0 ? [] : refusals.splice(index, 1);
        if (refusal) error(id, refusal.code, refusal.after);
        return refusal !== undefined;
      }

      function error(id: string, code: ErrorCode, after?: number) {
        const { retry } = errorCodes[code];
        say({ t: 'err', id, code, retry, ...(after !== undefined && { after }), message: code });
      }

      function takePiece(data: Uint8Array) {
        const piece = decodePiece(new Uint8Array(data));
        if (!piece) throw new Error('no piece');
        const { id, at, bytes } = piece;
        arrived.push({ at: time.now(), frame: undefined, piece: { id, at, bytes: bytes.length } });
        if (isRefused('piece', id)) return;
        const upload = uploads.get(id);
        if (!upload || upload.isWhole) return upload ? undefined : error(id, 'no_upload');
        if (at > upload.have) return error(id, 'bad_piece');
        if (at + bytes.length > upload.bytes.length) return error(id, 'file_refused');
        upload.bytes.set(bytes, at);
        upload.have = Math.max(upload.have, at + bytes.length);
        say({ t: 'uploading', id, have: upload.have });
        finish(id, upload);
      }

      function finish(id: string, upload: KeptUpload) {
        if (upload.have < upload.facts.size) return;
        if (digestOf(upload.bytes) !== upload.facts.sha256) {
          uploads.delete(id);
          return error(id, 'file_refused');
        }
        upload.isWhole = true;
        say({ t: 'uploaded', id });
      }

      function answer(frame: ClientFrame) {
        switch (frame.t) {
          case 'auth':
            say({ t: 'ready', user: { id: 'u1', name: frame.name }, token: 'token', rooms: [] });
            return;
          case 'join':
            return say(page(frame.room));
          case 'ping':
            return say({ t: 'pong', n: frame.n });
          case 'upload':
            return announced(frame);
          case 'unupload':
            uploads.delete(frame.id);
            return;
          case 'link':
            return say({
              t: 'link',
              room: frame.room,
              seq: frame.seq,
              part: frame.part,
              url: `https://files/${frame.seq}/${frame.part}`,
              expiresIn: 600_000,
            });
          case 'send':
            return take(frame);
          default:
        }
      }

      function announced(frame: ClientFrameOf<'upload'>) {
        const { id, size } = frame;
        if (isRefused('upload', id)) return;
        const known = uploads.get(id);
        if (known?.isWhole) return say({ t: 'uploaded', id });
        const upload = known ?? {
          facts: frame,
          bytes: new Uint8Array(size),
          have: 0,
          isWhole: false,
        };
        uploads.set(id, upload);
        say({ t: 'uploading', id, have: upload.have });
        finish(id, upload);
      }

      function take(frame: ClientFrameOf<'send'>) {
        const { id, room, file } = frame;
        if (isRefused('send', id)) return;
        const known = messages.find((each) => each.frame.id === id);
        const bytesOf = (upload: string | undefined) => {
          const found = upload === undefined ? undefined : uploads.get(upload);
          return found?.isWhole ? found.bytes : undefined;
        };
        if (file && !known && !bytesOf(file.upload)) return error(id, 'no_upload');
        const message = known ?? {
          frame,
          seq: messages.length + 1,
          file: bytesOf(file?.upload),
          preview: bytesOf(file?.preview),
        };
        if (!known) messages.push(message);
        const { seq } = message;
        say({
          t: 'ack',
          id,
          room,
          seq,
          mid: `m${seq}`,
          at: time.now(),
          ...(known && { dup: true as const }),
        });
      }

      lines.add(line);
      time.after(latencyMs, () => {
        if (refuses) return end();
        if (readyState !== 0) return;
        readyState = 1;
        socket.onopen?.(new Event('open'));
        say({
          t: 'hello',
          v: 1,
          heartbeat: { intervalMs: 20_000, timeoutMs: 5_000 },
          limits: { frameBytes: 65_536, bodyLength: 10_000, nameLength: 40, fileBytes },
        });
      });
      return socket;
    },
  };
  return server;
}

function sizeOf(data: SendData): number {
  if (typeof data === 'string') return data.length;
  return data instanceof Blob ? data.size : data.byteLength;
}
