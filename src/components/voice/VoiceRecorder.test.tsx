import { act, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { useComposerTarget } from '../../store/composerTarget';
import { installObjectUrls } from '../../testing/fakeFiles';
import { messageOf, type RenderChatOptions, renderChat } from '../../testing/renderChat';
import { FocusGuard } from '../FocusGuard';
import { SendForm } from '../SendForm';

/** A microphone and a recorder on it, which say nothing by themselves. */
class FakeTrack {
  isLive = true;
  onended: (() => void) | null = null;
  stop() {
    this.isLive = false;
  }
}

class FakeRecorder {
  static latest: FakeRecorder | undefined;
  static isTypeSupported = (type: string) => type.startsWith('audio/webm');
  state = 'inactive';
  ondataavailable: ((event: { data: Blob }) => void) | null = null;
  onstop: (() => void) | null = null;
  onerror: (() => void) | null = null;
  mimeType: string;
  constructor(
    readonly stream: unknown,
    { mimeType = '' }: { mimeType?: string },
  ) {
    this.mimeType = mimeType;
    FakeRecorder.latest = this;
  }
  start() {
    this.state = 'recording';
  }
  hear(sound = 'sound') {
    this.ondataavailable?.({ data: new Blob([sound]) });
  }
  stop() {
    this.state = 'inactive';
    this.hear();
    queueMicrotask(() => this.onstop?.());
  }
}

let tracks: FakeTrack[] = [];
const getUserMedia = vi.fn<() => Promise<unknown>>();
const isLive = () => tracks.some((track) => track.isLive);

beforeEach(() => {
  installObjectUrls();
  tracks = [];
  FakeRecorder.latest = undefined;
  getUserMedia.mockReset();
  getUserMedia.mockImplementation(async () => {
    const track = new FakeTrack();
    tracks.push(track);
    return { getTracks: () => [track] };
  });
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('MediaRecorder', FakeRecorder);
  Object.defineProperty(navigator, 'mediaDevices', {
    value: { getUserMedia },
    configurable: true,
  });
});

function Answer() {
  const { replyTo } = useComposerTarget();
  return (
    <button type="button" onClick={() => replyTo(messageOf(7))}>
      answer it
    </button>
  );
}

const setUp = ({ state, ...options }: RenderChatOptions = {}) =>
  renderChat(
    <main>
      <SendForm />
      <Answer />
      <FocusGuard />
    </main>,
    { ...options, state: { largestFileBytes: 25_000_000, ...state } },
  );
const recordButton = () => screen.queryByRole('button', { name: 'Record a voice note' });
const bar = () => screen.findByRole('group', { name: 'Recording' });
const field = () => screen.getByRole('textbox', { name: 'Message' });

/** Begins a recording, and waits until it runs. */
async function record(options?: RenderChatOptions) {
  const view = setUp(options);
  await view.user.click(recordButton() ?? document.body);
  await within(await bar()).findByRole('timer');
  return view;
}
const press = async (view: ReturnType<typeof setUp>, name: string) =>
  view.user.click(within(await bar()).getByRole('button', { name }));

/** Lets time pass, once all that was drawn has begun what it does. */
async function pass(ms: number) {
  await act(async () => {});
  await act(async () => void (await vi.advanceTimersByTimeAsync(ms)));
}

describe('a voice note', () => {
  it.each([
    ['outside of a secure context', () => vi.stubGlobal('isSecureContext', false)],
    ['without a recorder', () => Reflect.deleteProperty(window, 'MediaRecorder')],
    [
      'without microphones',
      () => Object.defineProperty(navigator, 'mediaDevices', { value: undefined }),
    ],
  ])('is not offered %s', (_, take) => {
    take();
    setUp();
    expect(recordButton()).toBeNull();
    expect(screen.getByRole('button', { name: 'Attach' })).toBeTruthy();
  });

  it('asks for the microphone in the place of the field, and shows how long it is', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    await record();
    expect(screen.queryByRole('textbox')).toBeNull();
    await pass(12_000);
    const [minutes, seconds] = (within(await bar()).getByRole('timer').textContent ?? '').split(
      ':',
    );
    // A busy machine may take longer, and never less.
    expect(Number(minutes) * 60 + Number(seconds)).toBeGreaterThanOrEqual(12);
    vi.useRealTimers();
  });

  it('is attached when it is stopped, named by its date, of the type that the browser gives', async () => {
    const view = await record();
    FakeRecorder.latest?.hear();
    await press(view, 'Stop');
    const [chip] = await screen.findAllByRole('listitem');
    expect(chip?.textContent).toMatch(/^Voice note \d{4}-\d\d-\d\d \d\d\.\d\d\.webm10 bytes$/);
    expect(isLive()).toBe(false);
    expect(document.activeElement).toBe(field());
    await view.user.keyboard('{Enter}');
    const [[files] = []] = view.actions.attach.mock.calls;
    expect(files?.[0]?.type).toBe('audio/webm');
  });

  it('is sent at once, as the answer that was begun, and leaves what is written', async () => {
    const view = setUp();
    await view.user.type(field(), 'half a thought');
    await view.user.click(screen.getByRole('button', { name: 'answer it' }));
    await view.user.click(recordButton() ?? document.body);
    await within(await bar()).findByRole('timer');
    await press(view, 'Send');
    await waitFor(() => expect(view.actions.attach).toHaveBeenCalledOnce());
    const [[files, body, replyTo] = []] = view.actions.attach.mock.calls;
    expect(files?.map(({ name }) => name)).toEqual([expect.stringMatching(/^Voice note .*webm$/)]);
    expect([body, replyTo]).toEqual(['', 7]);
    expect(screen.getByDisplayValue('half a thought')).toBeTruthy();
    expect(screen.queryByText('Replying to Bob')).toBeNull();
    expect(isLive()).toBe(false);
  });

  it('is given up by Cancel', async () => {
    const view = await record();
    await press(view, 'Cancel');
    expect(screen.queryByRole('group', { name: 'Recording' })).toBeNull();
    await waitFor(() => expect(isLive()).toBe(false));
    expect(screen.queryByRole('listitem')).toBeNull();
    expect(view.actions.attach).not.toHaveBeenCalled();
    expect(document.activeElement).toBe(field());
  });

  it('is kept by Escape, so that no key loses what was said', async () => {
    const view = await record();
    await view.user.keyboard('{Escape}');
    expect(await screen.findByRole('listitem')).toBeTruthy();
    expect(isLive()).toBe(false);
  });

  it('ends by itself after five minutes, is attached, and that is said', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    await record();
    await pass(5 * 60_000 + 200);
    vi.useRealTimers();
    expect(await screen.findByRole('listitem')).toBeTruthy();
    expect(screen.getByText(/longest note is five minutes/)).toBeTruthy();
    expect(isLive()).toBe(false);
  });

  it('ends with its microphone, and what was recorded is attached', async () => {
    await record();
    act(() => tracks[0]?.onended?.());
    expect(await screen.findByRole('listitem')).toBeTruthy();
    expect(screen.getByText(/The microphone is gone/)).toBeTruthy();
  });

  it.each([
    ['NotAllowedError', /may not use the microphone/],
    ['NotFoundError', /No microphone was found/],
    ['NotReadableError', /another program may have it/],
    ['TypeError', /Nothing could be recorded/],
  ])('says why there is none: %s', async (name, words) => {
    getUserMedia.mockRejectedValueOnce(new DOMException('no', name));
    const view = setUp();
    await view.user.click(recordButton() ?? document.body);
    expect((await within(await bar()).findByRole('alert')).textContent).toMatch(words);
    await press(view, 'Try again');
    expect(await within(await bar()).findByRole('timer')).toBeTruthy();
  });

  it('has the focus while it asks again, so that Escape still gives it up', async () => {
    getUserMedia.mockRejectedValueOnce(new DOMException('no', 'NotAllowedError'));
    getUserMedia.mockReturnValueOnce(new Promise(() => {}));
    const view = setUp();
    await view.user.click(recordButton() ?? document.body);
    await within(await bar()).findByRole('alert');
    await press(view, 'Try again');
    await waitFor(async () => expect((await bar()).contains(document.activeElement)).toBe(true));
    await view.user.keyboard('{Escape}');
    expect(screen.queryByRole('group', { name: 'Recording' })).toBeNull();
  });

  it('lets go of the microphone that it is given after it was given up', async () => {
    let give: (stream: unknown) => void = () => {};
    getUserMedia.mockReturnValueOnce(
      new Promise((resolve) => {
        give = resolve;
      }),
    );
    const view = setUp();
    await view.user.click(recordButton() ?? document.body);
    await within(await bar()).findByText('Waiting for the microphone…');
    await press(view, 'Cancel');
    const track = new FakeTrack();
    await act(async () => give({ getTracks: () => [track] }));
    expect(track.isLive).toBe(false);
  });

  it('lets go of the microphone when the recorder cannot begin, or the form is gone', async () => {
    const view = await record();
    view.unmount();
    await waitFor(() => expect(isLive()).toBe(false));
    vi.stubGlobal(
      'MediaRecorder',
      class extends FakeRecorder {
        override start(): void {
          throw new DOMException('no', 'NotSupportedError');
        }
      },
    );
    const other = setUp();
    await other.user.click(recordButton() ?? document.body);
    expect((await within(await bar()).findByRole('alert')).textContent).toMatch(/Nothing could be/);
    expect(isLive()).toBe(false);
  });
});
