import { createEvent, fireEvent, screen } from '@testing-library/react';
import { Profiler } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { connectionOf, messageOf, ownMessage, renderChat } from '../testing/renderChat';
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

  it.each<[string, KeyboardEventInit]>([
    ['Chrome on macOS, Firefox: isComposing', { isComposing: true }],
    ['Chrome on Windows: key "Process"', { key: 'Process', keyCode: 229, isComposing: true }],
    ['Safari: after compositionend, with key code 229', { keyCode: 229 }],
  ])('that ends a composition does not send (%s)', (_, how) => {
    const { actions } = renderChat(<SendForm />);
    type('ni hao');
    pressEnter(how);
    expect(actions.send).not.toHaveBeenCalled();
    expect(field().value).toBe('ni hao');
    pressEnter();
    expect(actions.send).toHaveBeenCalledExactlyOnceWith('ni hao');
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
    await user.type(field(), '{Enter}   {Enter}');
    await user.click(button());
    expect(actions.send).not.toHaveBeenCalled();
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

  it('works without a line: the message waits, and the form says how many do', async () => {
    const connection = connectionOf({ status: 'waiting' });
    const { user, actions, set } = renderChat(<SendForm />, { state: { connection } });
    type('hello');
    await user.click(button());
    expect(actions.send).toHaveBeenCalledOnce();
    set({ messages: [ownMessage('a', { state: 'queued' }), ownMessage('b', { state: 'queued' })] });
    expect(screen.getByText('2 messages wait')).toBeTruthy();
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
    expect(field().value).toHaveLength(20_002);
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

  it('is written without a memory where the browser gives none', () => {
    vi.spyOn(window, 'sessionStorage', 'get').mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    renderChat(<SendForm />);
    type('hello');
    expect(field().value).toBe('hello');
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
