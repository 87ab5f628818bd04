import { describe, expect, it } from 'vitest';
import { checkName, checkRoom, healthUrl, parseTarget, serverOf } from './settings';

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

  it.each(['Lobby', '../etc', 'a b', 'x'.repeat(65)])('refuses the room %s', (room) => {
    expect(parse(`?room=${encodeURIComponent(room)}`)).toEqual({
      problem: { kind: 'bad room', value: room },
    });
  });

  it('says that there is no server where the page has none of its own', () => {
    expect(parse('', 'local:')).toEqual({ problem: { kind: 'no server' } });
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
