import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import type { Happening } from '../../lab/eventRing';
import { frameOf } from '../../testing/fakeLab';
import { renderLab } from '../../testing/renderLab';
import { FramesPart } from './FramesPart';

function recorded(...happenings: Happening[]) {
  const view = renderLab(<FramesPart />);
  for (const happening of happenings) view.record(happening);
  return view;
}

const list = () => within(screen.getByRole('listbox', { name: 'Frames' }));
const rows = () =>
  list()
    .queryAllByRole('option')
    .map(({ textContent }) => textContent);

describe('the frames', () => {
  const send = frameOf('out', { t: 'send', id: 'm1', body: 'hello' });
  const ack = frameOf('in', { t: 'ack', id: 'm1', seq: 7 });

  it('are listed as they pass, with what became of the line', async () => {
    const { record } = recorded(send);
    await waitFor(() => expect(rows()).toHaveLength(1));
    record(ack);
    record({ kind: 'socket', what: 'closed', url: 'ws://x', code: 1006, reason: '' });
    await waitFor(() => expect(rows()).toHaveLength(3));
    expect(rows()[0]).toContain('out' + 'sendbody=hello id=m1');
    expect(rows()[1]).toContain('in' + 'ackseq=7 id=m1');
    expect(rows()[2]).toContain('socket closed (1006)');
  });

  it('say what the lab has done to them', async () => {
    recorded({ ...send, fate: 'lost' } as Happening);
    await waitFor(() => expect(rows()[0]).toContain('lost'));
  });

  it('can be had by direction, by type and by text', async () => {
    const { user } = recorded(send, ack);
    await waitFor(() => expect(rows()).toHaveLength(2));
    await user.click(screen.getByRole('radio', { name: 'In' }));
    expect(rows()).toEqual([expect.stringContaining('ack')]);
    await user.click(screen.getByRole('radio', { name: 'Both' }));
    await user.selectOptions(screen.getByRole('combobox', { name: 'Type' }), 'send');
    expect(rows()).toEqual([expect.stringContaining('send')]);
    await user.selectOptions(screen.getByRole('combobox', { name: 'Type' }), 'All types');
    await user.type(screen.getByRole('searchbox', { name: 'Find in frames' }), 'SEQ');
    expect(rows()).toEqual([expect.stringContaining('ack')]);
    await user.type(screen.getByRole('searchbox', { name: 'Find in frames' }), '!');
    expect(screen.getByText('No frame matches.')).toBeTruthy();
  });

  it('stand still while they are paused, and tell how many have come since', async () => {
    const { record, user } = recorded(send);
    await waitFor(() => expect(rows()).toHaveLength(1));
    await user.click(screen.getByRole('button', { name: 'Pause' }));
    record(ack);
    expect(await screen.findByText('Paused. 1 more since.')).toBeTruthy();
    expect(rows()).toHaveLength(1);
    await user.click(screen.getByRole('button', { name: 'Resume' }));
    await waitFor(() => expect(rows()).toHaveLength(2));
  });

  it('open in full, and are copied as they were on the line', async () => {
    const { user } = recorded(send);
    await user.click(await list().findByRole('option'));
    const detail = within(screen.getByRole('region', { name: 'send' }));
    expect(detail.getByText(/"body": "hello"/)).toBeTruthy();
    const copied = vi.spyOn(navigator.clipboard, 'writeText');
    await user.click(detail.getByRole('button', { name: 'Copy' }));
    expect(copied).toHaveBeenCalledWith('{"t":"send","id":"m1","body":"hello"}');
    expect(await detail.findByRole('button', { name: 'Copied' })).toBeTruthy();
    await user.click(detail.getByRole('button', { name: 'Close the frame' }));
    expect(screen.queryByRole('region', { name: 'send' })).toBeNull();
  });

  it('are reached and opened by keys', async () => {
    const { user } = recorded(send, ack);
    await waitFor(() => expect(rows()).toHaveLength(2));
    screen.getByRole('listbox', { name: 'Frames' }).focus();
    await user.keyboard('{ArrowUp}{Home}{ArrowDown}{Enter}');
    expect(screen.getByRole('region', { name: 'ack' })).toBeTruthy();
  });

  it('are gone back to by Escape, which closes no more than the frame', async () => {
    const { user } = recorded(send, ack);
    await waitFor(() => expect(rows()).toHaveLength(2));
    const list = screen.getByRole('listbox', { name: 'Frames' });
    list.focus();
    await user.keyboard('{Home}{Enter}');
    const close = screen.getByRole('button', { name: 'Close the frame' });
    // Taken, so that the lab around it does not close as well.
    expect(fireEvent.keyDown(close, { key: 'Escape' })).toBe(false);
    expect(screen.queryByRole('region', { name: 'send' })).toBeNull();
    expect(document.activeElement).toBe(list);
  });

  it('have their heartbeats folded into one row, which unfolds', async () => {
    const { user } = recorded(
      frameOf('out', { t: 'ping', n: 1 }),
      frameOf('in', { t: 'pong', n: 1 }),
      { kind: 'answer', to: 'ping', rttMs: 12 },
    );
    await waitFor(() =>
      expect(rows()).toEqual([expect.stringContaining('2 heartbeat frames · 12 ms')]),
    );
    await user.click(list().getByRole('option'));
    await waitFor(() => expect(rows()).toHaveLength(3));
    await user.click(screen.getByRole('button', { name: 'Fold heartbeats' }));
    await waitFor(() => expect(rows()).toHaveLength(2));
  });

  it('are drawn only as far as they are in sight', async () => {
    const { record } = recorded();
    for (let n = 0; n < 3_000; n += 1) record(frameOf('in', { t: 'msg', n }));
    await waitFor(() => expect(rows().at(-1)).toContain('n=2999'));
    expect(rows().length).toBeLessThan(60);
  });
});
