/** Firefox as processes of its own, which a test can freeze, with a line to it by WebDriver BiDi. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { onTestFinished } from 'vitest';
import { findOrInstallFirefox } from '../support/firefox';
import { type Bidi, connectBidi } from './bidi';

export interface FirefoxProcess {
  readonly bidi: Bidi;
  /** Empty at first; gone when the test is over. */
  readonly folder: string;
  freeze(): void;
  thaw(): void;
}

/** None outlives the tests, however they end. */
const running = new Set<() => void>();
process.once('exit', () => {
  for (const kill of running) kill();
});

/** Ended and swept when the test is over. */
export async function startFirefox(): Promise<FirefoxProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'heartline-firefox-'));
  // What Firefox does by itself at a start, and should not in a test, the port for driving it puts off.
  // System access is for what no page can do: to compose, and to know a page's process.
  const args = ['--headless', '--no-remote', '--remote-debugging-port=0'];
  const child = spawn(
    findOrInstallFirefox(),
    [...args, '--remote-allow-system-access', '--profile', folder, 'about:blank'],
    // The leader of a group of its own, which can be stopped as one.
    { detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const signal = (name: NodeJS.Signals) => {
    if (child.pid !== undefined) process.kill(-child.pid, name);
  };
  const kill = () => signal('SIGKILL');
  running.add(kill);
  child.once('exit', () => running.delete(kill));
  onTestFinished(async () => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      kill();
      await exited;
    }
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  });
  const address = await new Promise<string>((resolve, reject) => {
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
      const [, found] = /WebDriver BiDi listening on (ws:\S+)/.exec(stderr) ?? [];
      if (found) resolve(found);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`Firefox ended with ${code}: ${stderr}`)));
  });
  const bidi = await connectBidi(`${address}/session`);
  onTestFinished(bidi.close);
  await bidi.command('session.new', { capabilities: {} }, v.unknown());
  return { bidi, folder, freeze: () => signal('SIGSTOP'), thaw: () => signal('SIGCONT') };
}
