import { screen, within } from '@testing-library/react';
import type { ReactNode } from 'react';
import { describe, expect, it } from 'vitest';
import { zhCN } from '../i18n/zh-CN';
import type { ChatState, User } from '../store/chatStore';
import { ann, bob, messageOf, renderChat } from '../testing/renderChat';
import { known, navigationOf } from '../testing/roomFakes';
import { Announcer } from './Announcer';
import { FoundList } from './FoundList';
import { MemberList } from './MemberList';
import { MessageBody } from './MessageBody/MessageBody';
import { MessageList } from './MessageList';
import { RoomList } from './RoomList';
import { RoomNavigationProvider } from './roomNavigation';
import { SendForm } from './SendForm';
import { Quote } from './timeline/Quote';

const echo: User = { id: 'companion', name: 'Echo' };
const said = messageOf(1, { author: echo, body: 'You said: hello' });
const members = [ann, bob, echo];

/** The marks that are shown, each with the name before it. */
const marked = () =>
  [...document.querySelectorAll('[data-part="program"]')].map(
    (mark) => `${mark.previousElementSibling?.textContent} ${mark.textContent}`,
  );

describe('a program', () => {
  it.each<[string, ReactNode, Partial<ChatState>]>([
    ['its messages', <MessageList key="" />, { messages: [said, messageOf(2)], isLoaded: true }],
    ['the list of who is here', <MemberList key="" />, { members, memberCount: 3 }],
    ['what was found', <FoundList key="" found={[said]} text="hello" onGoTo={() => {}} />, {}],
  ])('is marked as one, and nobody else is: in %s', (_, shown, state) => {
    renderChat(shown, { state });
    expect(marked()).toEqual(['Echo program']);
  });

  it('is marked in Chinese too', () => {
    renderChat(<MemberList />, { state: { members }, language: 'zh-CN', texts: zhCN });
    expect(marked()).toEqual(['Echo 程序']);
  });

  it('is marked where it can be mentioned, and by a mention, of which the mark is no part', async () => {
    const { user } = renderChat(
      <>
        <SendForm />
        <MessageBody body="@Echo, not @Bob" />
      </>,
      { state: { members } },
    );
    expect(screen.getByText('@Echo').dataset.program).toBe('program');
    expect(screen.getByText('@Bob').dataset.program).toBeUndefined();
    await user.type(screen.getByRole('textbox', { name: 'Message' }), '@');
    expect(within(screen.getByRole('listbox')).getAllByText('program')).toHaveLength(1);
  });

  it('is marked where it is quoted', () => {
    renderChat(<Quote quoted={{ seq: 1, author: echo, body: 'hello' }} isTabStop={false} />);
    expect(screen.getByText('Echo (program)')).toBeTruthy();
  });

  it('is marked in the list of rooms', () => {
    const last = { author: echo, body: 'hello', at: Date.now() };
    renderChat(
      <RoomNavigationProvider value={navigationOf()}>
        <RoomList />
      </RoomNavigationProvider>,
      { state: { rooms: [known('tea', { last })] } },
    );
    expect(screen.getByText('Echo (program): hello')).toBeTruthy();
  });

  it('is read out as one', () => {
    const { set } = renderChat(<Announcer />);
    set({ messages: [] });
    set({ messages: [said] });
    expect(screen.getByText('Echo (program): You said: hello')).toBeTruthy();
  });
});
