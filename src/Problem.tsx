/** What the page's address asks for and cannot be: why, and the way out of it. */
import { Fault } from './components/Fault';
import { useTexts } from './i18n/texts';
import type { TargetProblem } from './settings';

export interface ProblemProps {
  problem: TargetProblem;
  onGoToLobby(): void;
}

export function Problem({ problem, onGoToLobby }: ProblemProps) {
  const { faults } = useTexts();
  const text =
    problem.kind === 'bad server' || problem.kind === 'bad room'
      ? faults[problem.kind](problem.value)
      : faults[problem.kind];
  const isOfRoom = problem.kind === 'bad room' || problem.kind === 'no key';
  return <Fault text={text} onGoToLobby={isOfRoom ? onGoToLobby : undefined} />;
}
