import { describe, expect, it, vi } from 'vitest';
import { createManualTime } from '../testing/manualTime';
import { createFileLinks, type FileLinksOptions } from './fileLinks';

/** Where the file is, by what a server at this address says of it. */
async function linkFor(url: string, serverUrl: string | undefined): Promise<string> {
  const links = createFileLinks({ time: createManualTime(), send: () => true, serverUrl });
  const asked = links.linkOf('lobby', 4, 'whole');
  links.told({ t: 'link', room: 'lobby', seq: 4, part: 'whole', url, expiresIn: 600_000 });
  return asked;
}

describe('where a file is', () => {
  it.each([
    ['wss://chat.example/ws', 'https://chat.example/files/a?until=1'],
    ['ws://localhost:8080/ws', 'http://localhost:8080/files/a?until=1'],
    ['wss://example.org/chat/ws', 'https://example.org/chat/files/a?until=1'],
  ])('is at the server at %s, wherever the page is from', async (serverUrl, url) => {
    expect(await linkFor('files/a?until=1', serverUrl)).toBe(url);
  });

  it('is where it says also of a server that knows of no path above it', async () => {
    expect(await linkFor('/files/a', 'wss://chat.example/ws')).toBe('https://chat.example/files/a');
  });

  it('is as the server says where it says all of it, or nobody knows where it is', async () => {
    const whole = 'https://files.example/a';
    expect(await linkFor(whole, 'wss://chat.example/ws')).toBe(whole);
    const inPage = 'blob:https://chat.example/1';
    expect(await linkFor(inPage, 'local:lobby')).toBe(inPage);
    expect(await linkFor('/files/a', undefined)).toBe('/files/a');
  });
});

describe('an address that is remembered', () => {
  function setUp() {
    const send = vi.fn<FileLinksOptions['send']>(() => true);
    const links = createFileLinks({ time: createManualTime(), send });
    const told = (url: string) =>
      links.told({ t: 'link', room: 'lobby', seq: 4, part: 'whole', url, expiresIn: 600_000 });
    return { send, told, linkOf: (dead?: string) => links.linkOf('lobby', 4, 'whole', dead) };
  }

  it('is forgotten once nothing could be loaded by it, and asked for anew', async () => {
    const { send, told, linkOf } = setUp();
    const first = linkOf();
    told('blob:1');
    expect([await first, await linkOf()]).toEqual(['blob:1', 'blob:1']);
    const second = linkOf('blob:1');
    expect(send).toHaveBeenCalledTimes(2);
    told('blob:2');
    expect([await second, await linkOf()]).toEqual(['blob:2', 'blob:2']);
  });

  it('is asked for once, however many could not load by the one before', async () => {
    const { send, told, linkOf } = setUp();
    const first = linkOf();
    told('blob:1');
    await first;
    const asked = [linkOf('blob:1'), linkOf('blob:1')];
    told('blob:2');
    expect(await Promise.all([...asked, linkOf('blob:1')])).toEqual(['blob:2', 'blob:2', 'blob:2']);
    expect(send).toHaveBeenCalledTimes(2);
  });
});
