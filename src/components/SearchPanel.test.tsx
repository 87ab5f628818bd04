import { act, fireEvent, screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import type { SearchState } from '../store/chatStore';
import { connectionOf, messageOf, type RenderChatOptions, renderChat } from '../testing/renderChat';
import { FocusGuard } from './FocusGuard';
import { SearchPanel } from './SearchPanel';

const open = connectionOf({ status: 'open' });

function setUp(options: RenderChatOptions = {}) {
  const callbacks = { onGoTo: vi.fn(), onClose: vi.fn() };
  return { ...renderChat(<SearchPanel {...callbacks} />, options), ...callbacks };
}

const field = () => screen.getByRole('searchbox', { name: 'Search this room' });

function searchOf(fields: Partial<SearchState>): SearchState {
  return { text: 'tea', status: 'done', scope: 'room', found: [], hasMore: false, ...fields };
}

const tea = [9, 5].map((seq) => messageOf(seq, { body: `More Tea at ${seq}` }));

describe('searching the room', () => {
  it('begins where one writes, and searches once for what is written', async () => {
    const { user, actions } = setUp();
    expect(document.activeElement).toBe(field());
    actions.search.mockClear();
    await user.type(field(), ' tea ');
    await vi.waitFor(() => expect(actions.search).toHaveBeenLastCalledWith('tea'));
    expect(actions.search.mock.calls.filter(([text]) => text !== '')).toEqual([['tea']]);
  });

  it('searches at once on Enter', async () => {
    const { user, actions } = setUp();
    await user.type(field(), 'tea{Enter}');
    expect(actions.search).toHaveBeenCalledWith('tea');
  });

  it('is over when the panel goes', () => {
    const { actions, unmount } = setUp();
    actions.search.mockClear();
    unmount();
    expect(actions.search).toHaveBeenCalledExactlyOnceWith('');
  });

  it('tells before and after how far it reaches', () => {
    const { set } = setUp({ state: { connection: open } });
    expect(screen.getByText(/everything that was said/)).toBeTruthy();
    set({ connection: connectionOf({ status: 'offline' }) });
    expect(screen.getByText(/only what is loaded here/)).toBeTruthy();
    // What was found before the line was lost was found in the whole room.
    set({ search: searchOf({ found: tea }) });
    expect(screen.getByText(/everything that was said/)).toBeTruthy();
  });
});

describe('what was found', () => {
  it('is counted, and each is a way to its place, with the words marked', async () => {
    const { user, onGoTo, container } = setUp({ state: { search: searchOf({ found: tea }) } });
    expect(screen.getByRole('status').textContent).toBe('2 found');
    expect([...container.querySelectorAll('mark')].map(({ textContent }) => textContent)).toEqual([
      'Tea',
      'Tea',
    ]);
    await user.click(screen.getByRole('button', { name: /More Tea at 5/ }));
    expect(onGoTo).toHaveBeenCalledExactlyOnceWith(5);
  });

  it('is shown in plain words, without the marks of its markup', () => {
    const found = [messageOf(4, { body: '**green** tea, `hot`' })];
    const { container } = setUp({ state: { search: searchOf({ found }) } });
    expect(container.querySelector('mark')?.parentElement?.textContent).toBe('green tea, hot');
  });

  it('is gone through by the arrow keys, from the field and back', async () => {
    const { user } = setUp({ state: { search: searchOf({ found: tea, hasMore: true }) } });
    const stops = [field(), ...screen.getAllByRole('button', { name: /Tea|Show more/ })];
    for (const stop of stops.slice(1)) {
      await user.keyboard('{ArrowDown}');
      expect(document.activeElement).toBe(stop);
    }
    await user.keyboard('{ArrowDown}');
    expect(document.activeElement).toBe(stops.at(-1));
    await user.keyboard('{ArrowUp}{ArrowUp}{ArrowUp}');
    expect(document.activeElement).toBe(field());
  });

  it('can be more, which a button loads', async () => {
    const search = searchOf({ found: tea, hasMore: true });
    const { user, actions } = setUp({ state: { search } });
    expect(screen.getByRole('status').textContent).toBe('2+ found');
    await user.click(screen.getByRole('button', { name: 'Show more' }));
    expect(actions.searchMore).toHaveBeenCalledOnce();
  });

  it('can be nothing, which is said', () => {
    setUp({ state: { search: searchOf({ text: 'coffee' }) } });
    expect(screen.getByRole('status').textContent).toBe('Nothing found for “coffee”.');
    expect(screen.getByText('Try fewer or other words.')).toBeTruthy();
  });

  it('can be unknown, as the line was lost: then it is asked for again', async () => {
    const { user, actions } = setUp({ state: { search: searchOf({ status: 'failed' }) } });
    expect(screen.getByRole('status').textContent).toContain('line was lost');
    await user.click(screen.getByRole('button', { name: 'Retry' }));
    expect(actions.search).toHaveBeenLastCalledWith('tea');
  });
});

it('asks for the page that failed, and keeps those before it', async () => {
  const search = searchOf({ found: tea, hasMore: true, status: 'failed' });
  const { user, actions } = setUp({ state: { search } });
  actions.search.mockClear();
  await user.click(screen.getByRole('button', { name: 'Retry' }));
  expect(actions.searchMore).toHaveBeenCalledOnce();
  expect(actions.search).not.toHaveBeenCalled();
});

it('keeps the focus while more is looked for, and when nothing more can come', async () => {
  const search = searchOf({ found: tea, hasMore: true });
  const { user, set } = renderChat(
    <>
      <SearchPanel onGoTo={vi.fn()} onClose={vi.fn()} />
      <FocusGuard />
    </>,
    { state: { search } },
  );
  const more = screen.getByRole('button', { name: 'Show more' });
  await user.click(more);
  set({ search: { ...search, status: 'searching' } });
  expect(document.activeElement).toBe(more);
  set({ search: { ...search, hasMore: false } });
  await vi.waitFor(() => expect(document.activeElement).toBe(field()));
});

describe('the search panel', () => {
  it('goes by Escape and by its button', async () => {
    const { user, onClose } = setUp();
    await user.keyboard('{Escape}');
    await user.click(screen.getByRole('button', { name: 'Close' }));
    expect(onClose).toHaveBeenCalledTimes(2);
  });

  it('searches for nothing that is half composed', () => {
    vi.useFakeTimers();
    const { actions } = setUp();
    actions.search.mockClear();
    fireEvent.compositionStart(field());
    fireEvent.change(field(), { target: { value: 'ni hao' } });
    act(() => vi.advanceTimersByTime(10_000));
    expect(actions.search).not.toHaveBeenCalled();
    fireEvent.change(field(), { target: { value: '你好' } });
    fireEvent.compositionEnd(field());
    act(() => vi.advanceTimersByTime(10_000));
    expect(actions.search).toHaveBeenCalledExactlyOnceWith('你好');
    vi.useRealTimers();
  });
});
