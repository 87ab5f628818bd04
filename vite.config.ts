import react from '@vitejs/plugin-react';
import type enEmojis from 'emojibase-data/en/data.json';
import { isRunnableDevEnvironment, type Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { defineConfig } from 'vitest/config';
import manifest from './package.json' with { type: 'json' };
import { compressedFiles } from './src/build/compressedFiles.ts';
import { firstLoadBudget } from './src/build/firstLoadBudget.ts';
import { inlineClassNames } from './src/build/inlineClassNames.ts';
import { laterStyles } from './src/build/laterStyles.ts';
import { pageFiles } from './src/build/pageFiles.ts';
import { shortClassNames } from './src/build/shortClassNames.ts';
import { workerAddress } from './src/build/workerAddress.ts';
import { policyInPage } from './src/server/node/securityHeaders.ts';

/** Where `npm run dev` keeps the chat's server; the page reaches it through its own address. */
const devServerPort = 6970;

/** Starts a server that forgets everything at its end, for as long as Vite serves the page. */
function chatServer(): Plugin {
  return {
    name: 'heartline-chat-server',
    apply: (_, { command, mode }) => command === 'serve' && mode === 'development',
    async configureServer(vite) {
      const { server: environment } = vite.environments;
      if (!environment || !isRunnableDevEnvironment(environment)) return;
      const module = await environment.runner.import('/src/server/node/startServer.ts');
      const flags = ['--log', 'memory', '--port', String(devServerPort)];
      const { parseOptions } = await environment.runner.import('/src/server/node/options.ts');
      const server = await module.startServer(parseOptions(flags, {}).options, 'public');
      vite.httpServer?.once('close', () => server.stop());
    },
  };
}

/** Gives a page in development its service worker, as a module. */
function pushWorkerInDevelopment(): Plugin {
  return {
    name: 'heartline-push-worker',
    apply: 'serve',
    configureServer(vite) {
      vite.middlewares.use((request, _, next) => {
        if (request.url?.startsWith('/push-worker.js')) request.url = `/${pushWorker}`;
        next();
      });
    },
  };
}

/** The page's service worker, which lies beside the page under a name that stays. */
const pushWorker = 'src/push/pushWorker.ts';

/** What the page and its worker are built for. */
const target = 'baseline-widely-available';

/**
 * Builds the service worker once the page is built, as it has to know all of the page's files. It is one plain
 * script: not every browser takes modules there.
 */
function serviceWorker(): Plugin[] {
  const plugins = VitePWA({
    strategies: 'injectManifest',
    filename: 'push-worker.js',
    manifest: false,
    injectRegister: false,
    injectManifest: {
      rollupFormat: 'iife',
      target,
      sourcemap: false,
      globPatterns: ['**/*'],
      // Whoever hosts the page may write another `server.json`.
      globIgnores: ['server.json', '**/*.map', '**/*.{gz,br}'],
      // These have a hash in their names.
      dontCacheBustURLsMatching: /^assets\//,
      maximumFileSizeToCacheInBytes: 4 * 1024 * 1024,
    },
    integration: {
      configureCustomSWViteBuild(options) {
        if (options.build?.lib) options.build.lib.entry = pushWorker;
        options.logLevel = 'warn';
      },
    },
  });
  // Its settings for rendering on a server would make that a build of its own.
  return plugins.map(({ config: _, ...plugin }) => ({
    ...plugin,
    applyToEnvironment: ({ name }) => name === 'client',
  }));
}

/** Has the built page say itself what it may do, as a plain host sends no headers. */
function policy(): Plugin {
  return {
    name: 'heartline-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: policyInPage },
        injectTo: 'head-prepend',
      },
    ],
  };
}

const json = { with: { type: 'json' } };

/** The emoji's names in the page's languages, where the picker asks for them: beside the page. */
const emojiFiles: Record<string, () => Promise<unknown>> = {
  'emojibase/en/data.json': async () =>
    shownOf((await import('emojibase-data/en/data.json', json)).default),
  'emojibase/en/messages.json': async () =>
    (await import('emojibase-data/en/messages.json', json)).default,
  'emojibase/zh/data.json': async () =>
    shownOf((await import('emojibase-data/zh/data.json', json)).default),
  'emojibase/zh/messages.json': async () =>
    (await import('emojibase-data/zh/messages.json', json)).default,
};

