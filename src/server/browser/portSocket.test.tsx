import { describe, expect, it, onTestFinished } from 'vitest';
import { closeCodes } from '../../protocol/closeCodes';
import { limits } from '../../protocol/limits';
import { createFakeLocks, type FakeLocks } from '../../testing/fakeLocks';
import type { ClientHandle, ClientLink } from '../chat/ports';
import { openPortLink, type PortLine } from './portLink';
import { type Port, readPageMessage } from './portMessages';
import { createPortSocket } from './portSocket';

/** Both ends of a line in one browser: what is posted arrives in a later turn, in order. */
function createPorts(): [Port, Port] {
  const make = (): Port & { deliver(data: unknown): void; isClosed: boolean } => ({
    onmessage: null,
    isClosed: false,
    postMessage() {},
    close() {
      this.isClosed = true;
    },
    deliver(data) {
      if (!this.isClosed) this.onmessage?.(new MessageEvent('message', { data }));
    },
  });
  const [one, other] = [make(), make()];
  const join = (from: typeof one, to: typeof one) => {
    from.postMessage = (data) => {
      if (!from.isClosed) setTimeout(() => to.deliver(structuredClone(data)));
    };
  };
  join(one, other);
  join(other, one);
  return [one, other];
}

interface LineOptions {
  protocols?: string[];
  isHeartThere?: boolean;
  /** Those of the page; the heart has them, too, unless it has others. */
  locks?: FakeLocks;
  heartLocks?: FakeLocks;
}

function openLine(options: LineOptions = {}) {
  const { protocols = ['chat.v1'], isHeartThere = true, locks = createFakeLocks() } = options;
  const { heartLocks = locks } = options;
  const [pagePort, heartPort] = createPorts();
  const received: string[] = [];
  const closedWith: number[] = [];
  let link: ClientLink | undefined;
  let line: PortLine | undefined;
  let ends = 0;
  let endHeart = () => {};
  void heartLocks.request('heart', () => new Promise<void>((resolve) => (endHeart = resolve)));
  const handle: ClientHandle = {
    receive: (text) => received.push(text),
    receiveControl() {},
    receiveBinary: (bytes) => received.push(`bytes ${bytes}`),
    closed: (code) => closedWith.push(code),
  };
  heartPort.onmessage = ({ data }) => {
    const open = readPageMessage(data);
    if (!isHeartThere || typeof open !== 'object' || open.t !== 'open') return;
    line = openPortLink(heartPort, open, {
      address: 'page 1',
      heartLock: 'heart',
      locks: heartLocks,
      accept(accepted) {
        link = accepted;
        accepted.send('hello');
        return handle;
      },
      onEnd() {
        ends += 1;
      },
    });
  };
  const events: string[] = [];
  const storage: string[] = [];
  const socket = createPortSocket(pagePort, protocols, {
    locks,
    onStorage: (state) => storage.push(state),
  });
  socket.onopen = () => events.push('open');
  socket.onmessage = ({ data }) => events.push(String(data));
  socket.onerror = () => events.push('error');
  socket.onclose = ({ code, reason, wasClean }) =>
    events.push(`close ${code} ${reason} ${wasClean ? 'clean' : 'unclean'}`);
  onTestFinished(() => socket.close());
  return {
    socket,
    events,
    storage,
    received,
    closedWith,
    endHeart: () => endHeart(),
    get ends() {
      return ends;
    },
    get link() {
      return link ?? expect.fail('no line was opened');
    },
    get line() {
      return line ?? expect.fail('no line was opened');
    },
    opened: () => expect.poll(() => events).toEqual(['open', 'hello']),
  };
}

