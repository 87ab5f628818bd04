/** Real Chromium for a test: browsers that are closed when it is over, and can be frozen whole. */
import { type Browser, type BrowserServer, chromium } from 'playwright-core';
import { inject, onTestFinished } from 'vitest';

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const microphoneArgs = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];

export interface FreezableBrowser {
  readonly browser: Browser;
  /** Stops every process of the browser, as a machine that sleeps does. */
  freeze(): void;
  thaw(): void;
}

export interface BrowserOptions {
  /** Keeps pages for the way back, as browsers of people do. */
  keepsPages?: boolean;
  /** Has a microphone, in which there is a beep each second, and gives it to any page that asks. */
  hasMicrophone?: boolean;
}

export async function startBrowser({
  keepsPages = false,
  hasMicrophone = false,
}: BrowserOptions = {}): Promise<FreezableBrowser> {
  const server: BrowserServer = await chromium.launchServer({
    executablePath: inject('chromiumPath'),
    args: hasMicrophone ? [...args, ...microphoneArgs] : args,
    ...(keepsPages && { ignoreDefaultArgs: ['--disable-back-forward-cache'] }),
  });
  const { pid } = server.process();
  // Playwright starts the browser as the leader of a process group of its own.
  const signal = (name: NodeJS.Signals) => {
    if (pid !== undefined) process.kill(-pid, name);
  };
  onTestFinished(async () => {
    signal('SIGCONT');
    await server.close();
  });
  return {
    browser: await chromium.connect(server.wsEndpoint()),
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
  };
}
