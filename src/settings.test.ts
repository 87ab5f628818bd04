import { describe, expect, it } from 'vitest';
import { roomKeyOf, roomOfKey } from './protocol/privateRoom';
import {
  checkName,
  checkRoom,
  healthUrl,
  parseTarget,
  privateRoomHash,
  readRoomLink,
  roomLink,
  serverOf,
  withRoomKey,
} from './settings';

const pageUrl = 'https://chat.example/some/path/index.html';
const parse = (search: string, ownServer: string | undefined = '/ws') =>
  parseTarget(search, pageUrl, ownServer);

describe('the page’s address', () => {
  it('without a query means the lobby on the page’s own server', () => {
    expect(parse('')).toEqual({
      target: {
        mode: 'chat',
        serverUrl: 'wss://chat.example/ws',
        room: 'lobby',
        roomKey: undefined,
        heartbeat: undefined,
        isAdaptive: false,
      },
    });
  });

  it('may let the heartbeat adapt', () => {
    expect(parse('?adaptive=on')).toMatchObject({ target: { isAdaptive: true } });
  });

  it('chooses the room', () => {
    expect(parse('?room=tea-house_7')).toMatchObject({ target: { room: 'tea-house_7' } });
  });

  it.each([
    ['ws://127.0.0.1:6969/ws', 'ws://127.0.0.1:6969/ws'],
    ['ws', 'wss://chat.example/some/path/ws'],
    ['wss://other.example/chat', 'wss://other.example/chat'],
    ['https://other.example/ws', 'wss://other.example/ws'],
    ['http://other.example/ws#top', 'ws://other.example/ws'],
    ['/elsewhere', 'wss://chat.example/elsewhere'],
  ])('may name another server: %s', (server, serverUrl) => {
    expect(parse(`?server=${encodeURIComponent(server)}`)).toMatchObject({ target: { serverUrl } });
  });

  it.each(['ftp://other.example/', 'ws://', 'javascript:alert(1)'])(
    'that names no server that could be is refused: %s',
    (server) => {
      expect(parse(`?server=${encodeURIComponent(server)}`)).toEqual({
        problem: { kind: 'bad server', value: server },
      });
    },
  );

  it('takes a room’s name in capitals for the same in small letters, as there are no others', () => {
    expect(parse('?room=LOBBY')).toMatchObject({ target: { room: 'lobby' } });
    expect(readRoomLink(`${pageUrl}?room=Tea`, pageUrl)).toMatchObject({ room: 'tea' });
  });

  it.each(['Lob by', '../etc', 'a b', 'x'.repeat(65)])('refuses the room %s', (room) => {
    expect(parse(`?room=${encodeURIComponent(room)}`)).toEqual({
      problem: { kind: 'bad room', value: room },
    });
  });

  it('may be the one in this browser, which belongs to the folder that the page is in', () => {
    for (const page of ['https://chat.example/a/b/', 'https://chat.example/a/b/index.html?x#y']) {
      expect(parseTarget('', page, 'local:')).toMatchObject({
        target: { mode: 'chat', serverUrl: 'local:/a/b/' },
      });
    }
    expect(parse('?server=local:')).toMatchObject({
      target: { serverUrl: 'local:/some/path/' },
    });
    expect(parse('?mode=plain&server=local:')).toEqual({
      problem: { kind: 'bad server', value: 'local:' },
    });
  });

  it('says that there is no server where the page has none of its own', () => {
    expect(parseTarget('', pageUrl, undefined)).toEqual({ problem: { kind: 'no server' } });
  });

  it('in plain mode needs a server, and may name a heartbeat', () => {
    expect(parse('?mode=plain')).toEqual({ problem: { kind: 'plain without server' } });
    const search =
      '?mode=plain&server=ws://localhost:6969&heartbeat=hi&heartbeat-answer=ho&heartbeat-interval=5';
    expect(parse(search)).toMatchObject({
      target: {
        mode: 'plain',
        serverUrl: 'ws://localhost:6969/',
        heartbeat: { text: 'hi', answer: 'ho', intervalMs: 5_000 },
      },
    });
  });

  it.each(['0', '-1', '271', 'soon', ''])(
    'takes the default for a heartbeat interval of "%s"',
    (seconds) => {
      const search = `?mode=plain&server=ws://localhost:6969&heartbeat=hi&heartbeat-interval=${seconds}`;
      expect(parse(search)).toMatchObject({ target: { heartbeat: { intervalMs: 25_000 } } });
    },
  );
});

