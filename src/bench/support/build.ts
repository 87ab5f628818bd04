/** Vite's build as people run it, though a test runner runs it. */
import { build, type InlineConfig } from 'vite';
import { vi } from 'vitest';

/** Builds with nothing of this project's configuration and, unlike a test, for production. */
export async function buildForProduction(config: InlineConfig) {
  vi.stubEnv('NODE_ENV', 'production');
  try {
    return await build({ configFile: false, logLevel: 'warn', ...config });
  } finally {
    vi.unstubAllEnvs();
  }
}