/** What the picker shows of each emoji, which is less than half of the whole. */
function shownOf(emojis: typeof enEmojis) {
  return emojis
    .filter(({ group }) => group !== undefined)
    .map(({ emoji, label, tags, group, subgroup, version, skins }) => ({
      ...{ emoji, label, tags, group, subgroup, version },
      skins: skins?.map((skin) => ({ emoji: skin.emoji, tone: skin.tone })),
    }));
}

/** Puts the emoji's names beside the page, so that no other server is asked for them. */
function emojiNames(): Plugin {
  return {
    name: 'heartline-emoji-names',
    applyToEnvironment: ({ name }) => name === 'client',
    configureServer(vite) {
      for (const [path, contents] of Object.entries(emojiFiles)) {
        vite.middlewares.use(`/${path}`, async (_, response) => {
          response.setHeader('Content-Type', 'application/json');
          response.end(JSON.stringify(await contents()));
        });
      }
    },
    async generateBundle() {
      for (const [fileName, contents] of Object.entries(emojiFiles))
        this.emitFile({ type: 'asset', fileName, source: JSON.stringify(await contents()) });
    },
  };
}

/**
 * What the page may load, gzipped, before one can come in, read and write. It is to become 100,000: whoever
 * makes the first load smaller makes this smaller with it.
 */
const firstLoadBytes = 143_600;

/** The scripts of workers that are built with the page. */
const workers = new Set<string>();

/**
 * One configuration for everything that is built or tested.
 *
 * `vite` serves the page with hot reload, and a server for it. `vite build` makes two things: `dist/`,
 * the page with its service worker, which any static host can serve, and `dist-server/`, the Node server. `vitest` has
 * five projects: logic in Node, components in jsdom, the whole system in a real browser, the moving picture of the
 * README, and the benchmarks.
 */
export default defineConfig({
  base: './',
  plugins: [
    react(),
    chatServer(),
    pushWorkerInDevelopment(),
    emojiNames(),
    workerAddress(workers),
    pageFiles({
      workers,
      standIn: 'src/server/browser/pageHeart.ts',
      later: [
        'src/components/laterParts.ts',
        'src/chat/laterParts.ts',
        'src/pageParts.ts',
        'src/newsTeller.ts',
      ],
    }),
    inlineClassNames(),
    laterStyles(),
    firstLoadBudget(firstLoadBytes),
    policy(),
    compressedFiles(),
    serviceWorker(),
  ],
  server: {
    proxy: {
      '/ws': { target: `ws://localhost:${devServerPort}`, ws: true },
      '/files/': `http://localhost:${devServerPort}`,
      '/server.json': `http://localhost:${devServerPort}`,
      '/api': `http://localhost:${devServerPort}`,
    },
  },
  builder: {},
  css: { modules: { generateScopedName: shortClassNames('src') } },
  define: {
    __HEARTLINE_VERSION__: JSON.stringify(manifest.version),
    // Of two servers in one browser the one that was built later is in charge.
    __HEARTLINE_BUILT_AT__: String(Date.now()),
  },
  worker: { format: 'es' },
  environments: {
    client: {
      build: {
        outDir: 'dist',
        target,
        // The worker is built at the end of the page's build, which is no fault of a plugin's.
        rolldownOptions: { checks: { bundlerTimings: false } },
        modulePreload: {
          // All browsers of the target can do it.
          polyfill: false,
          // What is loaded later needs little that is not there by then: to list it costs more.
          resolveDependencies: (_, files, { hostType }) => (hostType === 'html' ? files : []),
        },
      },
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
            searchWorker: 'src/server/node/searchWorker.ts',
            booksWorker: 'src/server/node/booksWorker.ts',
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
          // No module keeps state, and the set-up undoes what a test stubs: files may share modules.
          isolate: false,
          include: ['src/**/*.test.ts'],
          exclude: ['src/e2e/*.test.ts'],
          globalSetup: ['src/e2e/support/redisSetup.ts'],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'components',
          environment: 'jsdom',
          isolate: false,
          include: ['src/**/*.test.tsx'],
          setupFiles: ['src/testing/jsdomSetup.ts'],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['src/e2e/*.test.ts'],
          // What is waited for takes as long as a busy machine takes.
          expect: { poll: { timeout: 30_000 } },
          globalSetup: ['src/e2e/globalSetup.ts'],
          testTimeout: 180_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'picture',
          environment: 'node',
          include: ['src/e2e/picture/*.picture.ts'],
          globalSetup: ['src/e2e/globalSetup.ts'],
          testTimeout: 300_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'bench',
          environment: 'node',
          include: ['src/bench/*.bench.ts'],
          globalSetup: ['src/e2e/globalSetup.ts'],
          testTimeout: 3_600_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
