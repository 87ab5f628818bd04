/** What came of a storm, in words: what was expected, and what was observed. */
import type { StormVerdict } from './checkStorm';
import type { StormEnd } from './runStorm';
import { kindOf, type StormStep } from './stormPlan';

/** As many wrong things are told one by one. */
const mostFaults = 30;

export function formatReport(
  verdict: StormVerdict,
  end: StormEnd,
  plan: readonly StormStep[],
): string {
  const { written, delivered, lost, doubled, misordered, faults } = verdict;
  const counts = new Map<string, number>();
  for (const kind of plan.map(kindOf)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const byKind = [...counts].sort().map(([kind, count]) => `${kind} ${count}`);
  const gaveUp = end.clients.reduce((sum, client) => sum + client.gaveUp, 0);
  return [
    `  expected: ${written} written, ${written} delivered, 0 lost, 0 doubled, 0 misordered, 0 wrong`,
    `  observed: ${written} written, ${delivered} delivered, ${lost} lost, ${doubled} doubled, ${misordered} misordered, ${faults.length} wrong`,
    `  line open: ${end.clients.map(({ name, opened }) => `${name} ${opened} times`).join(', ')}`,
    `  gave up ${gaveUp} times, until the person pressed Reconnect`,
    `  what went wrong on purpose: ${byKind.join(', ')}`,
    ...[...end.restless, ...faults.slice(0, mostFaults)].map((fault) => `  ! ${fault}`),
  ].join('\n');
}
