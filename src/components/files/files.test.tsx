import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChatMessage, ShownFile, UploadState } from '../../store/chatStore';
import {
  ann,
  connectionOf,
  messageOf,
  ownMessage,
  type RenderChatOptions,
  renderChat,
} from '../../testing/renderChat';
import { navigationOf } from '../../testing/roomFakes';
import { Announcer } from '../Announcer';
import { FailedMessages } from '../FailedMessages';
import { FoundList } from '../FoundList';
import { MessageList } from '../MessageList';
import { PagePanels } from '../PagePanels';
import { RoomList } from '../RoomList';
import { RoomNavigationProvider } from '../roomNavigation';
import { SendForm } from '../SendForm';
import { boundsOf } from './Picture';

const open = connectionOf({ status: 'open' });
const url = new URL('/files/1', location.href).href;

const pictureOf = (name: string, fields: Partial<ShownFile> = {}): ShownFile => ({
  ...{ name, type: 'image/png', size: 42_000, width: 1600, height: 1200, hasPreview: true },
  ...fields,
});
const plainFile: ShownFile = {
  ...{ name: 'notes.pdf', type: 'application/pdf', size: 2_340_000, hasPreview: false },
};

const row = (id: string) => {
  const found = document.querySelector<HTMLElement>(`[data-message-id="${id}"]`);
  if (!found) throw new Error(`there is no row ${id}`);
  return within(found);
};
const imageIn = (id: string) => row(id).queryByRole<HTMLImageElement>('img');

function setUp(messages: ChatMessage[], { state, ...options }: RenderChatOptions = {}) {
  return renderChat(
    <>
      <MessageList />
      <PagePanels />
    </>,
    { ...options, state: { messages, isLoaded: true, connection: open, ...state } },
  );
}

