import { act, createEvent, fireEvent, screen, waitFor } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChatMessage, UntakenFile } from '../../store/chatStore';
import { useComposerTarget } from '../../store/composerTarget';
import { fileOf, installFileReading, installObjectUrls, transferOf } from '../../testing/fakeFiles';
import {
  messageOf,
  ownMessage,
  type RenderChatOptions,
  renderChat,
} from '../../testing/renderChat';
import { SendForm } from '../SendForm';

const field = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message' });
const attachButton = () => screen.queryByRole('button', { name: 'Attach' });
const chips = () => screen.queryAllByRole('listitem').map(({ textContent }) => textContent);
const photo = fileOf('photo.png', { type: 'image/png', bytes: 2_000 });
const notes = fileOf('notes.txt', { bytes: 312 });

let objectUrls = new Set<string>();

beforeEach(() => {
  objectUrls = installObjectUrls();
  installFileReading();
});

function Targets({ message }: { message: ChatMessage }) {
  const { replyTo, edit } = useComposerTarget();
  return (
    <>
      <button type="button" onClick={() => replyTo(message)}>
        answer it
      </button>
      <button type="button" onClick={() => edit(message)}>
        change it
      </button>
    </>
  );
}

function setUp({ state, ...options }: RenderChatOptions = {}, message = messageOf(7)) {
  const view = renderChat(
    <>
      <main>
        <p>the conversation</p>
        <SendForm />
      </main>
      <aside>
        <input aria-label="elsewhere" />
        <Targets message={message} />
      </aside>
    </>,
    { ...options, state: { largestFileBytes: 25_000_000, ...state } },
  );
  const choose = (...files: File[]) =>
    fireEvent.change(
      view.container.querySelector('input[type="file"]') ?? document.createElement('input'),
      { target: { files } },
    );
  return { ...view, choose };
}

describe('where no files may be sent', () => {
  it('nothing offers it, and a file that is pasted or dropped does nothing', () => {
    setUp({ state: { largestFileBytes: undefined } });
    expect(attachButton()).toBeNull();
    fireEvent.paste(field(), { clipboardData: transferOf([photo]) });
    fireEvent.drop(screen.getByRole('main'), { dataTransfer: transferOf([photo]) });
    expect(chips()).toEqual([]);
  });
});

describe('what is attached', () => {
  it('is shown with its name and size until it is sent, and can be taken away again', async () => {
    const { choose, user } = setUp();
    choose(photo, notes);
    expect(chips()).toEqual(['photo.png2 kB', 'notes.txt312 bytes']);
    expect(objectUrls.size).toBe(1);
    await user.click(screen.getByRole('button', { name: 'Remove photo.png' }));
    expect(chips()).toEqual(['notes.txt312 bytes']);
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Remove notes.txt' }));
    expect(objectUrls.size).toBe(0);
    await user.keyboard('{Enter}');
    expect(chips()).toEqual([]);
    expect(document.activeElement).toBe(field());
  });

  it('is added to what is attached already, the same file too', () => {
    const { choose } = setUp();
    choose(photo);
    choose(photo, notes);
    expect(chips()).toHaveLength(3);
  });

  it('is sent by Enter with the text as its caption, to what is answered', async () => {
    const { choose, user, actions } = setUp();
    await user.click(screen.getByRole('button', { name: 'answer it' }));
    choose(photo, notes);
    await user.type(field(), 'The kettle{Enter}');
    expect(actions.attach).toHaveBeenCalledExactlyOnceWith([photo, notes], 'The kettle', 7);
    expect(actions.send).not.toHaveBeenCalled();
    expect(field().value).toBe('');
    expect(chips()).toEqual([]);
    expect(screen.queryByText('Replying to Bob')).toBeNull();
  });

  it.each(['', '   '])('is sent by the button with no text at all: “%s”', async (blank) => {
    const { choose, user, actions } = setUp();
    choose(photo);
    if (blank) await user.type(field(), blank);
    await user.click(screen.getByRole('button', { name: 'Send' }));
    expect(actions.attach).toHaveBeenCalledExactlyOnceWith([photo], '', undefined);
    expect(field().value).toBe('');
  });

  it('waits while the text is too long', async () => {
    const { choose, user, actions } = setUp();
    choose(photo);
    fireEvent.change(field(), { target: { value: 'x'.repeat(10_001) } });
    await user.click(screen.getByRole('button', { name: 'Send' }));
    expect(actions.attach).not.toHaveBeenCalled();
    expect(chips()).toHaveLength(1);
  });

  it('is each room’s own, as the draft is', () => {
    const { choose, set } = setUp();
    choose(photo);
    set({ room: 'kitchen' });
    expect(chips()).toEqual([]);
    set({ room: 'lobby' });
    expect(chips()).toHaveLength(1);
  });

  it('waits while a message is changed, to which nothing can be attached', async () => {
    const { choose, user, actions } = setUp({}, ownMessage('mine', { body: 'old' }));
    choose(photo);
    await user.click(screen.getByRole('button', { name: 'change it' }));
    expect(attachButton()).toBeNull();
    expect(chips()).toEqual([]);
    await user.type(field(), ' and new{Enter}');
    expect(actions.edit).toHaveBeenCalledExactlyOnceWith('mine', 'old and new');
    expect(actions.attach).not.toHaveBeenCalled();
    expect(chips()).toHaveLength(1);
  });
});

