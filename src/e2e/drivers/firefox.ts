/**
 * Firefox as it is released, driven by WebDriver BiDi, which it speaks by itself. Libraries that do so in its
 * stead want a later Node than the one the chat runs on.
 */
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { expect } from 'vitest';
import { patienceMs } from '../support/patience';
import type { Bidi } from './bidi';
import type { DrivenPage, Driver, Profile } from './driver';
import { startComposing } from './firefoxComposing';
import { type FirefoxProcess, startFirefox } from './firefoxProcess';
import { callFunction, osPidOf } from './firefoxScripts';

const events = ['browsingContext.downloadEnd', 'browsingContext.navigationCommitted'];

export const firefox: Driver = {
  name: 'Firefox',
  keepsPages: false,
  async startBrowser() {
    const started = await startFirefox();
    await started.bidi.command('session.subscribe', { events }, v.unknown());
    const { freeze, thaw } = started;
    return { newProfile: () => createProfile(started), freeze, thaw };
  },
};

async function createProfile({ bidi, folder }: FirefoxProcess): Promise<Profile> {
  const created = v.object({ userContext: v.string() });
  const { userContext } = await bidi.command('browser.createUserContext', {}, created);
  await bidi.command(
    'browser.setDownloadBehavior',
    {
      downloadBehavior: { type: 'allowed', destinationFolder: folder },
      userContexts: [userContext],
    },
    v.unknown(),
  );
  const profile: Profile = {
    async openPage(url) {
      const { context } = await bidi.command(
        'browsingContext.create',
        { type: 'tab', userContext },
        v.object({ context: v.string() }),
      );
      const page = drivePage(bidi, context, profile);
      await page.goto(url);
      return page;
    },
    async setOffline(isOffline) {
      const networkConditions = isOffline ? { type: 'offline' } : null;
      const params = { networkConditions, userContexts: [userContext] };
      await bidi.command('emulation.setNetworkConditions', params, v.unknown());
    },
  };
  return profile;
}

/** How WebDriver writes keys that write nothing. */
const keys = { Enter: '\uE007' };

function drivePage(bidi: Bidi, context: string, profile: Profile): DrivenPage {
  const tell = (method: string, params: object = {}) =>
    bidi.command(`browsingContext.${method}`, { context, ...params }, v.unknown());
  const call = (script: string, ...args: object[]) => callFunction(bidi, context, script, ...args);
  const perform = (...actions: object[]) =>
    bidi.command('input.performActions', { context, actions }, v.unknown());

  /** Runs the script on the one element of this kind and name, once that is there and can be pressed. */
  async function callOn(kind: keyof typeof kinds, name: string, script: string, text = '') {
    const args = [kinds[kind], name, text].map((value) => ({ type: 'string', value }));
    let result: unknown;
    await expect
      .poll(async () => (result = await call(onPressable(script), ...args)), {
        message: `one ${kind} "${name}" that can be pressed`,
        timeout: patienceMs,
      })
      .not.toBeNull();
    return result;
  }

  async function click(button: string) {
    const { x, y } = v.parse(point, await callOn('button', button, String(middleOf)));
    await perform({
      type: 'pointer',
      id: 'mouse',
      actions: [
        { type: 'pointerMove', x, y },
        { type: 'pointerDown', button: 0 },
        { type: 'pointerUp', button: 0 },
      ],
    });
  }

  const page: DrivenPage = {
    profile,
    url: async () => v.parse(v.string(), await page.evaluate(() => location.href)),
    goto: async (url) => void (await tell('navigate', { url, wait: 'complete' })),
    reload: async () => void (await tell('reload', { wait: 'complete' })),
    goBack: async () => void (await tell('traverseHistory', { delta: -1 })),
    close: async () => void (await tell('close')),
    async crash() {
      const isCrashed = v.pipe(v.string(), v.startsWith('about:tabcrashed'));
      const crashed = bidi.next(
        'browsingContext.navigationCommitted',
        v.object({ context: v.literal(context), url: isCrashed }),
      );
      process.kill(await osPidOf(bidi, await page.url()), 'SIGKILL');
      await crashed;
    },
    fill: async (textbox, text) =>
      void (await callOn('textbox', textbox, String(replaceText), text)),
    click,
    async press(key) {
      const value = keys[key];
      const actions = [
        { type: 'keyDown', value },
        { type: 'keyUp', value },
      ];
      await perform({ type: 'key', id: 'keyboard', actions });
    },
    startComposing: () => startComposing(bidi),
    evaluate: (script, arg = '') => call(String(script), { type: 'string', value: arg }),
    untilShown: (selector, timeoutMs = patienceMs) =>
      expect
        .poll(() => page.evaluate(visibilities, selector), {
          message: `one visible ${selector}`,
          timeout: timeoutMs,
        })
        .toEqual([true]),
    async save(button) {
      const saved = bidi.next(
        'browsingContext.downloadEnd',
        v.object({ context: v.literal(context), filepath: v.string() }),
      );
      await click(button);
      return readFile((await saved).filepath, 'utf8');
    },
  };
  return page;
}

/** Asked by accessibility, Firefox would look through the whole page, which takes it too long. */
const kinds = { button: 'button', textbox: 'textarea, input' };

const point = v.object({ x: v.number(), y: v.number() });

/** Runs in the page: what `script` says of the element; null while it is not the only one, or is covered. */
const onPressable = (script: string) => `(selector, name, text) => {
  const nameOf = (each) =>
    each.getAttribute('aria-label') ?? (each.labels?.[0] ?? each).textContent.trim();
  const found = [...document.querySelectorAll(selector)].filter((each) => nameOf(each) === name);
  const [element] = found;
  if (found.length !== 1 || element.disabled) return null;
  element.scrollIntoView({ block: 'nearest' });
  const middleOf = ${middleOf};
  const { x, y } = middleOf(element);
  if (!element.contains(document.elementFromPoint(x, y))) return null;
  return (${script})(element, text) ?? true;
}`;

/** Runs in the page. */
function middleOf(element: HTMLElement) {
  const { x, y, width, height } = element.getBoundingClientRect();
  return { x: Math.round(x + width / 2), y: Math.round(y + height / 2) };
}

/** Runs in the page. The text arrives as what is pasted does. */
function replaceText(field: HTMLTextAreaElement, text: string): void {
  field.focus();
  field.select();
  document.execCommand(text === '' ? 'delete' : 'insertText', false, text);
}

/** Runs in the page. Of each element, whether it can be seen. */
function visibilities(selector: string): boolean[] {
  return [...document.querySelectorAll(selector)].map(
    (element) =>
      element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0,
  );
}
