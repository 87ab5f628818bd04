import { createEvent, fireEvent, screen } from '@testing-library/react';
import { Profiler } from 'react';
import { describe, expect, it, vi } from 'vitest';
import type { ChatMessage } from '../store/chatStore';
import { useComposerTarget } from '../store/composerTarget';
import { storeSetting } from '../storedSettings';
import { compositions } from '../testing/compositions';
import { ann, bob, connectionOf, messageOf, ownMessage, renderChat } from '../testing/renderChat';
import { SendForm } from './SendForm';

const field = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message' });
const button = () => screen.getByRole('button', { name: 'Send' });
const type = (text: string) => fireEvent.change(field(), { target: { value: text } });

/** Presses Enter, with what a browser says of it, and tells whether a line would break. */
function pressEnter(how: KeyboardEventInit = {}) {
  const event = createEvent.keyDown(field(), { key: 'Enter', ...how });
  fireEvent(field(), event);
  return { breaksLine: !event.defaultPrevented };
}

describe('writing', () => {
  it('is told as it goes on, and clearing the field is not writing', () => {
    const { actions } = renderChat(<SendForm />);
    type('h');
    type('he');
    expect(actions.typing).toHaveBeenCalledTimes(2);
    type('');
    expect(actions.typing).toHaveBeenCalledTimes(2);
  });
});

