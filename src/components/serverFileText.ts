/** What is wrong with `server.json`, in words. */
import type { Texts } from '../i18n/en';
import type { ServerFileProblem } from './pageControls';

export function serverFileText({ offline }: Texts, problem: ServerFileProblem): string {
  return problem.kind === 'bad address'
    ? offline.serverFile['bad address'](problem.value)
    : offline.serverFile[problem.kind];
}
