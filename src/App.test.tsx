import { act, render, screen, waitFor, within } from '@testing-library/react';
import userEvent, { type UserEvent } from '@testing-library/user-event';
import { StrictMode } from 'react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { App } from './App';
import { createTextStorage } from './browserStorage';
import { en } from './i18n/en';
import { createRoomKeys } from './push/roomKeys';
import { createFakeNetwork, type FakeNetwork } from './testing/fakeSocket';

// The whole page is drawn, and asked for by role: that takes its time where others are at work, too.
vi.setConfig({ testTimeout: 20_000 });

let network: FakeNetwork;
beforeEach(() => {
  network = createFakeNetwork();
  vi.stubGlobal('WebSocket', function connect(url: string, protocols: string[]) {
    return network.open(url, protocols);
  });
});

/** Opens the page at an address, as `main.tsx` does. */
async function openPage(search: string, ownServer: string | undefined = '/ws') {
  history.replaceState(null, '', `/${search}`);
  render(
    <StrictMode>
      <App ownServer={ownServer} language="en" texts={en} />
    </StrictMode>,
  );
  await act(async () => {});
  return userEvent.setup();
}
/** What is fetched when it is wanted takes as long as a busy machine takes. */
const fetched = { timeout: 10_000 };

/** Presses a button in the settings. */
async function inSettings(user: UserEvent, name: string) {
  await user.click(screen.getByRole('button', { name: 'Settings' }));
  await user.click(await screen.findByRole('button', { name }, fetched));
}
/** Gives another name where the settings ask for it. */
async function takeName(user: UserEvent, label: string) {
  const field = screen.getByRole('textbox', { name: label });
  await user.clear(field);
  await user.type(field, 'Zoë{Enter}');
}
async function chooseChinese(user: UserEvent) {
  await user.click(screen.getByRole('button', { name: 'Settings' }));
  await user.click(await screen.findByRole('radio', { name: '中文' }, fetched));
  await screen.findByRole('dialog', { name: '设置' }, fetched);
  await user.keyboard('{Escape}');
}
const badge = () =>
  document.querySelector('[data-connection-state]')?.getAttribute('data-connection-state');

