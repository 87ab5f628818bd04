import { describe, expect, it } from 'vitest';
import { startBrowser } from './support/browser';
import { openChat } from './support/chatPage';
import { startFaultProxy } from './support/faultProxy';
import { startServer } from './support/serverProcess';

/** A page from one server, in a chat on another, by way of a proxy that can fail. */
async function openElsewhere(lang: 'en' | 'zh' = 'en') {
  const pageServer = await startServer();
  const chatServer = await startServer(['--allow-origin', pageServer.url]);
  const proxy = await startFaultProxy(chatServer.port);
  const { browser } = await startBrowser();
  const ann = await openChat(browser, pageServer.url, {
    name: 'Ann',
    lang,
    server: `ws://localhost:${proxy.port}/ws`,
  });
  await ann.untilConnection('open');
  return { ann, proxy };
}

describe('a WebSocket that does not open, which says nothing by itself', () => {
  it('is told apart: a server that is down, one that asks to sign in, one that lets no WebSocket through', async () => {
    const { ann, proxy } = await openElsewhere();
    const says = (text: string) => ann.page.getByText(text).waitFor();
    proxy.fail({ kind: 'refuse' });
    await says('the server does not answer');

    await ann.page.route('**/healthz', (route) => route.fulfill({ status: 401 }));
    await says('asks you to sign in');

    await ann.page.unroute('**/healthz');
    await ann.page.route('**/healthz', (route) => route.fulfill({ status: 200 }));
    await says('lets no WebSocket through');

    proxy.fail({ kind: 'none' });
    await ann.untilConnection('open');
    await expect.poll(() => ann.page.getByText('lets no WebSocket through').count()).toBe(0);
  });

  it('is told as no network where the page’s own server cannot be reached either, in Chinese too', async () => {
    const { ann, proxy } = await openElsewhere('zh');
    proxy.fail({ kind: 'refuse' });
    await ann.page.getByText('服务器没有回应').waitFor();
    await ann.page.route('**/*', (route) => route.abort());
    await ann.page.getByText('网络断了').waitFor();
  });
});
