/** Starts the app: asks which server the page belongs to, and which language to speak. */
import './components/tokens.css';
import './components/base.css';
import './components/shell.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { createTextStorage } from './browserStorage';
import { loadFirstTexts, pickLanguage } from './i18n/language';
import { serverOf } from './settings';
import { followTheme } from './theme';

/** Where the page has no `server.json`, or cannot reach it, the address alone decides. */
async function readOwnServer(): Promise<string | undefined> {
  try {
    const response = await fetch(new URL('server.json', document.baseURI));
    return response.ok ? serverOf(await response.json()) : undefined;
  } catch {
    return undefined;
  }
}

async function main(): Promise<void> {
  followTheme();
  const language = pickLanguage({
    query: new URLSearchParams(location.search).get('lang'),
    stored: createTextStorage('localStorage').get('language'),
    navigator: navigator.languages,
  });
  document.documentElement.lang = language;
  const [texts, ownServer] = await Promise.all([loadFirstTexts(language), readOwnServer()]);

  const root = document.getElementById('root');
  if (!root) throw new Error('index.html has no element with the id "root"');
  createRoot(root).render(
    <StrictMode>
      <App ownServer={ownServer} language={language} texts={texts} />
    </StrictMode>,
  );
}

void main();