describe('a picture', () => {
  it('is drawn at its own ratio, within bounds, and never too small to be pressed', () => {
    expect(boundsOf(1600, 1200)).toEqual({ width: 420, height: 315 });
    expect(boundsOf(1000, 4000)).toEqual({ width: 80, height: 320 });
    expect(boundsOf(200, 100)).toEqual({ width: 200, height: 100 });
    expect(boundsOf(5000, 50)).toEqual({ width: 420, height: 48 });
    expect(boundsOf(1, 1)).toEqual({ width: 48, height: 48 });
  });

  it('has its place before anything of it is loaded', () => {
    const { actions } = setUp([messageOf(1, { body: '', file: pictureOf('kettle.png') })]);
    actions.linkOf.mockReturnValue(new Promise(() => {}));
    const place = row('m1').getByRole('button', { name: 'kettle.png, by Bob' }).parentElement;
    expect(place?.style.aspectRatio).toBe('420 / 315');
    expect(imageIn('m1')).toBeNull();
  });

  it('is the small one in the conversation, and says what it is and whose', async () => {
    const { actions } = setUp([messageOf(1, { file: pictureOf('kettle.png') })]);
    await waitFor(() => expect(imageIn('m1')?.src).toBe(url));
    expect(imageIn('m1')?.alt).toBe('kettle.png, by Bob');
    expect(actions.linkOf).toHaveBeenCalledExactlyOnceWith(1, 'preview', undefined);
  });

  it('is whole where there is no small one', async () => {
    const { actions } = setUp([messageOf(1, { file: pictureOf('a.gif', { hasPreview: false }) })]);
    await waitFor(() =>
      expect(actions.linkOf).toHaveBeenCalledExactlyOnceWith(1, 'whole', undefined),
    );
  });

  it('is asked for once it comes into sight', async () => {
    let see = () => {};
    const disconnect = vi.fn();
    vi.stubGlobal('IntersectionObserver', function observe(tell: IntersectionObserverCallback) {
      const observer = { observe() {}, disconnect } as unknown as IntersectionObserver;
      see = () => tell([{ isIntersecting: true } as IntersectionObserverEntry], observer);
      return observer;
    });
    const { actions } = setUp([messageOf(1, { file: pictureOf('kettle.png') })]);
    expect(actions.linkOf).not.toHaveBeenCalled();
    act(() => see());
    await waitFor(() => expect(imageIn('m1')?.src).toBe(url));
    expect(disconnect).toHaveBeenCalled();
  });

  it('is had by a new link where the first one has ended', async () => {
    const { actions } = setUp([messageOf(1, { file: pictureOf('kettle.png') })]);
    await waitFor(() => expect(imageIn('m1')).not.toBeNull());
    actions.linkOf.mockResolvedValue(`${url}?newer`);
    fireEvent.error(imageIn('m1') ?? document.body);
    await waitFor(() => expect(imageIn('m1')?.src).toBe(`${url}?newer`));
    // The first one is not to be given again, whoever remembers it.
    expect(actions.linkOf).toHaveBeenLastCalledWith(1, 'preview', url);
    expect(row('m1').queryByRole('alert')).toBeNull();
  });

  it('of a server elsewhere, which the page may not load from, is fetched and shown as its own', async () => {
    const made = ['blob:1', 'blob:2'];
    const revoked = vi.spyOn(URL, 'revokeObjectURL').mockReturnValue();
    vi.spyOn(URL, 'createObjectURL').mockImplementation(() => made.shift() ?? 'none');
    const fetched = vi.fn(async () => new Response('a picture'));
    vi.stubGlobal('fetch', fetched);
    const { actions, set } = setUp([]);
    actions.linkOf.mockResolvedValue('https://elsewhere.example/files/1');
    set({ messages: [messageOf(1, { file: pictureOf('kettle.png') })] });
    await waitFor(() => expect(imageIn('m1')?.src).toBe('blob:1'));
    expect(fetched).toHaveBeenCalledExactlyOnceWith(
      'https://elsewhere.example/files/1',
      expect.objectContaining({ credentials: 'omit' }),
    );
    expect(revoked).not.toHaveBeenCalled();
    set({ messages: [] });
    expect(revoked).toHaveBeenCalledExactlyOnceWith('blob:1');
  });

  it('of a server elsewhere that does not give it says so, and is fetched again', async () => {
    vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:1');
    vi.spyOn(URL, 'revokeObjectURL').mockReturnValue();
    const fetched = vi.fn(async () => new Response('gone', { status: 404 }));
    vi.stubGlobal('fetch', fetched);
    const { actions, set, user } = setUp([]);
    actions.linkOf.mockResolvedValue('https://elsewhere.example/files/1');
    set({ messages: [messageOf(1, { file: pictureOf('kettle.png') })] });
    await row('m1').findByRole('alert');
    expect(fetched).toHaveBeenCalledTimes(2);
    fetched.mockImplementation(async () => new Response('a picture'));
    await user.click(row('m1').getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(imageIn('m1')?.src).toBe('blob:1'));
  });

  it('that cannot be loaded says so, and is tried again when somebody wants it', async () => {
    const { actions, user } = setUp([messageOf(1, { file: pictureOf('kettle.png') })]);
    for (const times of [1, 2]) {
      await waitFor(() => expect(actions.linkOf).toHaveBeenCalledTimes(times));
      fireEvent.error(await row('m1').findByRole('img'));
    }
    expect((await row('m1').findByRole('alert')).textContent).toBe('Could not be loaded.');
    await user.click(row('m1').getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(imageIn('m1')?.src).toBe(url));
    expect(row('m1').queryByRole('alert')).toBeNull();
    expect(actions.linkOf).toHaveBeenCalledTimes(3);
    expect(actions.linkOf).toHaveBeenLastCalledWith(1, 'preview', url);
  });

  it('waits for the line, and is tried again when that is back', async () => {
    const lost = { connection: connectionOf({ status: 'waiting' }) };
    const { actions, set } = setUp([messageOf(1, { file: pictureOf('kettle.png') })], {
      state: lost,
    });
    expect(actions.linkOf).not.toHaveBeenCalled();
    actions.linkOf.mockRejectedValueOnce(new Error('the line is lost'));
    set({ connection: open });
    await row('m1').findByRole('alert');
    set(lost);
    set({ connection: open });
    await waitFor(() => expect(imageIn('m1')?.src).toBe(url));
    expect(row('m1').queryByRole('alert')).toBeNull();
  });

  it('of one’s own is shown from here until the room’s is there', async () => {
    const upload: UploadState = { status: 'sending', have: 1, size: 42_000, picture: 'blob:own' };
    const file = pictureOf('kettle.png');
    const { set } = setUp([ownMessage('m1', { body: '', file, upload, state: 'queued' })]);
    expect(imageIn('m1')?.src).toBe('blob:own');
    set({ messages: [messageOf(1, { id: 'm1', author: ann, body: '', file })] });
    await waitFor(() => expect(row('m1').getAllByRole('img')).toHaveLength(2));
    const [own, sent] = row('m1').getAllByRole<HTMLImageElement>('img');
    expect(own?.src).toBe('blob:own');
    fireEvent.load(sent ?? document.body);
    expect(imageIn('m1')?.src).toBe(url);
  });

  it.each(['image/svg+xml', 'text/html', 'image/tiff'])(
    'is never what may hold more than a picture: %s is a file to be saved',
    async (type) => {
      setUp([messageOf(1, { file: pictureOf('kettle.svg', { type }) })]);
      expect(row('m1').getByRole('button', { name: 'Download kettle.svg' })).toBeTruthy();
      expect(imageIn('m1')).toBeNull();
    },
  );
});

