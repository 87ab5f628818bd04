/** Builds what the end-to-end tests run, and finds the browsers that they run it in. */
import { execFileSync } from 'node:child_process';
import type { TestProject } from 'vitest/node';
import { findOrInstallChromium } from './support/chromium';
import { mayUseApt } from './support/debian';
import { findOrInstallFirefox } from './support/firefox';

declare module 'vitest' {
  export interface ProvidedContext {
    chromiumPath: string;
  }
}

export async function setup(project: TestProject): Promise<void> {
  project.provide('chromiumPath', findOrInstallChromium());
  // Once, before tests run in several processes. Elsewhere the tests that need it say so.
  if (mayUseApt()) findOrInstallFirefox();
  // In a process of its own and with nothing of this one's environment: the very build that people get.
  const { NODE_ENV: _, VITEST: __, ...env } = process.env;
  execFileSync('npm', ['run', '--silent', 'build'], {
    env,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
}
