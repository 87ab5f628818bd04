/**
 * Push when away in a real Chromium. It has no push service behind it there: what the page subscribes to
 * is the test's own, and what that would hand to the worker is handed to it by the browser's debugger.
 */
import type { BrowserContext, Page, Worker } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startPushService } from '../testing/pushService';
import { startBrowser } from './support/browser';
import { atChat } from './support/chatPage';
import { comeIn } from './support/guest';
import { pusherOf, subscribeTo } from './support/pushedBrowser';
import { type ServerProcess, startServer } from './support/serverProcess';

async function startWorld() {
  const service = await startPushService();
  onTestFinished(service.close);
  const server = await startServer(['--push-service', service.origin]);
  const { browser } = await startBrowser();
  const context = await browser.newContext();
  return { service, server, context };
}

async function openAnn(context: BrowserContext, server: ServerProcess, room = 'tea') {
  const page = await context.newPage();
  await page.goto(`${server.url}?lang=en&name=Ann&room=${room}`);
  const chat = atChat(page);
  await chat.untilConnection('open');
  return chat;
}

const theSwitch = (page: Page) => page.getByRole('switch', { name: 'Notify me when I am away' });
const untilOn = (page: Page) =>
  inSettings(page, () =>
    expect.poll(() => theSwitch(page).getAttribute('aria-checked')).toBe('true'),
  );
const turn = (page: Page) => inSettings(page, () => theSwitch(page).click());

async function inSettings(page: Page, act: () => Promise<void>) {
  await page.getByRole('button', { name: 'Settings' }).click();
  await act();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

type ShownNotification = Pick<Notification, 'title' | 'body' | 'tag'>;

const notificationsOf = (page: Page): Promise<ShownNotification[]> =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    const shown = await registration.getNotifications();
    const notifications = shown.map(({ title, body, tag }) => ({ title, body, tag }));
    return notifications.sort((one, other) => one.title.localeCompare(other.title));
  });

async function workerOf(context: BrowserContext): Promise<Worker> {
  return context.serviceWorkers()[0] ?? context.waitForEvent('serviceworker');
}

describe('the switch on the page', () => {
  it('turns it on, over a reload too, and what is said while away arrives encrypted', async () => {
    const { service, server, context } = await startWorld();
    await context.grantPermissions(['notifications']);
    await subscribeTo(context, service);
    const ann = await openAnn(context, server);
    await turn(ann.page);
    await untilOn(ann.page);
    await ann.page.reload();
    await ann.untilConnection('open');
    await untilOn(ann.page);

    const bob = await comeIn(server.webSocketUrl, 'tea', { name: 'Bob' });
    await bob.say('tea', 'you are here');
    await ann.untilBodies(['you are here']);
    await ann.press('Disconnect');
    await ann.untilConnection('closed');
    await bob.untilLeft();
    await bob.say('tea', 'dinner is ready');
    await expect
      .poll(() => service.received.map(({ payload }) => payload))
      .toEqual([{ room: 'tea', seq: 2, from: 'Bob', text: 'dinner is ready' }]);

    await ann.press('Reconnect');
    await ann.untilConnection('open');
    await untilOn(ann.page);
    await turn(ann.page);
    await expect
      .poll(() => ann.page.evaluate(() => localStorage['test.subscription']))
      .toBe(undefined);
    await ann.press('Disconnect');
    await ann.untilConnection('closed');
    await bob.untilLeft();
    await bob.say('tea', 'nobody hears this');
    const eve = await comeIn(server.webSocketUrl, 'tea', { name: 'Eve' });
    eve.send({ t: 'push', room: 'tea', ...service.subscribe('eve') });
    await eve.next('pushed');
    await eve.leave();
    await bob.untilLeft();
    await bob.say('tea', 'but this');
    await expect
      .poll(() => service.received.map(({ path }) => path))
      .toEqual(['/push/ann', '/push/eve']);
  });

  it('says what to do when the browser blocks notifications, and asks for nothing before', async () => {
    const { server, context } = await startWorld();
    const asked: string[] = [];
    await context.exposeFunction('noteAsked', (what: string) => void asked.push(what));
    await context.addInitScript(() => {
      let permission = 'default';
      Object.defineProperty(Notification, 'permission', { get: () => permission });
      Notification.requestPermission = async () => {
        await Reflect.get(window, 'noteAsked')('permission');
        permission = 'denied';
        return 'denied';
      };
    });
    const ann = await openAnn(context, server);
    expect(asked).toEqual([]);
    // The page has its worker for other reasons: to start without a network.
    const subscription = () =>
      ann.page.evaluate(async () =>
        (await navigator.serviceWorker.ready).pushManager.getSubscription(),
      );
    expect(await subscription()).toBeNull();
    expect(asked).toEqual([]);
    await ann.page.getByRole('button', { name: 'Settings' }).click();
    await theSwitch(ann.page).click();
    await ann.page.getByText('Your browser blocks notifications').waitFor();
    expect(asked).toEqual(['permission']);
  });
});

