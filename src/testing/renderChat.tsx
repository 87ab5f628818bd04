/** Renders a component with a store that the test holds, in either language. */
import { act, render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { vi } from 'vitest';
import { type ChatActions, type ConnectionState, initialConnection } from '../chat/types';
import { type PageControls, PageControlsProvider } from '../components/pageControls';
import { en } from '../i18n/en';
import type { FirstTexts } from '../i18n/en/first';
import type { Language } from '../i18n/language';
import { TextsProvider } from '../i18n/texts';
import {
  type ChatMessage,
  type ChatMode,
  type ChatState,
  ChatStoreProvider,
  createChatStore,
  type User,
} from '../store/chatStore';
import { type LabStore, LabStoreProvider } from '../store/labStore';
import { nothingInside } from './nothingInside';
import { tellSizes } from './rowSizes';
import { createTestLab } from './testLab';

export const ann: User = { id: 'u1', name: 'Ann' };
export const bob: User = { id: 'u2', name: 'Bob' };

export interface RenderChatOptions {
  state?: Partial<ChatState>;
  mode?: ChatMode;
  language?: Language;
  texts?: FirstTexts;
  controls?: Partial<PageControls>;
  /** The lab that is drawn; without one, a real one that stands in no line's way. */
  labStore?: LabStore;
}

export function renderChat(
  children: ReactNode,
  {
    state = {},
    mode = 'chat',
    language = 'en',
    texts = en,
    controls = {},
    labStore: given,
  }: RenderChatOptions = {},
) {
  const actions = {
    send: vi.fn<ChatActions['send']>(() => true),
    edit: vi.fn<ChatActions['edit']>(() => true),
    erase: vi.fn<ChatActions['erase']>(() => true),
    react: vi.fn<ChatActions['react']>(() => true),
    markRead: vi.fn<ChatActions['markRead']>(),
    openRoom: vi.fn<ChatActions['openRoom']>(),
    forgetRoom: vi.fn<ChatActions['forgetRoom']>(),
    search: vi.fn<ChatActions['search']>(),
    searchMore: vi.fn<ChatActions['searchMore']>(),
    loadQuote: vi.fn<ChatActions['loadQuote']>(),
    attach: vi.fn<ChatActions['attach']>(async () => []),
    pauseUpload: vi.fn<ChatActions['pauseUpload']>(),
    continueUpload: vi.fn<ChatActions['continueUpload']>(),
    linkOf: vi.fn<ChatActions['linkOf']>(async () => new URL('/files/1', location.href).href),
    loadBackTo: vi.fn<ChatActions['loadBackTo']>(async () => {}),
    retryAll: vi.fn<ChatActions['retryAll']>(),
    removeAll: vi.fn<ChatActions['removeAll']>(),
    typing: vi.fn<ChatActions['typing']>(),
    retry: vi.fn<ChatActions['retry']>(),
    remove: vi.fn<ChatActions['remove']>(),
    unsentCount: vi.fn<ChatActions['unsentCount']>(() => 0),
    signOut: vi.fn<ChatActions['signOut']>(async () => {}),
    setPush: vi.fn<ChatActions['setPush']>(),
    inspect: vi.fn<ChatActions['inspect']>(() => nothingInside),
    disconnect: vi.fn<ChatActions['disconnect']>(),
    reconnect: vi.fn<ChatActions['reconnect']>(),
    loadOlder: vi.fn<ChatActions['loadOlder']>(),
    exportRoom: vi.fn<ChatActions['exportRoom']>(async () => ({ room: 'lobby', messages: [] })),
  };
  const page = {
    serverUrl: 'wss://chat.example/ws',
    isOwnServer: true,
    isServer: vi.fn<PageControls['isServer']>(() => true),
    onSwitchServer: vi.fn<PageControls['onSwitchServer']>(),
    onSwitchLanguage: vi.fn<PageControls['onSwitchLanguage']>(),
    checkName: vi.fn<PageControls['checkName']>(() => undefined),
    onChangeName: vi.fn<PageControls['onChangeName']>(),
    onSwitchRoom: vi.fn<PageControls['onSwitchRoom']>(),
    notifyPermission: vi.fn<PageControls['notifyPermission']>(() => 'impossible'),
    askToNotify: vi.fn<PageControls['askToNotify']>(async () => 'granted'),
    handOverPush: vi.fn<NonNullable<PageControls['handOverPush']>>(async () => 'shown'),
    parseExport: vi.fn<PageControls['parseExport']>(async () => ({ problem: 'no export' })),
    isUpdateReady: false,
    onReload: vi.fn<PageControls['onReload']>(),
    onReloadFromNetwork: vi.fn<PageControls['onReloadFromNetwork']>(),
  };
  const store = createChatStore({ mode, room: 'lobby', name: ann.name, actions });
  store.setState({ me: ann, ...state });
  const { lab, labStore: own } = createTestLab();
  const labStore = given ?? own;
  const view = render(
    <TextsProvider language={language} texts={texts}>
      <ChatStoreProvider value={store}>
        <LabStoreProvider value={labStore}>
          <PageControlsProvider controls={{ ...page, ...controls }}>
            {children}
          </PageControlsProvider>
        </LabStoreProvider>
      </ChatStoreProvider>
    </TextsProvider>,
  );
  act(tellSizes);
  return {
    ...view,
    actions,
    page,
    lab,
    labStore,
    user: userEvent.setup(),
    /** Changes the store as the session would. */
    set(next: Partial<ChatState>) {
      act(() => store.setState(next));
      act(tellSizes);
    },
  };
}

/** A state of the line, as far as it is given. */
export function connectionOf(fields: Partial<ConnectionState>): ConnectionState {
  return { ...initialConnection, ...fields };
}

/** A message of Bob's with place `seq`, sent, unless said otherwise. */
export function messageOf(seq: number, fields: Partial<ChatMessage> = {}): ChatMessage {
  const author = fields.author ?? bob;
  return {
    id: `m${seq}`,
    seq,
    author,
    mine: author.id === ann.id,
    body: `number ${seq}`,
    at: Date.UTC(2026, 0, 15, 12, 0, seq),
    state: 'sent',
    hasLeft: true,
    failure: undefined,
    ...fields,
  };
}

/** One of Ann's own that has no place yet. */
export function ownMessage(id: string, fields: Partial<ChatMessage> = {}): ChatMessage {
  return {
    ...messageOf(0, { author: ann, ...fields }),
    id,
    seq: undefined,
    hasLeft: false,
    ...fields,
  };
}