describe('the address of a private room', () => {
  const key = roomKeyOf(new Uint8Array(16).fill(1));
  const room = roomOfKey(key);
  const parseWith = (search: string, hash: string) =>
    parseTarget(search, `${pageUrl}${search}${hash}`, '/ws');

  it('has the room before the # and what opens it behind: no server hears of that', () => {
    const opened = { target: { room, roomKey: key, serverUrl: 'wss://chat.example/ws' } };
    expect(parseWith(`?room=${room}`, privateRoomHash(key))).toMatchObject(opened);
    expect(parseWith(`?name=Ann&room=${room}`, `#key=${key}&more=1`)).toMatchObject(opened);
  });

  it.each([
    ['nothing', ''],
    ['no key', '#top'],
    ['another room’s key', privateRoomHash(roomKeyOf(new Uint8Array(16).fill(2)))],
    ['half a key', privateRoomHash(key.slice(0, 9))],
    ['a key that was added to', privateRoomHash(`${key}.`)],
  ])('opens nothing with %s behind the #', (_, hash) => {
    expect(parseWith(`?room=${room}`, hash)).toEqual({ problem: { kind: 'no key' } });
  });

  it('is not any that only begins like one', () => {
    expect(parse('?room=p-tea')).toEqual({ problem: { kind: 'no key' } });
  });

  it('opens an ordinary room to everyone, whatever is behind its #', () => {
    const target = { room: 'tea', roomKey: undefined };
    expect(parseWith('?room=tea', privateRoomHash(key))).toMatchObject({ target });
  });

  it('means nothing to a server that has no rooms', () => {
    const search = `?mode=plain&server=ws://localhost:6969&room=${room}`;
    expect(parseWith(search, '')).toMatchObject({ target: { mode: 'plain', roomKey: undefined } });
  });

  it('is handed on without the name of who does so, and with the server that they name', () => {
    const here = 'https://chat.example/page/?name=Ann&lang=zh&room=tea#top';
    expect(roomLink(here, room, key)).toBe(`https://chat.example/page/?room=${room}#key=${key}`);
    const elsewhere = 'https://a.example/?server=wss%3A%2F%2Fb.example%2Fws&name=Ann';
    const link = roomLink(elsewhere, room, key);
    expect(link).not.toContain('Ann');
    expect(parseTarget(new URL(link).search, link, undefined)).toMatchObject({
      target: { room, roomKey: key, serverUrl: 'wss://b.example/ws' },
    });
  });
});

describe('the link of a room', () => {
  const page = 'https://chat.example/page/?name=Ann&room=lobby';
  const key = 'AAECAwQFBgcICQoLDA0ODw';
  const room = roomOfKey(key);

  it('leads there, from a page of somebody else', () => {
    expect(roomLink(page, 'tea', undefined)).toBe('https://chat.example/page/?room=tea');
    const theirs = 'https://chat.example/page/?name=Bob&lang=zh-CN&room=work#seq=7';
    for (const address of [
      { room: 'tea', roomKey: undefined },
      { room, roomKey: key },
    ])
      expect(readRoomLink(roomLink(page, address.room, address.roomKey), theirs)).toEqual(address);
  });

  it('may be to a message in it', () => {
    const link = `${roomLink(page, room, key)}&seq=12`;
    expect(readRoomLink(link, page)).toEqual({ room, roomKey: key });
  });

  it.each([
    ['is none', 'mailto:ann@chat.example?room=tea', 'no link'],
    ['names no room', 'https://chat.example/page/', 'no link'],
    ['names a room that cannot be', 'https://chat.example/page/?room=No%20Room', 'no link'],
    ['lacks its key', `https://chat.example/page/?room=${room}`, 'no key'],
    ['has another room’s key', `https://chat.example/page/?room=${room}#key=${key}A`, 'no key'],
    ['leads to another page', 'https://other.example/page/?room=tea', 'elsewhere'],
    ['leads to another server', `${page}&server=wss://other.example/ws`, 'elsewhere'],
  ])('that %s is refused, with the reason', (_, link, problem) => {
    expect(readRoomLink(link, page)).toEqual({ problem });
  });
});

describe('server.json', () => {
  it('says which server the page belongs to', () => {
    expect(serverOf({ server: '/ws' })).toBe('/ws');
  });

  it.each([undefined, null, 'text', {}, { server: 7 }])('that is %j says nothing', (json) => {
    expect(serverOf(json)).toBeUndefined();
  });
});

describe('a name', () => {
  it.each([
    ['Ann', undefined],
    ['小明', undefined],
    ['  ', 'empty'],
    ['x'.repeat(41), 'too long'],
    ['👩'.repeat(40), undefined],
    ['An\u0000n', 'not allowed'],
    ['\u202eAnn', 'not allowed'],
  ])('%j is judged as the server would', (name, verdict) => {
    expect(checkName(name)).toBe(verdict);
  });
});

describe('a room', () => {
  it.each([
    ['tea-house', undefined],
    ['Tea', 'not allowed'],
    ['', 'not allowed'],
  ])('%j is judged as the server would', (room, verdict) => {
    expect(checkRoom(room)).toBe(verdict);
  });
});

describe('where a server says that it is well', () => {
  it.each([
    ['wss://chat.example/ws', 'https://chat.example/healthz'],
    ['ws://127.0.0.1:6969/ws', 'http://127.0.0.1:6969/healthz'],
    ['wss://chat.example/some/path/ws', 'https://chat.example/some/path/healthz'],
    ['ws://plain.example/?x=1', 'http://plain.example/healthz'],
  ])('%s: %s', (serverUrl, url) => {
    expect(healthUrl(serverUrl)).toBe(url);
  });
});

describe('a permalink', () => {
  const key = 'AAECAwQFBgcICQoLDA0ODw';
  it.each([
    ['', `#key=${key}`],
    ['#seq=5', `#key=${key}&seq=5`],
    ['#5', `#key=${key}&seq=5`],
  ])('into a private room keeps its message when the key is put to it: %j', (hash, whole) => {
    expect(withRoomKey(hash, key)).toBe(whole);
    expect(parseTarget(`?room=${roomOfKey(key)}`, `${pageUrl}${whole}`, '/ws')).toMatchObject({
      target: { roomKey: key },
    });
  });

  it('that has a key keeps its own', () => {
    expect(withRoomKey('#key=x&seq=5', key)).toBeUndefined();
  });
});