describe('the service worker', () => {
  async function startWithWorker() {
    const { service, server, context } = await startWorld();
    await context.grantPermissions(['notifications']);
    await subscribeTo(context, service);
    const ann = await openAnn(context, server);
    await turn(ann.page);
    await untilOn(ann.page);
    const push = await pusherOf(context, ann.page);
    /** Pushes once or more, until these and no others are shown. */
    const pushUntil = (data: string, shown: readonly Partial<ShownNotification>[]) =>
      expect
        .poll(async () => {
          await push(data);
          return notificationsOf(ann.page);
        })
        .toMatchObject(shown);
    return { server, context, ann, push, pushUntil };
  }
  const pushed = (seq: number, text: string, room = 'tea') =>
    JSON.stringify({ room, seq, from: 'Bob', text });

  it('shows what comes, one notification a room, and something generic for what it cannot read', async () => {
    const { pushUntil } = await startWithWorker();
    await pushUntil(pushed(1, 'one', 'cake'), [{ tag: 'heartline cake', body: 'one' }]);
    const latest = { title: 'Bob · cake', body: 'two 🍰', tag: 'heartline cake' };
    await pushUntil(pushed(2, 'two 🍰', 'cake'), [latest]);
    await pushUntil('{"what":"is this"}', [latest, { title: 'Heartline' }]);
  });

  it('shows nothing of a room that is in front of the user’s eyes', async () => {
    const { context, ann, push, pushUntil } = await startWithWorker();
    await ann.page.bringToFront();
    const worker = await workerOf(context);
    await expect
      .poll(() =>
        worker.evaluate<boolean[]>(
          `clients.matchAll({ includeUncontrolled: true }).then((all) => all.map(({ focused }) => focused))`,
        ),
      )
      .toEqual([true]);
    await push(pushed(1, 'seen already'));
    await pushUntil(pushed(2, 'elsewhere', 'cake'), [{ tag: 'heartline cake' }]);
  });

  it('opens the room of a notification that is clicked, as the page was opened before', async () => {
    const { server, context, ann, pushUntil } = await startWithWorker();
    await pushUntil(pushed(1, 'one', 'cake'), [{ tag: 'heartline cake' }]);
    const worker = await workerOf(context);
    // No script can click a notification, and without a click no window may be opened: so it is seen
    // what the worker asks for.
    const opened = await worker.evaluate<string>(`new Promise(async (resolve) => {
      clients.openWindow = async (url) => resolve(url);
      const [notification] = await registration.getNotifications();
      dispatchEvent(new NotificationEvent('notificationclick', { notification }));
    })`);
    expect(opened).toBe(`${server.url}?lang=en&name=Ann&room=cake`);
    await expect.poll(() => notificationsOf(ann.page)).toEqual([]);
  });

  it('takes away what was shown of a room when that is opened', async () => {
    const { context, server, ann, pushUntil } = await startWithWorker();
    await pushUntil(pushed(1, 'one', 'cake'), [{ tag: 'heartline cake' }]);
    await openAnn(context, server, 'cake');
    await expect.poll(() => notificationsOf(ann.page)).toEqual([]);
  });
});