describe('the page', () => {
  it('connects once, to its own server, under the name and in the room that the address gives', async () => {
    await openPage('?name=Ann&room=tea');
    expect(network.sockets.map(({ url, protocols }) => [url, protocols])).toEqual([
      ['ws://localhost:3000/ws', ['chat.v1']],
    ]);
    expect(badge()).toBe('connecting');
    expect(screen.getByRole('heading', { name: 'tea' })).toBeTruthy();
    expect(document.title).toBe('tea · Heartline');
  });

  it('asks for a name where the address gives none, and keeps it over a reload', async () => {
    const user = await openPage('');
    expect(network.sockets).toHaveLength(0);
    await user.type(screen.getByRole('textbox', { name: 'Your name' }), 'Zoë{Enter}');
    expect(badge()).toBe('connecting');
    document.body.innerHTML = '';
    await openPage('');
    expect(badge()).toBe('connecting');
  });

  it('asks again where the name in the address will not do, and says why', async () => {
    const user = await openPage(`?name=${'x'.repeat(41)}`);
    expect(screen.getByText('A name has at most 40 characters.')).toBeTruthy();
    const field = screen.getByRole('textbox', { name: 'Your name' });
    await user.clear(field);
    await user.type(field, 'Ann{Enter}');
    expect(badge()).toBe('connecting');
    expect(new URLSearchParams(location.search).has('name')).toBe(false);
  });

  it('speaks Chinese at the door already', async () => {
    const user = await openPage('');
    await user.click(screen.getByRole('button', { name: '中文' }));
    expect(await screen.findByRole('button', { name: '加入' })).toBeTruthy();
  });

  it('asks for a name where the address gives an empty one, and says so', async () => {
    await openPage('?name=');
    expect(screen.getByText('Please give a name.')).toBeTruthy();
  });

  it('goes to another room on the same line', async () => {
    const user = await openPage('?name=Ann&room=tea');
    await user.type(screen.getByRole('textbox', { name: 'Change room' }), 'attic{Enter}');
    expect(await screen.findByRole('heading', { name: 'attic' })).toBeTruthy();
    expect(new URLSearchParams(location.search).get('room')).toBe('attic');
    expect(document.title).toBe('attic · Heartline');
    expect(network.sockets).toHaveLength(1);
    expect(network.latest.closedWith).toBeUndefined();
  });

  it('shows one conversation at a time', async () => {
    const user = await openPage('?name=Ann&room=tea');
    await user.type(screen.getByRole('textbox', { name: 'Change room' }), 'attic{Enter}');
    await screen.findByRole('heading', { name: 'attic' });
    expect(screen.getAllByRole('log')).toHaveLength(1);
    expect(screen.getAllByRole('textbox', { name: 'Message' })).toHaveLength(1);
  });

  it('keeps what is being written with the room that it is written in', async () => {
    const user = await openPage('?name=Ann&room=tea');
    await user.type(screen.getByRole('textbox', { name: 'Message' }), 'half a thought');
    await user.type(screen.getByRole('textbox', { name: 'Change room' }), 'attic{Enter}');
    expect(screen.getByRole('textbox', { name: 'Message' })).toMatchObject({ value: '' });
    act(() => history.back());
    await screen.findByRole('heading', { name: 'tea' });
    expect(screen.getByRole('textbox', { name: 'Message' })).toMatchObject({
      value: 'half a thought',
    });
  });

  it('begins anew, with a line of its own, under another name', async () => {
    await openPage('?name=Ann&room=tea');
    history.replaceState(null, '', '/?name=Bob&room=tea');
    act(() => window.dispatchEvent(new PopStateEvent('popstate')));
    await waitFor(() => expect(network.sockets).toHaveLength(2));
    expect(network.sockets[0]?.closedWith).toMatchObject({ code: 1000 });
  });

  it('stays disconnected in another room, too, until a person reconnects', async () => {
    const user = await openPage('?name=Ann&room=tea');
    await user.click(screen.getByRole('button', { name: 'Disconnect' }));
    await user.type(screen.getByRole('textbox', { name: 'Change room' }), 'attic{Enter}');
    await waitFor(() => expect(badge()).toBe('closed'));
    expect(network.sockets).toHaveLength(1);
    await user.click(screen.getByRole('button', { name: 'Reconnect' }));
    await waitFor(() => expect(network.sockets).toHaveLength(2));
  });

  it('connects who comes in anew, though they had disconnected before', async () => {
    const user = await openPage('?name=Ann');
    await user.click(screen.getByRole('button', { name: 'Disconnect' }));
    await inSettings(user, 'Change name');
    await takeName(user, 'Your name');
    await waitFor(() => expect(badge()).toBe('connecting'));
  });

  it('goes back to the former room with the browser’s Back', async () => {
    const user = await openPage('?name=Ann&room=tea');
    await user.type(screen.getByRole('textbox', { name: 'Change room' }), 'attic{Enter}');
    act(() => history.back());
    expect(await screen.findByRole('heading', { name: 'tea' })).toBeTruthy();
  });

  it('changes the name in place: who only looks has not left, who gives another comes in as that', async () => {
    const user = await openPage('?name=Ann&room=tea');
    await inSettings(user, 'Change name');
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(network.latest.closedWith).toBeUndefined();
    await user.click(screen.getByRole('button', { name: 'Change name' }));
    await takeName(user, 'Your name');
    await waitFor(() => expect(network.sockets).toHaveLength(2));
    expect(network.sockets[0]?.closedWith).toMatchObject({ code: 1000 });
    expect(location.search).toBe('?room=tea');
    expect(await screen.findByText('Zoë')).toBeTruthy();
  });

  it('speaks Chinese when asked to, and goes on with the same line', async () => {
    const user = await openPage('?name=Ann&lang=en');
    await chooseChinese(user);
    expect(await screen.findByRole('button', { name: '发送' })).toBeTruthy();
    expect(new URLSearchParams(location.search).get('lang')).toBe('zh-CN');
    expect(document.documentElement.lang).toBe('zh-CN');
    expect(network.sockets).toHaveLength(1);
  });

  it('says that unsent messages will not survive where the browser keeps nothing', async () => {
    await openPage('?name=Ann');
    expect(await screen.findByText(/keeps nothing for this page/)).toBeTruthy();
  });
});

describe('an address that cannot work', () => {
  it.each([
    ['no server', '', '', 'no chat server behind it'],
    ['a server that is none', '?server=ftp://x', '/ws', '“ftp://x” is not the address'],
    ['plain mode without a server', '?mode=plain', '/ws', 'Plain mode needs a server'],
  ])('is explained: %s', async (_, search, ownServer, words) => {
    await openPage(search, ownServer);
    expect((await screen.findByRole('alert')).textContent).toContain(words);
    expect(network.sockets).toHaveLength(0);
  });

  it('with a room that cannot be leads to the lobby', async () => {
    const user = await openPage('?name=Ann&room=No%20Room');
    expect((await screen.findByRole('alert')).textContent).toContain('“No Room” cannot be a room');
    await user.click(screen.getByRole('button', { name: 'Go to the lobby' }));
    expect(screen.getByRole('heading', { name: 'lobby' })).toBeTruthy();
  });
});

it('says what is wrong with server.json where the page has no server at all', async () => {
  history.replaceState(null, '', '/');
  render(
    <App ownServer={undefined} serverFileProblem={{ kind: 'not JSON' }} language="en" texts={en} />,
  );
  expect((await screen.findByRole('alert', {}, fetched)).textContent).toContain(
    'server.json beside this page is not JSON. This copy of the page has no chat server',
  );
});

