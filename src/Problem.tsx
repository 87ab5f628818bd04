/** What the page's address asks for and cannot be: why, and the way out of it. */
import { Fault } from './components/Fault';
import type { ServerFileProblem } from './components/pageControls';
import { serverFileText } from './components/serverFileText';
import { useTexts } from './i18n/texts';
import type { TargetProblem } from './settings';

export interface ProblemProps {
  problem: TargetProblem;
  serverFileProblem: ServerFileProblem | undefined;
  onGoToLobby(): void;
}

export function Problem({ problem, serverFileProblem, onGoToLobby }: ProblemProps) {
  const texts = useTexts();
  const { faults } = texts;
  const said =
    problem.kind === 'bad server' || problem.kind === 'bad room'
      ? faults[problem.kind](problem.value)
      : faults[problem.kind];
  const isOfFile = problem.kind === 'no server' && serverFileProblem !== undefined;
  const text = isOfFile
    ? texts.offline.together(serverFileText(texts, serverFileProblem), said)
    : said;
  const isOfRoom = problem.kind === 'bad room' || problem.kind === 'no key';
  return <Fault text={text} onGoToLobby={isOfRoom ? onGoToLobby : undefined} />;
}
