import { describe, expect, it } from 'vitest';
import {
  appendedNews,
  goneNews,
  parseGatewayNews,
  parseRoomNews,
  presenceNews,
  readNews,
  signedOutNews,
  typingNews,
} from './busMessages';

const ann = { id: 'u1', name: 'Ann', tag: 'x1' };
const message = { seq: 7, mid: 'm7', id: 'c7', from: ann, body: 'Hi', at: 1 };
const by = 'gateway-1.3';

describe('what is said of a room', () => {
  it('is what is heard', () => {
    expect(parseRoomNews(appendedNews('e1', [message]))).toEqual({
      kind: 'appended',
      epoch: 'e1',
      messages: [message],
    });
    expect(parseRoomNews(presenceNews(by, [ann], ['u2']))).toEqual({
      kind: 'presence',
      by,
      came: [ann],
      left: ['u2'],
    });
    expect(parseRoomNews(typingNews(by, ann))).toEqual({ kind: 'typing', by, user: ann });
    expect(parseRoomNews(readNews(by, ann, 'e1', 5))).toEqual({
      kind: 'read',
      by,
      user: ann,
      epoch: 'e1',
      seq: 5,
    });
  });

  it('is refused where it is no such thing, by what is wrong with it', () => {
    expect(() => parseRoomNews('m{')).toThrow('a gateway said what is not JSON: m{');
    expect(() => parseRoomNews(readNews(by, ann, 'e1', -1))).toThrow('seq: ');
    expect(() => parseRoomNews(typingNews('gateway', ann))).toThrow('by: a lease is');
    expect(() => parseRoomNews(presenceNews(by, [{ id: 'u1', name: '' }], []))).toThrow(
      'came.0.name: a name is needed',
    );
  });

  it('is left alone where its kind is not known', () => {
    expect(parseRoomNews('x{"by":"a.1"}')).toBeUndefined();
    expect(parseRoomNews('')).toBeUndefined();
  });
});

describe('what is said to all gateways', () => {
  it('is what is heard', () => {
    expect(parseGatewayNews(signedOutNews(by, 'u1'))).toEqual({
      kind: 'signed out',
      by,
      userId: 'u1',
    });
    expect(parseGatewayNews(goneNews(by))).toEqual({ kind: 'gone', by });
    expect(parseGatewayNews('x{}')).toBeUndefined();
    expect(() => parseGatewayNews('g{"by":1}')).toThrow('by: ');
  });
});