describe('a private room', () => {
  const key = 'AAECAwQFBgcICQoLDA0ODw';
  const room = 'p-lutbdvne3uvubmtx37nv5t23jg';
  const link = `?name=Ann&room=${room}#key=${key}`;

  it('opens by its whole link', async () => {
    await openPage(link);
    expect(screen.getByRole('heading', { name: 'Private room · lutb' })).toBeTruthy();
    expect(network.sockets).toHaveLength(1);
  });

  it.each(['', '#key=AAAAAAAAAAAAAAAAAAAAAA'])(
    'without what opens it is explained, and left for the lobby: %j',
    async (hash) => {
      const user = await openPage(`?name=Ann&room=${room}${hash}`);
      expect((await screen.findByRole('alert')).textContent).toContain(
        'This room is private: open it by its whole link.',
      );
      expect(network.sockets).toHaveLength(0);
      await user.click(screen.getByRole('button', { name: 'Go to the lobby' }));
      expect(screen.getByRole('heading', { name: 'lobby' })).toBeTruthy();
      expect(location.hash).toBe('');
    },
  );

  it('whose name alone is typed is explained where it was typed, and the open room stays', async () => {
    const user = await openPage('?name=Ann&room=tea');
    await user.type(screen.getByRole('textbox', { name: 'Change room' }), `${room}{Enter}`);
    expect((await screen.findByRole('alert')).textContent).toContain('opens by its whole link');
    expect(screen.getByRole('heading', { name: 'tea' })).toBeTruthy();
    expect(network.sockets).toHaveLength(1);
  });

  it('that was opened before opens by its name: its key is known', async () => {
    const user = await openPage(link);
    await user.type(screen.getByRole('textbox', { name: 'Change room' }), 'attic{Enter}');
    await screen.findByRole('heading', { name: 'attic' });
    await user.type(screen.getByRole('textbox', { name: 'Change room' }), `${room}{Enter}`);
    expect(await screen.findByRole('heading', { name: 'Private room · lutb' })).toBeTruthy();
    expect(location.hash).toBe(`#key=${key}`);
  });

  it('opens to who comes by a notification, if push is on there: its key is kept for that', async () => {
    createRoomKeys(createTextStorage('localStorage')).keep(room, key);
    await openPage(`?name=Ann&room=${room}`);
    expect(screen.getByRole('heading', { name: 'Private room · lutb' })).toBeTruthy();
    expect(location.hash).toBe(`#key=${key}`);
  });

  it('is made with a key that nobody else has, and left behind with its key', async () => {
    const user = await openPage('?name=Ann&room=tea');
    await user.click(screen.getByRole('button', { name: 'New private room', hidden: true }));
    expect(await screen.findByRole('heading', { name: /^Private room · / })).toBeTruthy();
    const made = location.href;
    expect(location.hash).toMatch(/^#key=[\w-]{22}$/);
    await user.type(screen.getByRole('textbox', { name: 'Change room' }), 'attic{Enter}');
    expect(screen.getByRole('heading', { name: 'attic' })).toBeTruthy();
    expect(location.hash).toBe('');
    act(() => history.back());
    expect(await screen.findByRole('heading', { name: /^Private room · / })).toBeTruthy();
    expect(location.href).toBe(made);
    await user.click(screen.getByRole('button', { name: 'New private room', hidden: true }));
    await waitFor(() => expect(location.href).not.toBe(made));
  });

  it('stays open through a change of language and of name', async () => {
    const user = await openPage(`?lang=en&name=Ann&room=${room}#key=${key}`);
    await chooseChinese(user);
    expect(await screen.findByRole('heading', { name: '私密房间 · lutb' })).toBeTruthy();
    expect(location.hash).toBe(`#key=${key}`);
    await user.click(screen.getByRole('button', { name: '设置' }));
    await user.click(await screen.findByRole('button', { name: '换个名字' }));
    await takeName(user, '你的名字');
    expect(await screen.findByText('Zoë')).toBeTruthy();
    expect(await screen.findByRole('heading', { name: '私密房间 · lutb' })).toBeTruthy();
    expect(location.hash).toBe(`#key=${key}`);
  });
});

describe('plain mode', () => {
  it('connects without a subprotocol, and shows bare texts', async () => {
    const user = await openPage('?name=Ann&mode=plain&server=ws://tutorial.example:6969');
    await waitFor(() => expect(network.sockets).toHaveLength(1), fetched);
    expect(network.latest).toMatchObject({ url: 'ws://tutorial.example:6969/', protocols: [] });
    act(() => network.latest.accept());
    act(() => network.latest.deliver('welcome'));
    await user.type(screen.getByRole('textbox', { name: 'Message' }), 'hello{Enter}');
    await waitFor(() => expect(network.latest.sent).toEqual(['hello']));
    expect(await screen.findByText('welcome')).toBeTruthy();
  });
});

describe('signing out', () => {
  it('leaves the line as one who goes, and comes back to the door with nothing kept', async () => {
    const user = await openPage('?name=Ann');
    act(() => network.latest.accept());
    await inSettings(user, 'Sign out');
    const question = within(screen.getByRole('alertdialog', { name: 'Sign out?' }));
    await user.click(question.getByRole('button', { name: 'Sign out' }));
    await screen.findByRole('textbox', { name: 'Your name' });
    expect(network.latest.closedWith).toMatchObject({ code: 1000 });
    expect(new URLSearchParams(location.search).has('name')).toBe(false);
    expect(JSON.stringify({ ...localStorage, ...sessionStorage })).not.toContain('Ann');
  });
});
