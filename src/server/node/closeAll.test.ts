import { describe, expect, it } from 'vitest';
import { closeAll } from './closeAll';

describe('closing all of it', () => {
  const closed: string[] = [];
  const closes = (name: string) => async () => {
    await Promise.resolve();
    closed.push(name);
  };
  const fails = (why: string) => () => {
    throw new Error(why);
  };

  it('goes on behind what cannot be closed, in order, and says so at the end', async () => {
    const closing = closeAll([closes('people'), fails('no room'), closes('search'), closes('log')]);
    await expect(closing).rejects.toThrow(/^no room$/);
    expect(closed).toEqual(['people', 'search', 'log']);
  });

  it('tells of each of several that cannot be', async () => {
    const failed: unknown = await closeAll([fails('one'), async () => fails('two')()]).catch(
      (error: unknown) => error,
    );
    expect(failed).toMatchObject({
      message: '2 things could not be closed',
      errors: [{ message: 'one' }, { message: 'two' }],
      cause: { message: 'one' },
    });
  });

  it('says nothing if all went well', async () => {
    expect(await closeAll([() => {}])).toBeUndefined();
  });
});
