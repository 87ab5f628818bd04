import { describe, expect, it } from 'vitest';
import {
  appendedNews,
  askNews,
  goneNews,
  parseGatewayNews,
  parseRoomNews,
  presenceNews,
  readNews,
  signedOutNews,
  typingNews,
  writtenNews,
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
    const about = { kind: 'reply', seq: 3, mid: 'm3' } as const;
    for (const fields of [{}, { about }, { cut: true } as const]) {
      const news = { user: ann, id: 'c8', at: 2, text: 'so', ...fields };
      expect(parseRoomNews(writtenNews(by, news))).toEqual({ kind: 'written', by, news });
    }
    expect(parseRoomNews(askNews(by))).toEqual({ kind: 'asked', by });
  });

  it('is refused where it is no such thing, by what is wrong with it', () => {
    expect(() => parseRoomNews('m{')).toThrow('a gateway said what is not JSON: m{');
    expect(() => parseRoomNews(readNews(by, ann, 'e1', -1))).toThrow('seq: ');
    expect(() => parseRoomNews(typingNews('gateway', ann))).toThrow('by: a lease is');
    expect(() => parseRoomNews(presenceNews(by, [{ id: 'u1', name: '' }], []))).toThrow(
      'came.0.name: a name is needed',
    );
    const about = { kind: 'edit', seq: 3, mid: 'm3' } as const;
    expect(() =>
      parseRoomNews(writtenNews(by, { user: ann, id: 'c8', at: 0, text: 'so', about })),
    ).toThrow('about: what is written is a message or a reply');
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
