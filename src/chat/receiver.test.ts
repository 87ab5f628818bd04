import { describe, expect, it } from 'vitest';
import type { ServerFrameOf } from '../protocol/frames';
import { createUploadWorld } from '../testing/uploadWorld';

/** A page that waits for a link and for what a search finds, in one room; and how the two stand. */
async function setUp() {
  const world = createUploadWorld();
  const page = world.openPage();
  await world.until('it is open', () => page.shown.largestBytes !== undefined);
  await world.pass(1_000);
  // From here on the server's own answers come too late.
  const { actions } = page.session;
  const first = actions.linkOf(3, 'whole');
  await world.pass(100);
  await first;
  let link = 'asked';
  actions.linkOf(4, 'whole').then(
    () => {
      link = 'told';
    },
    () => {
      link = 'refused';
    },
  );
  actions.search('tea');
  const refusal = { t: 'err', room: 'lobby', code: 'unavailable', retry: true } as const;
  return {
    async refuse(fields: Pick<ServerFrameOf<'err'>, 'instead'>) {
      world.server.say({ ...refusal, ...fields, message: 'not now' });
      await world.pass(30);
      return { link, search: page.shown.search?.status };
    },
    async answer() {
      await world.pass(1_000);
      return { link, search: page.shown.search?.status };
    },
  };
}

describe('what cannot come just now', () => {
  it('is the link where that is said, and the search goes on', async () => {
    const { refuse } = await setUp();
    expect(await refuse({ instead: 'link' })).toEqual({ link: 'refused', search: 'searching' });
  });

  it('is what was searched for where that is said, and the link comes', async () => {
    const { refuse, answer } = await setUp();
    expect((await refuse({ instead: 'found' })).search).toBe('failed');
    expect(await answer()).toEqual({ link: 'told', search: 'failed' });
  });

  it('is a page where that is said, and neither of them', async () => {
    const { refuse, answer } = await setUp();
    expect((await refuse({ instead: 'history' })).search).toBe('searching');
    expect(await answer()).toEqual({ link: 'told', search: 'searching' });
  });

  it('may be either of them where an older server does not say', async () => {
    const { refuse } = await setUp();
    expect(await refuse({})).toEqual({ link: 'refused', search: 'failed' });
  });
});
