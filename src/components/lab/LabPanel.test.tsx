import { fireEvent, screen, waitFor } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { labPanel } from '../../i18n/en/labPanel';
import { RecordingError } from '../../lab/types';
import { changeOf, createFakeLab, eventsOf, frameOf } from '../../testing/fakeLab';
import { connectionOf, type RenderChatOptions, renderChat } from '../../testing/renderChat';
import { LabPanel } from './LabPanel';

function setUp(options: RenderChatOptions = {}) {
  const lab = createFakeLab();
  const onClose = vi.fn();
  const view = renderChat(<LabPanel texts={labPanel} onClose={onClose} />, {
    labStore: lab.labStore,
    ...options,
  });
  const show = (tab: string) => view.user.click(screen.getByRole('tab', { name: tab }));
  return { ...view, ...lab, chat: view.actions, onClose, show };
}

describe('the line', () => {
  it('is shown in the state that it is in, with how it came there', async () => {
    const { record, set } = setUp({ state: { connection: connectionOf({ status: 'open' }) } });
    const label = (state: string) => `State diagram of the connection. It is ${state}.`;
    expect(screen.getByRole('img', { name: label('open') })).toBeTruthy();
    record(changeOf('open', 'waiting', { cause: { kind: 'heartbeat timeout' }, attempt: 1 }));
    set({ connection: connectionOf({ status: 'waiting', attempt: 1 }) });
    expect(screen.getByRole('img', { name: label('waiting') })).toBeTruthy();
    expect(await screen.findByText('The server did not answer a heartbeat.')).toBeTruthy();
    expect(screen.getByText('open → waiting')).toBeTruthy();
  });

  it('remembers how it was before', async () => {
    const { record } = setUp();
    record(changeOf('connecting', 'open'));
    record(changeOf('open', 'closed'));
    const history = await screen.findByRole('region', { name: 'Latest changes' });
    expect(history.textContent).toContain('connecting → open');
    expect(history.textContent).not.toContain('open → closed');
  });

  it('tells how long answers take', async () => {
    const { record } = setUp();
    expect(screen.getByText('no ping answered yet')).toBeTruthy();
    for (const rttMs of [10, 20, 900]) record({ kind: 'answer', to: 'ping', rttMs });
    expect(
      await screen.findByText(/latest 3 pings, half were answered within 20 ms, .* 900 ms/),
    ).toBeTruthy();
  });

  it('counts down to what is due', async () => {
    const { actions, pass } = setUp();
    const at = actions.now();
    actions.deadlines.mockReturnValue({
      pingAt: at + 12_340,
      deadAt: undefined,
      ackBy: undefined,
      connectBy: undefined,
      retryAt: at + 90_000,
    });
    expect(await screen.findByText('12.3 s')).toBeTruthy();
    expect(screen.getByText('1:30')).toBeTruthy();
    pass(12_340);
    expect(await screen.findByText('now', { selector: 'b' })).toBeTruthy();
  });
});

describe('a record', () => {
  const file = () => new File(['{}'], 'record.json', { type: 'application/json' });
  const choose = (user: ReturnType<typeof setUp>['user']) =>
    user.upload(screen.getByTestId('open-record'), withText(file()));

  /** jsdom's files have no `text()`. */
  function withText(of: File): File {
    return Object.assign(of, { text: async () => '{}' });
  }

  it('is saved to a file', async () => {
    const { actions, user } = setUp();
    const made = vi.fn(() => 'blob:x');
    vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: made, revokeObjectURL: () => {} }));
    const pressed = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => {});
    await user.click(screen.getByRole('button', { name: 'Record' }));
    await user.click(screen.getByRole('menuitem', { name: 'Save this session to a file' }));
    await waitFor(() => expect(pressed).toHaveBeenCalledOnce());
    expect(actions.exportRecording).toHaveBeenCalledOnce();
    expect(made).toHaveBeenCalledOnce();
  });

  async function opened() {
    const other = createFakeLab();
    other.record(changeOf('connecting', 'open'));
    other.record(frameOf('in', { t: 'msg', body: 'from then' }));
    other.pass(60_000);
    other.record(changeOf('open', 'failed', { cause: { kind: 'ack timeout' } }));
    const view = setUp();
    view.actions.readRecording.mockResolvedValue({
      savedAt: other.actions.now(),
      url: 'wss://far.example/ws',
      events: eventsOf(other.log),
    });
    await choose(view.user);
    await screen.findByText('Record of wss://far.example/ws');
    return view;
  }

  it('is looked at as the live line is, and nothing can be done to it', async () => {
    const { show } = await opened();
    expect(screen.getByRole('img', { name: /It is failed/ })).toBeTruthy();
    expect(screen.queryByRole('tab', { name: 'Faults' })).toBeNull();
    await show('Frames');
    const list = screen.getByRole('listbox', { name: 'Frames' });
    await waitFor(() => expect(list.textContent).toContain('from then'));
  });

  it('is shown as it was at any moment', async () => {
    await opened();
    const position = screen.getByLabelText<HTMLInputElement>('Position in the record');
    fireEvent.change(position, { target: { value: position.min } });
    expect(await screen.findByRole('img', { name: /It is open/ })).toBeTruthy();
  });

  it('is left for the live line', async () => {
    const { user } = await opened();
    await user.click(screen.getByText('Back to the live line'));
    expect(screen.queryByText('Record of wss://far.example/ws')).toBeNull();
    expect(screen.getByRole('tab', { name: 'Faults' })).toBeTruthy();
  });

  it('that is none is refused, and said what is wrong with it', async () => {
    const { actions, user } = setUp();
    actions.readRecording.mockRejectedValue(
      new RecordingError({ kind: 'bad event', event: 4, field: 'at' }, 'not for people'),
    );
    await choose(user);
    expect((await screen.findByRole('alert')).textContent).toBe(
      'This record cannot be opened. In event 4, the field “at” makes no sense.',
    );
    actions.readRecording.mockRejectedValue(new RecordingError({ kind: 'not json' }, ''));
    await choose(user);
    await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('no JSON'));
  });

  it('that holds nothing leaves the live line in sight', async () => {
    const { actions, user } = setUp();
    actions.readRecording.mockResolvedValue({ savedAt: 0, url: '', events: [] });
    await choose(user);
    expect((await screen.findByRole('alert')).textContent).toBe('This record holds no events.');
    expect(screen.getByRole('tab', { name: 'Faults' })).toBeTruthy();
  });
});

describe('the tabs', () => {
  it('are moved by arrows, and are marked where something is changed', async () => {
    const { actions, user } = setUp();
    actions.setFaults({ delayMs: 100 });
    screen.getByRole('tab', { name: 'Line' }).focus();
    await user.keyboard('{ArrowLeft}');
    expect(screen.getByRole('tab', { name: 'Inside' }).getAttribute('aria-selected')).toBe('true');
    await user.keyboard('{Home}{ArrowRight}');
    expect(document.activeElement).toBe(screen.getByRole('tab', { name: 'Frames' }));
    expect(screen.getByRole('tab', { name: 'Faults' }).dataset.marked).toBe('true');
  });
});

describe('the panel', () => {
  it('goes by its button', async () => {
    const { onClose, user } = setUp();
    await user.click(screen.getByRole('button', { name: 'Close' }));
    expect(onClose).toHaveBeenCalledOnce();
  });
});
