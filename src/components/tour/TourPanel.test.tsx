import { act, screen, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { tour as english } from '../../i18n/en/tour';
import { zhCN } from '../../i18n/zh-CN';
import { tour as chinese } from '../../i18n/zh-CN/tour';
import { createFakeNetwork } from '../../testing/fakeSocket';
import { connectionOf, type RenderChatOptions, renderChat } from '../../testing/renderChat';
import { TourPanel } from './TourPanel';

const open = connectionOf({ status: 'open' });

function renderTour(options: RenderChatOptions = {}, texts = english) {
  const onClose = vi.fn();
  const view = renderChat(<TourPanel texts={texts} onClose={onClose} />, {
    ...options,
    state: { connection: open, ...options.state },
  });
  const network = createFakeNetwork();
  const step = (title: string) =>
    within(screen.getByText(title).closest('li') ?? expect.fail(`no step is called ${title}`));
  return {
    ...view,
    onClose,
    step,
    // By their texts: to find things by their roles takes seconds where a machine is busy.
    press: (name: string) => view.user.click(screen.getByText(name)),
    unfold: (title: string) => view.user.click(screen.getByText(title)),
    /** A socket of the page's opens, through the lab. */
    openSocket: () =>
      act(() => {
        const socket = view.lab.wrap(network.open)('wss://chat.example/ws', []);
        network.latest.accept();
        return socket;
      }),
  };
}

const { steps } = english;

const isBlocked = (button: string) => screen.getByText(button).hasAttribute('disabled');

describe('the guided tour', () => {
  it('tells of one step at a time, the first one first', async () => {
    const { unfold } = renderTour();
    const headings = Object.values(steps).map(({ title }) => screen.getByText(title).closest('h3'));
    expect(headings.map((each) => each?.textContent)).toEqual(
      Object.values(steps).map(({ title }, index) => `${index + 1}${title}`),
    );
    screen.getByText(steps.socket.tells[1] ?? '');
    await unfold(steps.ack.title);
    screen.getByText(steps.ack.tells[1] ?? '');
    expect(screen.queryByText(steps.socket.tells[1] ?? '')).toBeNull();
  });

  it('ticks a step off once it was seen, says what was, and goes on to the next', async () => {
    const { press, openSocket, actions, step } = renderTour();
    await press(steps.socket.button);
    expect(actions.disconnect).toHaveBeenCalledOnce();
    expect(actions.reconnect).toHaveBeenCalledOnce();
    step(steps.socket.title).getByText(english.awaits.opening);
    expect(screen.queryByText(english.next)).toBeNull();

    openSocket();
    screen.getByText(english.progress(1, 9));
    step(steps.socket.title).getByText(english.sights.opening('wss://chat.example/ws'));
    const news = screen.getByText(english.stepDone(steps.socket.title));
    expect(news.getAttribute('aria-live')).toBe('polite');
    await press(english.next);
    const handshake = screen.getByRole('button', { name: new RegExp(`^${steps.handshake.title}`) });
    expect(handshake.getAttribute('aria-expanded')).toBe('true');
    expect(document.activeElement).toBe(handshake);
    expect(localStorage.getItem('heartline.tour')).toBe('socket');
  });

  it('goes on where it was, and takes nothing for a step that none is', () => {
    localStorage.setItem('heartline.tour', 'socket nonsense frames');
    renderTour();
    screen.getByText(english.progress(2, 9));
    screen.getByText(steps.handshake.tells[1] ?? '');
  });

  it('begins anew when it is asked to', async () => {
    localStorage.setItem('heartline.tour', Object.keys(steps).join(' '));
    const { press } = renderTour();
    screen.getByText(english.finished);
    await press(english.restart);
    screen.getByText(english.progress(0, 9));
    expect(localStorage.getItem('heartline.tour')).toBeNull();
  });

  it('can be stopped in a step, which then was not seen', async () => {
    const { press, openSocket } = renderTour();
    await press(steps.socket.button);
    await press(english.stop);
    openSocket();
    screen.getByText(english.progress(0, 9));
    screen.getByText(steps.socket.button);
  });

  it('waits with what needs a line until there is one', async () => {
    const { unfold, set } = renderTour({
      state: { connection: connectionOf({ status: 'waiting' }) },
    });
    expect(isBlocked(steps.socket.button)).toBe(false);
    await unfold(steps.ack.title);
    expect(isBlocked(steps.ack.button)).toBe(true);
    screen.getByText(english.needsLine);
    set({ connection: open });
    expect(isBlocked(steps.ack.button)).toBe(false);
  });

  it('says what cannot be seen of a plain server, and does without', async () => {
    const { unfold, press } = renderTour({ mode: 'plain' });
    screen.getByText(english.progress(0, 5));
    expect(screen.getAllByText(english.isSkipped)).toHaveLength(4);
    await unfold(steps.handshake.title);
    screen.getByText(english.impossible.plain);
    await press(english.next);
    screen.getByText(steps.frames.button);
  });

  it('says so where the server is in the page', () => {
    renderTour({ controls: { serverUrl: 'local:' } });
    screen.getByText(english.local);
  });

  it('is in Chinese, too', () => {
    renderTour({ language: 'zh-CN', texts: zhCN }, chinese);
    screen.getByRole('button', { name: chinese.steps.socket.button });
  });
});

describe('the step of the push', () => {
  it('says that the page stands in, and what the service worker did', async () => {
    const { unfold, press, lab, page } = renderTour({
      controls: {
        notifyPermission: () => 'denied',
        handOverPush: async () => {
          lab.pushed('page');
          return 'not allowed';
        },
      },
    });
    await unfold(steps.push.title);
    screen.getByText(english.push.page);
    screen.getByText(english.push.denied);
    await press(steps.push.button);
    await screen.findByText(english.sights['not allowed']());
    screen.getByText(english.progress(1, 9));
    expect(page.askToNotify).not.toHaveBeenCalled();
  });

  it('says that it was not seen if the worker does not answer', async () => {
    const { unfold, press } = renderTour({
      controls: {
        handOverPush: async () => {
          throw new Error('the service worker said nothing');
        },
      },
    });
    await unfold(steps.push.title);
    await press(steps.push.button);
    expect(await screen.findAllByText(english.missed)).not.toHaveLength(0);
    screen.getByText(english.progress(0, 9));
  });

  it('asks for notifications only when that is pressed', async () => {
    const { unfold, press, page } = renderTour({ controls: { notifyPermission: () => 'default' } });
    await unfold(steps.push.title);
    await press(english.push.allow);
    expect(page.askToNotify).toHaveBeenCalledOnce();
    expect(screen.queryByText(english.push.allow)).toBeNull();
    expect(document.activeElement).toBe(screen.getByText(english.push.page));
  });

  it('leaves, and waits for a real one, where push is on; or lets the page stand in all the same', async () => {
    const { unfold, press, actions, page } = renderTour({ state: { push: { status: 'on' } } });
    await unfold(steps.push.title);
    await press(english.push.serviceButton);
    expect(actions.disconnect).toHaveBeenCalledOnce();
    expect(page.handOverPush).not.toHaveBeenCalled();
    await press(english.stop);
    expect(actions.reconnect).toHaveBeenCalledOnce();
    await press(english.push.pageButton);
    expect(page.handOverPush).toHaveBeenCalledOnce();
  });

  it('cannot be where there is no service worker', async () => {
    const { unfold } = renderTour({ controls: { handOverPush: undefined } });
    await unfold(steps.push.title);
    screen.getByText(english.impossible['no worker']);
    screen.getByText(english.progress(0, 8));
  });
});