describe('a socket to the server in this browser', () => {
  it('opens, carries texts both ways, and closes with code and reason', async () => {
    const line = openLine();
    expect(line.socket.readyState).toBe(0);
    await line.opened();
    expect(line.socket.readyState).toBe(1);
    line.socket.send('one');
    line.link.send('two');
    await expect.poll(() => line.received).toEqual(['one']);
    line.socket.close(1000, 'left on purpose');
    expect(line.socket.readyState).toBe(2);
    await expect.poll(() => line.events.at(-1)).toBe('close 1000 left on purpose clean');
    expect(line.socket.readyState).toBe(3);
    expect(line.closedWith).toEqual([1000]);
    expect(line.ends).toBe(1);
  });

  it('is closed by the server, which hears that it was', async () => {
    const line = openLine();
    await line.opened();
    line.link.close(4001, 'the server is restarting');
    await expect.poll(() => line.closedWith).toEqual([4001]);
    expect(line.events.at(-1)).toBe('close 4001 the server is restarting clean');
  });

  it('hands on nothing after it was closed', async () => {
    const line = openLine();
    await line.opened();
    line.link.send('late');
    line.socket.close(1000);
    await expect.poll(() => line.socket.readyState).toBe(3);
    expect(line.events.filter((event) => event === 'late')).toEqual([]);
    line.socket.send('into nothing');
    line.socket.close(1000);
    expect(line.events.filter((event) => event.startsWith('close'))).toHaveLength(1);
  });

  it('takes nothing before it is open, and fails if it is closed before', async () => {
    const line = openLine();
    expect(() => line.socket.send('early')).toThrow('still connecting');
    line.socket.close();
    await expect.poll(() => line.events).toEqual(['error', 'close 1006  unclean']);
    expect(line.closedWith).toEqual([]);
  });

  it('fails where the server speaks no protocol of its', async () => {
    const line = openLine({ protocols: ['other'] });
    await expect.poll(() => line.events).toEqual(['error', 'close 1006  unclean']);
  });

  it('knows what it has sent and the server has not read', async () => {
    const line = openLine();
    await line.opened();
    line.link.pause();
    line.socket.send('12345');
    expect(line.socket.bufferedAmount).toBe(5);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(line.socket.bufferedAmount).toBe(5);
    line.link.resume();
    await expect.poll(() => line.socket.bufferedAmount).toBe(0);
    expect(line.received).toEqual(['12345']);
  });

  it('is known to the server by what it has not read', async () => {
    const line = openLine();
    await line.opened();
    await expect.poll(() => line.link.unreadBytes()).toBe(0);
    line.link.send('x'.repeat(300_000));
    expect(line.link.unreadBytes()).toBe(300_000);
    await line.link.flushed();
    expect(line.link.unreadBytes()).toBe(0);
  });

  it('keeps order when it was not read for a while, and stops again in between', async () => {
    const line = openLine();
    await line.opened();
    line.link.pause();
    for (const text of ['a', 'b', 'c']) line.socket.send(text);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(line.received).toEqual([]);
    line.link.resume();
    line.socket.send('d');
    await expect.poll(() => line.received).toEqual(['a', 'b', 'c', 'd']);
  });

  it('ends with 1009 when it sends what no server takes', async () => {
    const line = openLine();
    await line.opened();
    line.socket.send('好'.repeat(30_000));
    await expect.poll(() => line.events.at(-1)).toBe('close 1009  clean');
    expect(line.received).toEqual([]);
    expect(line.closedWith).toEqual([1009]);
  });

  it('notices at once that the server has ended without a word', async () => {
    const line = openLine();
    await line.opened();
    line.endHeart();
    await expect.poll(() => line.events.at(-1)).toBe('close 1006  unclean');
  });

  it('goes on where page and server do not see the locks of each other', async () => {
    const line = openLine({ heartLocks: createFakeLocks() });
    await line.opened();
    line.socket.send('one');
    line.link.send('two');
    await expect.poll(() => line.received).toEqual(['one']);
    await expect.poll(() => line.events).toEqual(['open', 'hello', 'two']);
    expect(line.closedWith).toEqual([]);
  });

  it('is told how well what is said is kept', async () => {
    const line = openLine();
    await line.opened();
    line.line.tell({ t: 'storage', state: 'full' });
    await expect.poll(() => line.storage).toEqual(['full']);
  });

  it('carries bytes, and counts them until they are taken', async () => {
    const line = openLine();
    await line.opened();
    const { socket } = line;
    socket.send(new Uint8Array([1, 2]).buffer);
    socket.send(new Uint8Array([1, 2, 3, 4]).subarray(1, 3));
    expect(socket.bufferedAmount).toBe(4);
    await expect.poll(() => line.received).toEqual(['bytes 1,2', 'bytes 2,3']);
    await expect.poll(() => socket.bufferedAmount).toBe(0);
    expect(() => socket.send(new Blob(['a']))).toThrow('a Blob cannot be sent here');
  });

  it('ends a line with more bytes than a server in Node would take', async () => {
    const line = openLine();
    await line.opened();
    line.socket.send(new ArrayBuffer(limits.frameBytes + 1));
    await expect.poll(() => line.closedWith).toEqual([closeCodes.frameTooBig.code]);
    expect(line.received).toEqual([]);
  });
});
