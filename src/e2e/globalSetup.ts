/** Builds what the end-to-end tests run, and finds the browser that they run it in. */
import { createBuilder } from 'vite';
import type { TestProject } from 'vitest/node';
import { findOrInstallChromium } from './support/chromium';

declare module 'vitest' {
  export interface ProvidedContext {
    chromiumPath: string;
  }
}

export async function setup(project: TestProject): Promise<void> {
  project.provide('chromiumPath', findOrInstallChromium());
  const builder = await createBuilder({ logLevel: 'warn', mode: 'production' });
  await builder.buildApp();
}
