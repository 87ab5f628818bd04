import { describe, expect, it } from 'vitest';
import type { FrameEvent } from '../../store/labStore';
import { happeningsOf } from './happenings';

const event = (text: string | undefined, fields: Partial<FrameEvent> = {}): FrameEvent => ({
  kind: 'frame',
  number: 0,
  at: 5,
  direction: 'in',
  text,
  bytes: text?.length ?? 40,
  fate: undefined,
  ...fields,
});

describe('what the tour watches', () => {
  it('has each frame that travelled with others by itself, with its own size', () => {
    const texts = ['{"t":"ack","id":"a"}', '{"t":"msg","body":"é"}'];
    expect(happeningsOf(event(`[${texts}]`))).toEqual([
      { ...frame(texts[0], 20), frame: { t: 'ack', id: 'a' } },
      { ...frame(texts[1], 23), frame: { t: 'msg', body: 'é' } },
    ]);
  });

  it.each([
    ['bare text', 'ping'],
    ['JSON that is no frame', '42'],
    ['bytes', undefined],
  ])('has %s as no frame of the chat', (_, text) => {
    expect(happeningsOf(event(text))).toEqual([
      { ...frame(text, text?.length ?? 40), frame: undefined },
    ]);
  });

  it('has nothing that never was on the line', () => {
    expect(happeningsOf(event('{"t":"pong","n":1}', { fate: 'lost' }))).toEqual([]);
    expect(happeningsOf({ kind: 'fault', number: 0, at: 5, what: 'cut' })).toEqual([]);
  });
});

const frame = (text: string | undefined, bytes: number) => ({
  kind: 'frame',
  at: 5,
  direction: 'in',
  text,
  bytes,
});
