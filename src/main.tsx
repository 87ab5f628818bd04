/** Starts the app: asks which server the page belongs to, and which language to speak. */
import './components/tokens.css';
import './components/base.css';
import './components/shell.css';
import { StrictMode, startTransition } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { createTextStorage } from './browserStorage';
import { loadFirstTexts, pickLanguage } from './i18n/language';
import { networkOnly } from './offline/networkOnly';
import { readOwnServer } from './ownServer';
import { isServerAddress } from './settings';
import { followTheme } from './theme';

/** A page that was asked for from the network has come from there; the next time it need not. */
function forgetWherefrom(): void {
  const url = new URL(location.href);
  if (!url.searchParams.has(networkOnly)) return;
  url.searchParams.delete(networkOnly);
  history.replaceState(null, '', url);
}

async function main(): Promise<void> {
  followTheme();
  forgetWherefrom();
  const storage = createTextStorage('localStorage');
  const language = pickLanguage({
    query: new URLSearchParams(location.search).get('lang'),
    stored: storage.get('language'),
    navigator: navigator.languages,
  });
  document.documentElement.lang = language;
  const [texts, own] = await Promise.all([
    loadFirstTexts(language),
    readOwnServer({
      baseUrl: document.baseURI,
      storage,
      fetch: (url, options) => fetch(url, options),
      isServer: (server) => isServerAddress(server, location.href),
    }),
  ]);

  const element = document.getElementById('root');
  if (!element) throw new Error('index.html has no element with the id "root"');
  const root = createRoot(element);
  // In small steps, so that a slow phone takes a press meanwhile.
  startTransition(() =>
    root.render(
      <StrictMode>
        <App
          ownServer={own.server}
          serverFileProblem={own.problem}
          isServerFromBefore={own.isFromBefore}
          language={language}
          texts={texts}
        />
      </StrictMode>,
    ),
  );
}

void main();
