import { describe, expect, it } from 'vitest';
import type { FrameEvent } from '../../store/labStore';
import { decodeFrame, prettyFrame } from './decodeFrame';

function decoded(text: string | undefined) {
  const frame: FrameEvent = {
    kind: 'frame',
    number: 0,
    at: 0,
    direction: 'in',
    text,
    bytes: 1,
    fate: undefined,
  };
  return decodeFrame(frame);
}

describe('a frame in one line', () => {
  it('has its type, and its fields with long marks last', () => {
    const text = JSON.stringify({ t: 'send', id: '0190-a', room: 'lobby', body: 'hello you' });
    expect(decoded(text)).toEqual({
      type: 'send',
      count: 1,
      summary: 'room=lobby body="hello you" id=0190-a',
      isHeartbeat: false,
    });
  });

  it('names people by their name, counts lists, and cuts what is long', () => {
    const text = JSON.stringify({
      t: 'msg',
      from: { id: 'u1', name: 'Ann' },
      rooms: [1, 2],
      body: 'x'.repeat(500),
    });
    const { summary } = decoded(text);
    expect(summary).toMatch(/^from=Ann rooms=\[2\] body=x+…$/);
    expect(summary.length).toBeLessThanOrEqual(240);
  });

  it('does not show what proves who one is', () => {
    const text = JSON.stringify({ t: 'auth', name: 'Ann', token: 'very secret' });
    expect(decoded(text).summary).toBe('name=Ann token=…');
  });

  it('is counted where several of a type travel together, and named by all where they differ', () => {
    expect(decoded('[{"t":"msg","seq":1},{"t":"msg","seq":2}]')).toMatchObject({
      type: 'msg',
      count: 2,
      summary: 'seq=1 · seq=2',
    });
    expect(decoded('[{"t":"ready"},{"t":"presence"}]')).toMatchObject({
      type: 'ready+presence',
      count: 1,
    });
  });

  it('is as it is where it is no JSON, or no JSON of types', () => {
    expect(decoded('hello')).toMatchObject({ type: 'text', summary: 'hello' });
    expect(decoded('{"t":')).toMatchObject({ type: 'text', summary: '{"t":' });
    expect(decoded('{"a":1}')).toMatchObject({ type: 'json', summary: '{"a":1}' });
    expect(decoded('[]')).toMatchObject({ type: 'json' });
    expect(decoded(undefined)).toMatchObject({ type: 'binary', summary: '' });
  });

  it('is a heartbeat as a ping or a pong, in plain words too', () => {
    for (const text of ['{"t":"ping","n":1}', '{"t":"pong","n":1}', 'ping', ' PONG ']) {
      expect(decoded(text).isHeartbeat).toBe(true);
    }
    expect(decoded('[{"t":"pong","n":1},{"t":"msg"}]').isHeartbeat).toBe(false);
  });
});

describe('a frame in full', () => {
  it('is indented if it is JSON, and untouched if not', () => {
    expect(prettyFrame('{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(prettyFrame('a  b')).toBe('a  b');
  });
});
