import { describe, expect, it } from 'vitest';
import { createFileLinks } from './fileLinks';

const key = new Uint8Array(32).fill(1);
const hourMs = 3_600_000;
const quarterMs = 900_000;
const file = { sha256: 'a'.repeat(64), name: "père's 文件 (1)?#.png", type: 'image/png' };

function createClock() {
  let now = 1_700_000_000_000 - (1_700_000_000_000 % quarterMs);
  return {
    now: () => now,
    pass(ms: number) {
      now += ms;
    },
  };
}

describe('a link to a file', () => {
  it('leads to it, under its name, for about an hour', () => {
    const { now, pass } = createClock();
    const links = createFileLinks(key, now);
    const { url, expiresIn } = links.linkTo(file);
    expect(expiresIn).toBe(hourMs + quarterMs);
    expect(links.read(`/${url}`)).toEqual({ ...file, until: now() + expiresIn });
    pass(expiresIn - 1);
    expect(links.read(`/${url}`)).toBeDefined();
    pass(1);
    expect(links.read(`/${url}`)).toBeUndefined();
  });

  it('is the same within a quarter of an hour, so that browsers need not fetch it again', () => {
    const { now, pass } = createClock();
    const links = createFileLinks(key, now);
    const { url } = links.linkTo(file);
    pass(quarterMs - 1);
    expect(links.linkTo(file).url).toBe(url);
    pass(1);
    expect(links.linkTo(file).url).not.toBe(url);
  });

  it('is known to every server with the same key, and to no other', () => {
    const { now } = createClock();
    const { url } = createFileLinks(key, now).linkTo(file);
    expect(createFileLinks(key, now).read(`/${url}`)).toBeDefined();
    expect(createFileLinks(new Uint8Array(32), now).read(`/${url}`)).toBeUndefined();
  });

  it('leads nowhere once anything in it is another', () => {
    const { now } = createClock();
    const links = createFileLinks(key, now);
    const url = `/${links.linkTo(file).url}`;
    expect(links.read(url)).toBeDefined();
    const others = [
      url.replace('/aaa', '/baa'),
      url.replace('re', 'ra'),
      url.replace('image%2Fpng', 'text%2Fhtml'),
      url.replace(/until=(\d)/, 'until=9'),
      url.replace(/signature=./, 'signature='),
      url.replace(/&signature=.*/, ''),
      url.replace('?', '/more?'),
      url.split('?')[0] ?? '',
      '/files/',
      '/files/../log.sqlite',
      `/files/${file.sha256}/%ff?type=image/png&until=1&signature=a`,
      '',
    ];
    for (const other of others.slice(0, 6)) expect(other).not.toBe(url);
    expect(others.map(links.read).filter(Boolean)).toEqual([]);
  });
});