describe('the name of what is attached', () => {
  it('is the one that it will be sent under: none looks like what it is not', () => {
    const { choose } = setUp();
    choose(fileOf('a\0b\u202egpj.exe'));
    expect(chips()).toEqual(['a_b_gpj.exe3 bytes']);
    expect(screen.getByRole('button', { name: 'Remove a_b_gpj.exe' })).not.toBeNull();
  });

  it('is that one too where it is refused', () => {
    const { choose } = setUp();
    choose(fileOf('\u202egpj.exe', { bytes: 0 }));
    expect(screen.getByRole('alert').textContent).toBe('“_gpj.exe” is empty.');
  });
});

describe('a picture of which not only its pixels go', () => {
  const telling = 'The picture may say where and when it was taken.';

  it.each([
    ['photo.heic', '\0\0\0\x18ftypheic\0\0\0\0mif1heic'],
    ['photo.jpg', 'II*\0\x08\0\0\0'],
  ])('says so before it is sent, by its bytes: %s', async (name, bytes) => {
    const { choose } = setUp();
    choose(new File([bytes], name));
    expect(await screen.findByText(telling)).not.toBeNull();
    expect(screen.getByRole('status').textContent).toBe(telling);
  });

  it('is no other, whatever that is called', async () => {
    const { choose } = setUp();
    const read = vi.spyOn(Blob.prototype, 'slice');
    choose(new File(['a text'], 'photo.heic', { type: 'image/heic' }));
    await waitFor(() => expect(read).toHaveBeenCalled());
    await act(async () => {});
    expect(screen.queryByText(telling)).toBeNull();
  });
});

describe('a picture that this browser cannot show', () => {
  it('is a file by its sign', () => {
    const { choose, container } = setUp();
    choose(photo);
    const thumb = container.querySelector('li img');
    fireEvent.error(thumb ?? document.body);
    expect(container.querySelector('li img')).toBeNull();
    expect(chips()).toEqual(['photo.png2 kB']);
  });
});

