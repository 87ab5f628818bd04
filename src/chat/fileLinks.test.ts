import { describe, expect, it } from 'vitest';
import { createManualTime } from '../testing/manualTime';
import { createFileLinks } from './fileLinks';

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