describe('Enter', () => {
  it('sends what is written, as it is written, and clears the field', async () => {
    const { user, actions } = renderChat(<SendForm />);
    await user.type(field(), '  two  spaces {Enter}');
    expect(actions.send).toHaveBeenCalledExactlyOnceWith('  two  spaces ');
    expect(field().value).toBe('');
    expect(document.activeElement).toBe(field());
  });

  it('with Shift breaks the line', async () => {
    const { user, actions } = renderChat(<SendForm />);
    await user.type(field(), 'one{Shift>}{Enter}{/Shift}two');
    expect(field().value).toBe('one\ntwo');
    expect(actions.send).not.toHaveBeenCalled();
  });

  it.each(compositions)('that ends a composition does not send (%s)', (_, how) => {
    const { actions } = renderChat(<SendForm />);
    type('ni hao');
    pressEnter(how);
    expect(actions.send).not.toHaveBeenCalled();
    expect(field().value).toBe('ni hao');
    pressEnter();
    expect(actions.send).toHaveBeenCalledExactlyOnceWith('ni hao');
  });

  it('sends what Safari has composed, in its order of events, at the next Enter only', () => {
    const { actions } = renderChat(<SendForm />);
    fireEvent.compositionStart(field());
    type('ni hao');
    // Safari puts the words in the place of what was unfinished before it says that the composition is over,
    // and tells of the key only then.
    type('你好');
    fireEvent.compositionEnd(field(), { data: '你好' });
    expect(pressEnter({ keyCode: 229 }).breaksLine).toBe(true);
    fireEvent.keyUp(field(), { key: 'Enter', keyCode: 13 });
    expect(actions.send).not.toHaveBeenCalled();
    expect(field().value).toBe('你好');
    pressEnter({ keyCode: 13 });
    expect(actions.send).toHaveBeenCalledExactlyOnceWith('你好');
  });

  it('on a touch screen breaks the line', () => {
    vi.stubGlobal('matchMedia', (query: string) => ({ matches: query.includes('coarse') }));
    const { actions } = renderChat(<SendForm />);
    type('one');
    expect(pressEnter().breaksLine).toBe(true);
    expect(actions.send).not.toHaveBeenCalled();
  });

  it('sends nothing when nothing is written', async () => {
    const { user, actions } = renderChat(<SendForm />);
    await user.type(field(), '{Enter}');
    await user.click(button());
    expect(actions.send).not.toHaveBeenCalled();
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('does not send spaces alone, and says why', async () => {
    const { user, actions } = renderChat(<SendForm />);
    await user.type(field(), '   {Enter}');
    expect(actions.send).not.toHaveBeenCalled();
    expect(screen.getByRole('alert').textContent).toContain('Nothing but spaces');
    await user.type(field(), 'x');
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it.each(['\u200b', '\u2060', '\u3164', '\u2800', '\u200d\u200d', '/me \u200b'])(
    'does not send what nobody would see (%j), and says why',
    (text) => {
      const { actions } = renderChat(<SendForm />);
      type(text);
      pressEnter();
      expect(actions.send).not.toHaveBeenCalled();
      expect(screen.getByRole('alert').textContent).not.toBe('');
      expect(field().value).toBe(text);
    },
  );

  it('breaks the line where the settings say so, and Ctrl or Command sends', async () => {
    storeSetting('enter-sends', false);
    const { user, actions } = renderChat(<SendForm />);
    await user.type(field(), 'one{Enter}two');
    expect(field().value).toBe('one\ntwo');
    expect(actions.send).not.toHaveBeenCalled();
    pressEnter({ ctrlKey: true });
    expect(actions.send).toHaveBeenCalledExactlyOnceWith('one\ntwo');
    type('three');
    pressEnter({ metaKey: true });
    expect(actions.send).toHaveBeenLastCalledWith('three');
  });

  it('with Ctrl sends in any case, but never what is being composed', () => {
    const { actions } = renderChat(<SendForm />);
    type('ni');
    pressEnter({ ctrlKey: true, isComposing: true });
    expect(actions.send).not.toHaveBeenCalled();
    pressEnter({ ctrlKey: true });
    expect(actions.send).toHaveBeenCalledExactlyOnceWith('ni');
  });
});

describe('the Send button', () => {
  it('sends, and gives the field back to who writes', async () => {
    const { user, actions } = renderChat(<SendForm />);
    type('hello');
    await user.click(button());
    expect(actions.send).toHaveBeenCalledExactlyOnceWith('hello');
    expect(document.activeElement).toBe(field());
  });

  it('works without a line', async () => {
    const connection = connectionOf({ status: 'waiting' });
    const { user, actions } = renderChat(<SendForm />, { state: { connection } });
    type('hello');
    await user.click(button());
    expect(actions.send).toHaveBeenCalledExactlyOnceWith('hello');
    expect(field().value).toBe('');
  });
});

describe('a message that finds the outbox full', () => {
  it('stays in the field, and that is said, until there is room', async () => {
    const { user, actions } = renderChat(<SendForm />);
    actions.send.mockReturnValueOnce(false);
    type('one too many');
    await user.click(button());
    expect(screen.getByRole('alert').textContent).toContain('Too many messages wait');
    expect(field().value).toBe('one too many');
    await user.click(button());
    expect(screen.queryByRole('alert')).toBeNull();
    expect(field().value).toBe('');
  });
});

describe('a long message', () => {
  it('shows how much is left, when little is', () => {
    renderChat(<SendForm />);
    type('x'.repeat(9_499));
    expect(screen.queryByText(/left/)).toBeNull();
    type('x'.repeat(9_999));
    expect(screen.getByText('1 character left')).toBeTruthy();
  });

  it('that is too long is not sent, and not lost', () => {
    const { actions } = renderChat(<SendForm />);
    type('💓'.repeat(10_001));
    expect(screen.getByText('1 character too many')).toBeTruthy();
    expect(field().getAttribute('aria-invalid')).toBe('true');
    pressEnter();
    expect(actions.send).not.toHaveBeenCalled();
    expect(screen.getByRole('alert').textContent).toContain('Too long to send');
    expect(field().value).toHaveLength(20_002);
  });

  it('that is far too long is held in the field alone, and counted no further than it matters', () => {
    renderChat(<SendForm />);
    const pasted = 'x'.repeat(1_000_000);
    type(pasted);
    expect(field().value).toBe(pasted);
    // What grows the field holds no more of it than the field may show.
    expect(field().parentElement?.dataset.text).toHaveLength(10_001);
    expect(screen.getByText('More than 10,000 characters too many')).toBeTruthy();
  });

  it('is counted in what people take for characters', () => {
    renderChat(<SendForm />);
    // A family is seven code points, and the server counts those.
    type(`${'x'.repeat(9_990)}👩‍👩‍👧‍👦`);
    expect(screen.getByText(/^3 characters left · an emoji counts as several/)).toBeTruthy();
    type(`${'x'.repeat(9_990)}👩‍👩‍👧‍👦👩‍👩‍👧‍👦`);
    expect(screen.getByText(/^1 character too many/)).toBeTruthy();
  });
});

describe('a draft', () => {
  it('is still there after a reload, and gone once sent', () => {
    const first = renderChat(<SendForm />);
    type('half a thought');
    first.unmount();
    const second = renderChat(<SendForm />);
    expect(field().value).toBe('half a thought');
    pressEnter();
    second.unmount();
    renderChat(<SendForm />);
    expect(field().value).toBe('');
  });

  it('belongs to its room, and is there again when one comes back', () => {
    const { set } = renderChat(<SendForm />);
    type('for the lobby');
    set({ room: 'tea' });
    expect(field().value).toBe('');
    type('for tea');
    set({ room: 'lobby' });
    expect(field().value).toBe('for the lobby');
    set({ room: 'tea' });
    expect(field().value).toBe('for tea');
  });

  it('is written without a memory where the browser gives none', () => {
    vi.spyOn(window, 'sessionStorage', 'get').mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    renderChat(<SendForm />);
    type('hello');
    expect(field().value).toBe('hello');
  });
});

/** A row, as far as the form knows it: something that begins an answer or a change. */
function Row({ message }: { message: ChatMessage }) {
  const { replyTo, edit } = useComposerTarget();
  return (
    <>
      <button type="button" onClick={() => replyTo(message)}>
        Reply
      </button>
      <button type="button" onClick={() => edit(message)}>
        Edit
      </button>
    </>
  );
}

describe('an answer', () => {
  it('names whom and what it answers, and goes with the place of that', async () => {
    const message = messageOf(7, { body: 'tea or coffee?' });
    const { user, actions } = renderChat([
      <Row key="row" message={message} />,
      <SendForm key="form" />,
    ]);
    await user.click(screen.getByRole('button', { name: 'Reply' }));
    expect(screen.getByText('Replying to Bob')).toBeTruthy();
    expect(screen.getByText('tea or coffee?')).toBeTruthy();
    expect(document.activeElement).toBe(field());
    await user.keyboard('tea{Enter}');
    expect(actions.send).toHaveBeenCalledExactlyOnceWith('tea', 7);
    expect(screen.queryByText('Replying to Bob')).toBeNull();
  });

  it('is given up by Escape, and what was written stays', async () => {
    const { user, actions } = renderChat([
      <Row key="row" message={messageOf(7)} />,
      <SendForm key="form" />,
    ]);
    await user.click(screen.getByRole('button', { name: 'Reply' }));
    await user.keyboard('tea{Escape}');
    expect(screen.queryByText('Replying to Bob')).toBeNull();
    pressEnter();
    expect(actions.send).toHaveBeenCalledExactlyOnceWith('tea');
  });
});

describe('a change of one’s own message', () => {
  const own = messageOf(3, { author: ann, body: 'helo' });

  it('begins with its text, and the draft waits until it is done', async () => {
    const { user, actions } = renderChat([
      <Row key="row" message={own} />,
      <SendForm key="form" />,
    ]);
    type('half a thought');
    await user.click(screen.getByRole('button', { name: 'Edit' }));
    expect(field().value).toBe('helo');
    expect(document.activeElement).toBe(field());
    type('hello');
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect(actions.edit).toHaveBeenCalledExactlyOnceWith('m3', 'hello');
    expect(actions.send).not.toHaveBeenCalled();
    expect(actions.typing).toHaveBeenCalledOnce();
    expect(field().value).toBe('half a thought');
  });

  it('is given up by Escape, and by its button', async () => {
    const { user, actions } = renderChat([
      <Row key="row" message={own} />,
      <SendForm key="form" />,
    ]);
    await user.click(screen.getByRole('button', { name: 'Edit' }));
    await user.keyboard('!!{Escape}');
    expect(field().value).toBe('');
    await user.click(screen.getByRole('button', { name: 'Edit' }));
    expect(field().value).toBe('helo');
    await user.click(screen.getByRole('button', { name: 'Leave it as it was' }));
    expect(field().value).toBe('');
    expect(actions.edit).not.toHaveBeenCalled();
  });

  it('that changes nothing, or leaves nothing, is none', async () => {
    const { user, actions } = renderChat([
      <Row key="row" message={own} />,
      <SendForm key="form" />,
    ]);
    await user.click(screen.getByRole('button', { name: 'Edit' }));
    await user.clear(field());
    await user.keyboard('{Enter}');
    expect(screen.getByRole('alert').textContent).toContain('delete it');
    await user.keyboard('helo{Enter}');
    expect(actions.edit).not.toHaveBeenCalled();
    expect(screen.queryByText('Changing your message')).toBeNull();
  });

  it('that cannot be now stays in the field', async () => {
    const { user, actions } = renderChat([
      <Row key="row" message={own} />,
      <SendForm key="form" />,
    ]);
    actions.edit.mockReturnValueOnce(false);
    await user.click(screen.getByRole('button', { name: 'Edit' }));
    await user.keyboard('!{Enter}');
    expect(screen.getByRole('alert').textContent).toContain('cannot be changed');
    expect(field().value).toBe('helo!');
  });
});

describe('Arrow Up in an empty field', () => {
  it.each<[string, ChatMessage]>([
    ['sent', messageOf(3, { author: ann, body: 'mine' })],
    ['unsent', ownMessage('a', { body: 'mine', state: 'queued' })],
    ['failed', ownMessage('a', { body: 'mine', state: 'failed' })],
  ])('changes one’s last message (%s)', async (_, last) => {
    const messages = [messageOf(1, { author: ann, body: 'older' }), last, messageOf(4)];
    const { user, actions } = renderChat(<SendForm />, { state: { messages } });
    await user.type(field(), '{ArrowUp}');
    expect(field().value).toBe('mine');
    await user.keyboard('!{Enter}');
    expect(actions.edit).toHaveBeenCalledExactlyOnceWith(last.id, 'mine!');
  });

  it.each(compositions)('is no key of a composition (%s)', (_, how) => {
    renderChat(<SendForm />, { state: { messages: [messageOf(1, { author: ann })] } });
    fireEvent.keyDown(field(), { key: 'ArrowUp', ...how });
    expect(field().value).toBe('');
  });

  it('does nothing where something is written, or nothing can be changed', async () => {
    const deleted = messageOf(1, { author: ann, deleted: 5 });
    const { user, set } = renderChat(<SendForm />, {
      state: { messages: [deleted, messageOf(2)] },
    });
    await user.type(field(), '{ArrowUp}');
    expect(screen.queryByText('Changing your message')).toBeNull();
    set({ messages: [messageOf(1, { author: ann })] });
    await user.type(field(), 'x{ArrowUp}');
    expect(field().value).toBe('x');
  });
});

describe('a mention', () => {
  const members = [ann, bob, { id: 'u3', name: 'Bo Li' }, { id: 'u4', name: '小明' }];
  const names = () => screen.queryAllByRole('option').map(({ textContent }) => textContent);
  const isChosen = () =>
    screen.getByRole('option', { selected: true }).id ===
    field().getAttribute('aria-activedescendant')
      ? screen.getByRole('option', { selected: true }).textContent
      : undefined;

  it('offers who is here, but oneself, and narrows as one writes', async () => {
    const { user } = renderChat(<SendForm />, { state: { members } });
    await user.type(field(), 'hi @');
    expect(names()).toEqual(['Bob', 'Bo Li', '小明']);
    expect(field().getAttribute('aria-controls')).toBe(screen.getByRole('listbox').id);
    await user.keyboard('bo');
    expect(names()).toEqual(['Bob', 'Bo Li']);
    await user.keyboard('x');
    expect(names()).toEqual([]);
    expect(field().hasAttribute('aria-controls')).toBe(false);
  });

  it('is chosen by arrows and Enter or Tab, and nothing is sent', async () => {
    const { user, actions } = renderChat(<SendForm />, { state: { members } });
    await user.type(field(), '@');
    expect(isChosen()).toBe('Bob');
    await user.keyboard('{ArrowDown}{ArrowDown}');
    expect(isChosen()).toBe('小明');
    await user.keyboard('{ArrowDown}{ArrowUp}{Enter}');
    expect(field().value).toBe('@小明 ');
    await user.keyboard('@{ArrowDown}{Tab}');
    expect(field().value).toBe('@小明 @Bo Li ');
    expect(document.activeElement).toBe(field());
    expect(actions.send).not.toHaveBeenCalled();
    await user.keyboard('{Enter}');
    expect(actions.send).toHaveBeenCalledExactlyOnceWith('@小明 @Bo Li ');
  });

  it('is chosen by a press, and the field keeps the focus', async () => {
    const { user } = renderChat(<SendForm />, { state: { members } });
    await user.type(field(), 'ask @b');
    await user.click(screen.getByRole('option', { name: 'Bo Li' }));
    expect(field().value).toBe('ask @Bo Li ');
    expect(document.activeElement).toBe(field());
  });

  it('begins with the full-width sign too, behind Chinese without a space', async () => {
    const { user } = renderChat(<SendForm />, { state: { members } });
    await user.type(field(), '你好＠小{Enter}');
    expect(field().value).toBe('你好@小明 ');
  });

  it('is none in an address of mail', async () => {
    const { user } = renderChat(<SendForm />, { state: { members } });
    await user.type(field(), 'bob@b');
    expect(names()).toEqual([]);
  });

  it('is given up by Escape until another begins', async () => {
    const { user, actions } = renderChat(<SendForm />, { state: { members } });
    await user.type(field(), '@b{Escape}');
    expect(names()).toEqual([]);
    await user.keyboard('o');
    expect(names()).toEqual([]);
    await user.keyboard(' and @');
    expect(names()).not.toEqual([]);
    await user.keyboard('{Escape}{Enter}');
    expect(actions.send).toHaveBeenCalledExactlyOnceWith('@bo and @');
  });

  it('offers who has read here and is away', async () => {
    const reads = [{ user: bob, seq: 1 }];
    const { user } = renderChat(<SendForm />, { state: { members: [ann], reads } });
    await user.type(field(), '@');
    expect(names()).toEqual(['Bob']);
  });

  const keys = ['Enter', 'Tab', 'ArrowDown', 'ArrowUp', 'Escape'];
  it.each(compositions.flatMap(([what, how]) => keys.map((key) => ({ what, how, key }))))(
    'leaves to a composition its $key ($what)',
    async ({ how, key }) => {
      const { user, actions } = renderChat(<SendForm />, { state: { members } });
      await user.type(field(), '@');
      const event = createEvent.keyDown(field(), { key, ...how });
      fireEvent(field(), event);
      expect(event.defaultPrevented).toBe(false);
      expect(isChosen()).toBe('Bob');
      expect(field().value).toBe('@');
      expect(actions.send).not.toHaveBeenCalled();
    },
  );
});

describe('a command', () => {
  it('is offered where a message begins with a slash of either width', async () => {
    const { user } = renderChat(<SendForm />);
    await user.type(field(), '/');
    expect(screen.getAllByRole('option').map(({ textContent }) => textContent?.[0])).toContain('/');
    expect(screen.getByRole('listbox', { name: 'Commands' })).toBeTruthy();
    await user.keyboard('zzz');
    expect(screen.queryByRole('listbox')).toBeNull();
    await user.clear(field());
    await user.keyboard('and ／');
    expect(screen.queryByRole('listbox')).toBeNull();
    await user.clear(field());
    await user.keyboard('／co{Enter}');
    expect(field().value).toBe('```\n\n```');
    expect(field().selectionStart).toBe(4);
  });

  it('edit changes the last message, as Arrow Up does', async () => {
    const messages = [messageOf(1, { author: ann, body: 'mine' })];
    const { user, actions } = renderChat(<SendForm />, { state: { messages } });
    await user.type(field(), '/ed{Enter}');
    expect(field().value).toBe('mine');
    expect(actions.send).not.toHaveBeenCalled();
  });

  it('that is written out is sent as what it stands for', async () => {
    const { user, actions } = renderChat(<SendForm />);
    await user.type(field(), '/me waves{Enter}');
    expect(actions.send).toHaveBeenLastCalledWith('_waves_');
    await user.type(field(), '/me {Enter}');
    expect(screen.getByRole('alert').textContent).toContain('needs some text');
    await user.clear(field());
    await user.type(field(), '/etc/hosts{Enter}');
    expect(actions.send).toHaveBeenLastCalledWith('/etc/hosts');
  });
});

describe('what a program answers to', () => {
  const program = { id: 'companion', name: 'Echo' };

  it('is offered while the program is there, marked as its own', async () => {
    const { user, set } = renderChat(<SendForm />, { state: { members: [ann, bob] } });
    await user.type(field(), '/');
    const offered = () => screen.getAllByRole('option').map(({ textContent }) => textContent ?? '');
    expect(offered().filter((text) => text.includes('/flood'))).toEqual([]);
    set({ members: [ann, program] });
    expect(offered().filter((text) => text.includes('program'))).toEqual([
      expect.stringContaining('/help'),
      expect.stringContaining('/slow'),
      expect.stringContaining('/flood'),
      expect.stringContaining('/stream'),
      expect.stringContaining('/drop'),
      expect.stringContaining('/silent'),
    ]);
  });

  it('is sent as it is', async () => {
    const state = { members: [ann, program] };
    const { user, actions } = renderChat(<SendForm />, { state });
    await user.type(field(), '/fl{Enter}');
    expect(field().value).toBe('/flood ');
    await user.keyboard('1000{Enter}');
    expect(actions.send).toHaveBeenLastCalledWith('/flood 1000');
  });

  it('goes by one Enter where it is written out', async () => {
    const state = { members: [ann, program] };
    const { user, actions } = renderChat(<SendForm />, { state });
    await user.type(field(), '/help{Enter}');
    expect(actions.send).toHaveBeenLastCalledWith('/help');
  });
});

describe('a message that comes', () => {
  it('does not draw the form again', () => {
    const onRender = vi.fn();
    const { set } = renderChat(
      <Profiler id="form" onRender={onRender}>
        <SendForm />
      </Profiler>,
    );
    const before = onRender.mock.calls.length;
    set({ messages: [messageOf(1)] });
    set({ messages: [messageOf(1), messageOf(2)] });
    expect(onRender.mock.calls.length).toBe(before);
  });
});