describe('a file that cannot be sent', () => {
  it('is refused when it is attached, and why is said', () => {
    const { choose } = setUp({ state: { largestFileBytes: 1_000 } });
    choose(photo, notes, fileOf('empty.txt', { bytes: 0 }));
    expect(chips()).toEqual(['notes.txt312 bytes']);
    expect(screen.getByRole('alert').textContent).toBe(
      '“photo.png” is too large: a file has at most 1 kB here.“empty.txt” is empty.',
    );
  });

  it('is told of until that was read, or something else is attached', async () => {
    const { choose, user } = setUp();
    choose(fileOf('empty.txt', { bytes: 0 }));
    await user.click(screen.getByRole('button', { name: 'Close' }));
    expect(screen.queryByRole('alert')).toBeNull();
    choose(fileOf('empty.txt', { bytes: 0 }));
    choose(notes);
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('is one of more than there may be', () => {
    const { choose } = setUp();
    choose(...Array.from({ length: 23 }, (_, index) => fileOf(`${index}.txt`)));
    expect(chips()).toHaveLength(20);
    expect(screen.getByRole('alert').textContent).toBe(
      'At most 20 files at a time: “20.txt”, “21.txt” and 1 other were not attached.',
    );
  });

  async function sendUntaken(untaken: UntakenFile[], ...files: File[]) {
    const view = setUp();
    view.actions.attach.mockResolvedValue(untaken);
    view.choose(...files);
    await view.user.type(field(), 'caption{Enter}');
    await screen.findByRole('alert');
    return view;
  }

  it('is told of when that is found out only as it is sent', async () => {
    await sendUntaken([{ name: 'notes.txt', why: 'unreadable' }], photo, notes);
    expect(screen.getByRole('alert').textContent).toContain('“notes.txt” could not be read.');
    expect(chips()).toEqual([]);
    expect(field().value).toBe('');
  });

  it('stays attached where others have to leave first', async () => {
    await sendUntaken([{ name: 'notes.txt', why: 'too many' }], photo, notes);
    expect(screen.getByRole('alert').textContent).toContain('“notes.txt” stays here');
    expect(chips()).toEqual(['notes.txt312 bytes']);
  });

  it('leaves the text to be sent in another way, unless something else was written since', async () => {
    await sendUntaken([{ name: 'notes.txt', why: 'unreadable' }], notes);
    expect(field().value).toBe('caption');
  });

  it('is attached still where what sends files cannot be had', async () => {
    const { choose, user, actions } = setUp();
    actions.attach.mockRejectedValue(new Error('not loaded'));
    choose(notes);
    await user.type(field(), 'caption{Enter}');
    expect((await screen.findByRole('alert')).textContent).toContain('could not be sent yet');
    expect(chips()).toEqual(['notes.txt312 bytes']);
    expect(field().value).toBe('caption');
  });

  it('does not take the place of what was written meanwhile', async () => {
    const { choose, user, actions } = setUp();
    let answer: (untaken: UntakenFile[]) => void = () => {};
    actions.attach.mockReturnValue(
      new Promise((resolve) => {
        answer = resolve;
      }),
    );
    choose(notes);
    await user.type(field(), 'caption{Enter}next');
    await act(async () => answer([{ name: 'notes.txt', why: 'unreadable' }]));
    await screen.findByRole('alert');
    expect(field().value).toBe('next');
  });
});

describe('a paste', () => {
  /** Pastes, and tells whether the browser is to put its text into the field. */
  const paste = (
    target: Element,
    files: readonly File[],
    texts: Record<string, string> = {},
  ): { isText: boolean } => ({
    isText: fireEvent.paste(target, { clipboardData: transferOf(files, texts) }),
  });

  it('of files attaches them, wherever on the page it is made', () => {
    setUp();
    expect(paste(field(), [notes]).isText).toBe(false);
    expect(paste(document.body, [notes]).isText).toBe(false);
    expect(chips()).toHaveLength(2);
  });

  it('of a picture without a name names it by the moment', () => {
    setUp();
    paste(field(), [fileOf('image.png', { type: 'image/png' })]);
    expect(chips()[0]).toMatch(/^Picture \d{4}-\d\d-\d\d \d\d\.\d\d\.png/);
  });

  it.each([
    ['a text', [], { 'text/plain': 'hello' }],
    [
      'cells of a spreadsheet, which bring a picture of themselves',
      [photo],
      { 'text/plain': '1\t2', 'text/html': '<table><tr><td>1<td>2</table>' },
    ],
    [
      'a text with a picture in it',
      [photo],
      { 'text/plain': 'look', 'text/html': 'look <img src="https://x.example/a.png">' },
    ],
  ])('of %s stays a text', (_, files, texts) => {
    setUp();
    expect(paste(field(), files, texts).isText).toBe(true);
    expect(chips()).toEqual([]);
  });

  it.each([
    ['its name', { 'text/plain': 'photo.png' }],
    ['its path', { 'text/plain': 'file:///home/ann/photo.png' }],
    [
      'the markup of a picture',
      {
        'text/plain': 'https://x.example/photo.png',
        'text/html': '<meta charset="utf-8"><img src="https://x.example/photo.png">',
      },
    ],
  ])('of a file whose text is only %s attaches it', (_, texts) => {
    setUp();
    expect(paste(field(), [photo], texts).isText).toBe(false);
    expect(chips()).toEqual(['photo.png2 kB']);
  });

  it('into another field is not for the conversation', () => {
    setUp();
    expect(paste(screen.getByRole('textbox', { name: 'elsewhere' }), [photo]).isText).toBe(true);
    expect(chips()).toEqual([]);
  });
});

describe('a drag of files over the page', () => {
  const target = () => screen.queryByText('Drop to attach');
  const said = () => screen.getByText('the conversation');

  /** Leaves for another element, or for nowhere. */
  function leave(relatedTarget: Element | null) {
    const event = createEvent.dragLeave(said());
    Object.defineProperty(event, 'relatedTarget', { value: relatedTarget });
    fireEvent(said(), event);
  }

  it('draws a target over the conversation, until it leaves', () => {
    setUp();
    fireEvent.dragEnter(said(), { dataTransfer: transferOf([photo]) });
    expect(target()).not.toBeNull();
    leave(field());
    expect(target()).not.toBeNull();
    leave(null);
    expect(target()).toBeNull();
  });

  it('attaches what is dropped on it', () => {
    setUp();
    fireEvent.dragEnter(said(), { dataTransfer: transferOf([photo]) });
    fireEvent.drop(said(), { dataTransfer: transferOf([photo]) });
    expect(target()).toBeNull();
    expect(chips()).toEqual(['photo.png2 kB']);
  });

  it('does nothing beside it, and opens nothing in the place of the page', () => {
    setUp();
    const beside = screen.getByRole('complementary');
    expect(fireEvent.dragOver(beside, { dataTransfer: transferOf([photo]) })).toBe(false);
    expect(fireEvent.drop(beside, { dataTransfer: transferOf([photo]) })).toBe(false);
    expect(chips()).toEqual([]);
  });

  it('that holds a folder says what cannot be sent', () => {
    setUp();
    const dataTransfer = {
      ...transferOf([fileOf('Holiday', { bytes: 4_096 }), photo]),
      items: [{ webkitGetAsEntry: () => ({ isDirectory: true, name: 'Holiday' }) }],
    };
    fireEvent.drop(said(), { dataTransfer });
    expect(chips()).toEqual(['photo.png2 kB']);
    expect(screen.getByRole('alert').textContent).toContain('“Holiday” could not be read.');
  });

  it('is left to the browser where it holds none, or began on the page itself', () => {
    setUp();
    const text = transferOf([], { 'text/plain': 'x' });
    expect(fireEvent.dragOver(said(), { dataTransfer: text })).toBe(true);
    fireEvent.dragStart(said());
    expect(fireEvent.dragOver(said(), { dataTransfer: transferOf([photo]) })).toBe(true);
    expect(target()).toBeNull();
    fireEvent.dragEnd(said());
    expect(fireEvent.dragOver(said(), { dataTransfer: transferOf([photo]) })).toBe(false);
  });
});
