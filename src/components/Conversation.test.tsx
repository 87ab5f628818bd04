import { act, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { en } from '../i18n/en';
import { first } from '../i18n/en/first';
import { messageOf, ownMessage, renderChat } from '../testing/renderChat';
import { Conversation } from './Conversation';
import { takeLaterParts } from './later';
import * as laterParts from './laterParts';
import { SendForm } from './SendForm';

const log = () => screen.getByRole('log', { name: 'Messages' });
const bodies = () =>
  [...log().querySelectorAll('[data-part="body"]')].map(({ textContent }) => textContent);
const isWhole = () => log().getAttribute('data-simple') === 'false';

/** A page of which nothing but the first load is there. */
const renderFirst = (state: Parameters<typeof renderChat>[1] = {}) =>
  renderChat(
    <main>
      <Conversation />
      <SendForm />
    </main>,
    { texts: first, ...state },
  );

describe('a page of which only the first load is there', () => {
  beforeEach(() => takeLaterParts(undefined));
  afterEach(() => takeLaterParts(laterParts));

  it('shows what was said, and what waits', () => {
    const messages = [messageOf(1), messageOf(2, { deleted: 5, body: '' }), ownMessage('a')];
    renderFirst({ state: { messages } });
    expect(bodies()).toEqual(['number 1', 'This message was deleted.', 'number 0']);
  });

  it('takes what one writes', async () => {
    const { user, actions } = renderFirst();
    await user.type(screen.getByRole('textbox', { name: 'Message' }), 'hello{Enter}');
    expect(actions.send).toHaveBeenCalledExactlyOnceWith('hello');
  });

  it('loads older messages for who asks', async () => {
    const { user, actions } = renderFirst({ state: { messages: [messageOf(9)], hasOlder: true } });
    await user.click(screen.getByRole('button', { name: 'Load older messages' }));
    expect(actions.loadOlder).toHaveBeenCalledOnce();
  });

  it('has no other row than the latest', () => {
    const messages = Array.from({ length: 500 }, (_, index) => messageOf(index + 1));
    renderFirst({ state: { messages } });
    expect(log().querySelectorAll('article')).toHaveLength(200);
    expect(bodies().at(-1)).toBe('number 500');
  });

  it('becomes the whole one when the rest is there, with the text of who writes as it was', async () => {
    const { user } = renderFirst({ texts: en, state: { messages: [messageOf(1)] } });
    const field = screen.getByRole('textbox', { name: 'Message' });
    await user.type(field, 'half a sen');
    expect(isWhole()).toBe(false);
    act(() => takeLaterParts(laterParts));
    expect(isWhole()).toBe(true);
    expect(bodies()).toEqual(['number 1']);
    expect(screen.getByRole('textbox', { name: 'Message' })).toBe(field);
    expect(document.activeElement).toBe(field);
    await user.keyboard('tence');
    expect(field).toHaveProperty('value', 'half a sentence');
  });

  it('stays as it is for as long as somebody reads further up', () => {
    renderFirst({ texts: en, state: { messages: [messageOf(1)] } });
    const element = log();
    const sizes = { scrollHeight: 900, clientHeight: 300, scrollTop: 100 };
    const scrollTo = (scrollTop: number) => {
      for (const [name, value] of Object.entries({ ...sizes, scrollTop }))
        Object.defineProperty(element, name, { value, configurable: true });
      act(() => void element.dispatchEvent(new Event('scroll', { bubbles: true })));
    };
    scrollTo(100);
    act(() => takeLaterParts(laterParts));
    expect(isWhole()).toBe(false);
    scrollTo(600);
    expect(isWhole()).toBe(true);
  });
});
