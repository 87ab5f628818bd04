import { describe, expect, it, vi } from 'vitest';
import { settle } from '../testing/settle';
import { createLateSearch } from './lateSearch';
import { createRoomSearch, type RoomSearchOptions } from './roomSearch';

function setUp() {
  const tell = vi.fn<RoomSearchOptions['tell']>();
  const send = vi.fn<RoomSearchOptions['send']>(() => true);
  const load = vi.fn(async () => createRoomSearch);
  const search = createLateSearch(load, { room: 'tea', send, loaded: () => [], tell });
  return { search, tell, send, load };
}

describe('a search that comes late', () => {
  it('says at once that it searches, and does so when it is there', async () => {
    const { search, tell, send } = setUp();
    search.search(' tea ');
    expect(tell.mock.lastCall?.[0]).toMatchObject({ text: 'tea', status: 'searching' });
    await settle();
    expect(send).toHaveBeenCalledExactlyOnceWith({ t: 'search', room: 'tea', text: 'tea' });
  });

  it('seeks only what was wanted last', async () => {
    const { search, send } = setUp();
    search.search('te');
    search.search('tea');
    await settle();
    expect(send).toHaveBeenCalledExactlyOnceWith({ t: 'search', room: 'tea', text: 'tea' });
  });

  it('seeks nothing for who has left', async () => {
    const { search, send, tell } = setUp();
    search.search('tea');
    search.search(' ');
    expect(tell).toHaveBeenLastCalledWith(undefined);
    search.search('tea');
    search.end();
    await settle();
    expect(send).not.toHaveBeenCalled();
  });

  it('has failed where it cannot be had, and may be tried again', async () => {
    const { search, send, tell, load } = setUp();
    load.mockRejectedValueOnce(new Error('no network'));
    search.search('tea');
    await settle();
    expect(tell.mock.lastCall?.[0]).toMatchObject({ text: 'tea', status: 'failed' });
    search.searchMore();
    await settle();
    expect(send).toHaveBeenCalledExactlyOnceWith({ t: 'search', room: 'tea', text: 'tea' });
  });
});
