/** The page under the policy that its server gives it: nothing that it does may be in breach of that. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { startBrowser } from './support/browser';
import { openChat } from './support/chatPage';
import { startServer } from './support/serverProcess';

/** Everything that the page complains of from now on: breaches of the policy, errors, failed files. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('requestfailed', (request) => complaints.push(`${request.url()} failed`));
  return complaints;
}

const words = {
  en: { room: 'Room', people: 'here', leave: 'Sign out', stay: 'Stay', other: '中文' },
  zh: { room: '房间', people: '人', leave: '退出', stay: '留下', other: 'English' },
};
