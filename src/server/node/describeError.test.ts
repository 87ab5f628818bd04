import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { describeError } from './describeError';

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return expect.fail('nothing was thrown');
}

describe('an error in the log', () => {
  it('says what it is, and where it happened', () => {
    const error = Object.assign(new RangeError('too far'), { code: 'EFAR', secret: 'x' });
    const described = describeError(error);
    expect(described).toMatchObject({ type: 'RangeError', message: 'too far', code: 'EFAR' });
    expect(described.stack).toMatch(/^at .*describeError\.test/);
    expect(described).not.toHaveProperty('secret');
  });

  it('says what caused it, and gets out of a ring', () => {
    const error = new Error('outer', { cause: new TypeError('inner') });
    expect(describeError(error).cause).toMatchObject({ type: 'TypeError', message: 'inner' });
    const ring = new Error('ring');
    ring.cause = ring;
    expect(() => JSON.stringify(describeError(ring))).not.toThrow();
  });

  it.each([
    ['JSON.parse', () => JSON.parse('what Ann wrote')],
    ['a schema', () => v.parse(v.object({ body: v.number() }), { body: 'what Ann wrote' })],
    ['a schema within', () => v.parse(v.array(v.picklist(['a'])), ['what Ann wrote'])],
  ])('tells nothing of the data that %s found wrong', (_, work) => {
    const error = thrownBy(work);
    const told = JSON.stringify(describeError(new Error('outer', { cause: error })));
    expect(told).not.toContain('Ann');
    expect(told).toContain(error instanceof Error ? error.name : '');
  });

  it('is no more than its type if it is no error', () => {
    expect(describeError('what Ann wrote')).toEqual({ type: 'string' });
  });
});