describe('a picture that is shown large', () => {
  const pictures = [
    messageOf(1, { file: pictureOf('first.png') }),
    messageOf(2),
    messageOf(3, { author: ann, file: pictureOf('second.png') }),
    messageOf(4, { file: plainFile }),
    messageOf(5, { file: pictureOf('third.png') }),
  ];
  const dialog = (name: string) => screen.findByRole('dialog', { name });

  it('is opened by its button, whole, and closed by Escape, which leads back to it', async () => {
    const { user, actions } = setUp(pictures);
    const button = row('m3').getByRole('button', { name: 'second.png, by Ann' });
    await user.click(button);
    const shown = within(await dialog('second.png'));
    expect((await shown.findByRole('img', { name: 'second.png, by Ann' })).tagName).toBe('IMG');
    expect(actions.linkOf).toHaveBeenCalledWith(3, 'whole', undefined);
    expect(document.activeElement).toBe(shown.getByRole('button', { name: 'Close' }));
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(document.activeElement).toBe(button);
  });

  it('goes on to the next picture of the room by arrows, over all else that was said', async () => {
    const { user } = setUp(pictures);
    await user.click(row('m3').getByRole('button', { name: 'second.png, by Ann' }));
    await dialog('second.png');
    await user.keyboard('{ArrowRight}');
    await dialog('third.png');
    await user.keyboard('{ArrowRight}{ArrowLeft}{ArrowLeft}');
    await dialog('first.png');
    await user.click(screen.getByRole('button', { name: 'Next picture' }));
    await dialog('second.png');
    await user.click(screen.getByRole('button', { name: 'Previous picture' }));
    await dialog('first.png');
    const previous = screen.getByRole('button', { name: 'Previous picture' });
    expect(previous.getAttribute('aria-disabled')).toBe('true');
  });

  it('says so when its message is deleted meanwhile', async () => {
    const { user, set } = setUp(pictures);
    await user.click(row('m1').getByRole('button', { name: 'first.png, by Bob' }));
    await dialog('first.png');
    set({ messages: pictures.slice(1) });
    expect(within(await dialog('Picture')).getByRole('alert').textContent).toMatch(/is gone/);
  });

  it('is another room’s no longer once that is open', async () => {
    const { user, set } = setUp(pictures);
    await user.click(row('m1').getByRole('button', { name: 'first.png, by Bob' }));
    await dialog('first.png');
    set({ room: 'kitchen', messages: [] });
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});

describe('a file that is no picture', () => {
  it('is saved under its name by a link that is fresh', async () => {
    const clicked: HTMLAnchorElement[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (
      this: HTMLAnchorElement,
    ) {
      clicked.push(this);
    });
    const { user, actions } = setUp([messageOf(1, { body: '', file: plainFile })]);
    expect(row('m1').getByText('2.3 MB')).toBeTruthy();
    expect(actions.linkOf).not.toHaveBeenCalled();
    await user.click(row('m1').getByRole('button', { name: 'Download notes.pdf' }));
    expect(actions.linkOf).toHaveBeenCalledExactlyOnceWith(1, 'whole');
    expect(clicked.map(({ href, download }) => ({ href, download }))).toEqual([
      { href: url, download: 'notes.pdf' },
    ]);
  });

  it('says where it cannot be had', async () => {
    const { user, actions } = setUp([messageOf(1, { file: plainFile })]);
    actions.linkOf.mockRejectedValue(new Error('the line is lost'));
    await user.click(row('m1').getByRole('button', { name: 'Download notes.pdf' }));
    expect((await row('m1').findByRole('alert')).textContent).toBe('Could not be loaded.');
  });

  it('has its text below it, and no text to be copied where it has none', () => {
    setUp([
      messageOf(1, { body: '', file: plainFile }),
      messageOf(2, { body: 'the minutes', file: plainFile }),
    ]);
    expect(row('m2').getByText('the minutes').dataset.part).toBe('body');
    act(() => document.querySelector<HTMLElement>('[data-message-id="m1"]')?.focus());
    expect(row('m1').queryByRole('button', { name: 'Copy text' })).toBeNull();
    expect(row('m1').getByRole('button', { name: 'Reply' })).toBeTruthy();
  });

  it('is a film where browsers play it, of which only the beginning is loaded', async () => {
    const film = { ...plainFile, name: 'tea.mp4', type: 'video/mp4' };
    setUp([messageOf(1, { file: film })]);
    const video = await waitFor(() => {
      const found = document.querySelector('video');
      if (!found) throw new Error('there is no film');
      return found;
    });
    expect(video.getAttribute('src')).toBe(url);
    expect(video.preload).toBe('metadata');
    expect(video.controls).toBe(true);
    expect(row('m1').getByRole('button', { name: 'Download tea.mp4' })).toBeTruthy();
  });
});

describe('a sound', () => {
  const sound = { ...plainFile, name: 'note.webm', type: 'audio/webm' };

  beforeEach(() => {
    vi.spyOn(HTMLMediaElement.prototype, 'play').mockImplementation(async function (
      this: HTMLMediaElement,
    ) {
      Object.defineProperty(this, 'paused', { value: false, configurable: true });
      fireEvent.play(this);
    });
    vi.spyOn(HTMLMediaElement.prototype, 'pause').mockImplementation(function (
      this: HTMLMediaElement,
    ) {
      if (this.paused) return;
      Object.defineProperty(this, 'paused', { value: true, configurable: true });
      fireEvent.pause(this);
    });
  });

  async function player(...messages: ChatMessage[]) {
    const view = setUp(messages);
    const audios = await waitFor(() => {
      const found = [...document.querySelectorAll('audio')];
      expect(found).toHaveLength(messages.length);
      return found;
    });
    return { ...view, audios, audio: audios[0] ?? document.createElement('audio') };
  }

  /** It is known how long it is, in seconds. */
  function tellDuration(audio: HTMLAudioElement, duration: number) {
    Object.defineProperty(audio, 'duration', { value: duration, configurable: true });
    fireEvent(audio, new Event('durationchange'));
    fireEvent.loadedMetadata(audio);
  }

  it('is played and stopped, and says where it stands', async () => {
    const { user, audio } = await player(messageOf(1, { body: '', file: sound }));
    tellDuration(audio, 75);
    expect(row('m1').getByText('1:15')).toBeTruthy();
    await user.click(row('m1').getByRole('button', { name: 'Play' }));
    audio.currentTime = 12;
    fireEvent.timeUpdate(audio);
    const position = row('m1').getByRole('slider', { name: 'Position' });
    expect(position.getAttribute('aria-valuetext')).toBe('0:12 of 1:15');
    await user.click(row('m1').getByRole('button', { name: 'Pause' }));
    expect(row('m1').getByRole('button', { name: 'Play' })).toBeTruthy();
  });

  it('is gone through by its slider', async () => {
    const { audio } = await player(messageOf(1, { file: sound }));
    tellDuration(audio, 75);
    fireEvent.change(row('m1').getByRole('slider'), { target: { value: '30' } });
    expect(audio.currentTime).toBe(30);
  });

  it('is quiet once another is played', async () => {
    const { user, audios } = await player(
      messageOf(1, { file: sound }),
      messageOf(2, { file: sound }),
    );
    await user.click(row('m1').getByRole('button', { name: 'Play' }));
    await user.click(row('m2').getByRole('button', { name: 'Play' }));
    expect(audios.map(({ paused }) => paused)).toEqual([true, false]);
  });

  it('that does not say how long it is, as recordings do not, is measured at its end', async () => {
    const { audio } = await player(messageOf(1, { file: sound }));
    Object.defineProperty(audio, 'duration', {
      value: Number.POSITIVE_INFINITY,
      configurable: true,
    });
    fireEvent.loadedMetadata(audio);
    expect(audio.currentTime).toBeGreaterThan(1_000_000);
    tellDuration(audio, 7);
    expect(audio.currentTime).toBe(0);
    expect(row('m1').getByText('0:07')).toBeTruthy();
  });

  it('goes on where it was when its link has ended while it played', async () => {
    const { user, audio, actions } = await player(messageOf(1, { file: sound }));
    tellDuration(audio, 75);
    await user.click(row('m1').getByRole('button', { name: 'Play' }));
    audio.currentTime = 12;
    fireEvent.timeUpdate(audio);
    actions.linkOf.mockResolvedValue(`${url}?newer`);
    fireEvent.error(audio);
    const next = await waitFor(() => {
      const found = document.querySelector('audio');
      expect(found?.src).toBe(`${url}?newer`);
      return found ?? document.createElement('audio');
    });
    tellDuration(next, 75);
    expect(next.currentTime).toBe(12);
    expect(next.paused).toBe(false);
  });
});

describe('a file on its way', () => {
  const uploading = (upload: Partial<UploadState>, fields: Partial<ChatMessage> = {}) =>
    ownMessage('up', {
      body: '',
      state: 'queued',
      file: { ...plainFile, size: 20_000_000 },
      upload: { status: 'sending', have: 3_210_000, size: 20_000_000, ...upload },
      ...fields,
    });

  it('shows how far it is, in a bar and in words', () => {
    setUp([uploading({})]);
    const bar = row('up').getByRole('progressbar', { name: 'Sending notes.pdf' });
    expect(bar.getAttribute('aria-valuetext')).toBe('3.2 of 20 MB');
    expect(bar.getAttribute('aria-valuenow')).toBe('3210000');
    expect(bar.getAttribute('aria-valuemax')).toBe('20000000');
    expect(row('up').getByText('3.2 of 20 MB')).toBeTruthy();
    expect(document.querySelector('[data-message-id="up"]')?.getAttribute('data-state')).toBe(
      'queued',
    );
  });

  it.each([
    ['preparing', open, 'Getting ready…'],
    ['waiting', open, 'Waiting for its turn'],
    ['paused', open, 'Paused · 3.2 of 20 MB'],
    ['sending', connectionOf({ status: 'waiting' }), 'Waiting for the line'],
  ] as const)('says what it waits for: %s', (status, connection, words) => {
    setUp([uploading({ status })], { state: { connection } });
    expect(row('up').getByText(words)).toBeTruthy();
  });

  it('is paused, goes on, and is given up', async () => {
    const { user, actions, set } = setUp([uploading({})]);
    await user.click(row('up').getByRole('button', { name: 'Pause' }));
    expect(actions.pauseUpload).toHaveBeenCalledExactlyOnceWith('up');
    set({ messages: [uploading({ status: 'paused' })] });
    await user.click(row('up').getByRole('button', { name: 'Continue' }));
    expect(actions.continueUpload).toHaveBeenCalledExactlyOnceWith('up');
    await user.click(row('up').getByRole('button', { name: 'Cancel' }));
    expect(actions.remove).toHaveBeenCalledExactlyOnceWith('up');
  });

  it.each([
    ['of unknown size', { width: undefined, height: undefined }],
    ['of a known one', {}],
  ])('that is a picture %s which this browser cannot show is a file by its sign', (_, fields) => {
    const upload: UploadState = { status: 'sending', have: 1, size: 42_000, picture: 'blob:own' };
    const file = pictureOf('kettle.avif', { type: 'image/avif', ...fields });
    setUp([ownMessage('m1', { body: '', file, upload, state: 'queued' })]);
    const image = document.querySelector('[data-message-id="m1"] img');
    expect(image).not.toBeNull();
    fireEvent.error(image ?? document.body);
    expect(document.querySelector('[data-message-id="m1"] img')).toBeNull();
    expect(document.querySelector('[data-message-id="m1"] [data-kind]')?.textContent).toBe(
      'kettle.avif42 kB',
    );
  });

  it('that the server refused says what may be wrong with it, and offers nothing that cannot help', () => {
    const failed = (id: string, code: string) =>
      ownMessage(id, {
        ...{ body: '', state: 'failed', file: plainFile },
        failure: { code, message: 'in the words of the server' },
      });
    setUp([failed('m1', 'file_refused'), failed('m2', 'no_room_for_files')]);
    expect(row('m1').getByText(/too many pixels, or it has changed/)).toBeTruthy();
    expect(row('m1').queryByRole('button', { name: 'Retry' })).toBeNull();
    expect(row('m1').getByRole('button', { name: 'Delete' })).not.toBeNull();
    expect(row('m2').getByRole('button', { name: 'Retry' })).not.toBeNull();
  });

  it('that failed says why, and waits for a decision', async () => {
    const failure = { code: 'no_room_for_files', message: 'full' };
    const { user, actions } = setUp([
      uploading({ status: 'failed' }, { state: 'failed', failure }),
    ]);
    expect(
      row('up').getByText(/Not sent: There is no room for more files on the server/),
    ).toBeTruthy();
    expect(row('up').queryByRole('progressbar')).toBeNull();
    await user.click(row('up').getByRole('button', { name: 'Retry' }));
    expect(actions.retry).toHaveBeenCalledExactlyOnceWith('up');
    await user.click(row('up').getByRole('button', { name: 'Delete' }));
    expect(actions.remove).toHaveBeenCalledExactlyOnceWith('up');
  });

  it('that has arrived leaves the message on its own way', () => {
    setUp([uploading({ have: 20_000_000 }, { state: 'sending' })]);
    expect(row('up').queryByRole('progressbar')).toBeNull();
    expect(row('up').getByText('Sending')).toBeTruthy();
  });
});

describe('a message of a file alone', () => {
  it('is quoted by the file’s name', () => {
    const file = pictureOf('kettle.png');
    setUp([messageOf(2, { replyTo: { seq: 1, author: ann, body: '', file } })]);
    expect(row('m2').getByTitle('Show the message').textContent).toMatch(
      /Ann Picture: kettle\.png/,
    );
  });

  it('is answered under the file’s name', async () => {
    const view = renderChat(
      <>
        <MessageList />
        <SendForm />
      </>,
      { state: { messages: [messageOf(1, { body: '', file: plainFile })], isLoaded: true } },
    );
    act(() => document.querySelector<HTMLElement>('[data-message-id="m1"]')?.focus());
    await view.user.click(row('m1').getByRole('button', { name: 'Reply' }));
    expect(screen.getByText('Replying to Bob').parentElement?.textContent).toBe(
      'Replying to BobFile: notes.pdf',
    );
  });

  it('is what was said last in its room', () => {
    const messages = [messageOf(1, { body: '', file: plainFile })];
    renderChat(
      <RoomNavigationProvider value={navigationOf({})}>
        <RoomList />
      </RoomNavigationProvider>,
      { state: { messages, isLoaded: true } },
    );
    expect(screen.getByRole('link', { name: /Bob:\s*File:\s*notes\.pdf/ })).toBeTruthy();
  });

  it('is read out by the file’s name', () => {
    const first = messageOf(1);
    const { set } = renderChat(<Announcer />, { state: { messages: [first], isLoaded: true } });
    set({ messages: [first, messageOf(2, { body: '', file: plainFile })] });
    expect(screen.getByText('Bob: File: notes.pdf')).toBeTruthy();
  });

  it('is among what was found', () => {
    const found = [messageOf(1, { body: '', file: plainFile })];
    renderChat(<FoundList found={found} text="notes" onGoTo={() => {}} />);
    expect(screen.getByRole('button', { name: /File:\s*notes\.pdf/ })).toBeTruthy();
  });

  it('is told of by it where it could not be sent', () => {
    const failure = { code: 'file_too_large', message: 'x' };
    const failed = ownMessage('x', { body: '', state: 'failed', failure, file: plainFile });
    renderChat(<FailedMessages count={1} onClose={() => {}} />, { state: { messages: [failed] } });
    const [item] = screen.getAllByRole('listitem');
    expect(item?.textContent).toMatch(/File: notes\.pdf.*larger than the server takes/);
    expect(screen.queryByRole('button', { name: 'Retry' })).toBeNull();
  });
});
