import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import manifest from './package.json' with { type: 'json' };

/**
 * One configuration for everything that is built or tested.
 *
 * `vite build` makes two things: `dist/`, the page, which any static host can serve, and
 * `dist-server/`, the Node server. `vitest` has three projects: logic in Node, components in jsdom,
 * and the whole system in a real browser.
 */
export default defineConfig({
  base: './',
  plugins: [react()],
  builder: {},
  define: { __HEARTLINE_VERSION__: JSON.stringify(manifest.version) },
  environments: {
    client: {
      build: { outDir: 'dist', target: 'baseline-widely-available' },
    },
    server: {
      consumer: 'server',
      build: {
        outDir: 'dist-server',
        target: 'node20',
        copyPublicDir: false,
        minify: false,
        rolldownOptions: {
          input: {
            heartline: 'src/server/node/main.ts',
            sqliteWorker: 'src/server/node/sqliteWorker.ts',
          },
          output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
        },
      },
    },
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'node',
          include: ['src/**/*.test.ts'],
          exclude: ['src/e2e/*.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'components',
          environment: 'jsdom',
          include: ['src/**/*.test.tsx'],
          setupFiles: ['src/testing/jsdomSetup.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['src/e2e/*.test.ts'],
          globalSetup: ['src/e2e/globalSetup.ts'],
          testTimeout: 90_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
