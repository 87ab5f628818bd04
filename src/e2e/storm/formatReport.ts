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
  const streams = end.clients.flatMap((client) => client.streams);
  const ended = streams.filter(({ isEnded }) => isEnded).length;
  const seen = end.clients.reduce((sum, client) => sum + client.seenStreams.length, 0);
  const files = end.clients.flatMap((client) => client.files);
  const megabytes = files.reduce((sum, { size }) => sum + size, 0) / 1_000_000;
  const interruptions = end.clients.reduce((sum, client) => sum + client.interruptions, 0);
  const gaveUp = end.clients.reduce((sum, client) => sum + client.gaveUp, 0);
  return [
    `  expected: ${written} written, ${written} delivered, 0 lost, 0 doubled, 0 misordered, 0 wrong`,
    `  observed: ${written} written, ${delivered} delivered, ${lost} lost, ${doubled} doubled, ${misordered} misordered, ${faults.length} wrong`,
    `  written before all eyes: ${ended} sent, ${streams.length - ended} broken off; seen in the making ${seen} times`,
    `  files: ${files.length} sent, ${megabytes.toFixed(1)} MB, interrupted ${interruptions} times on their way`,
    `  line open: ${end.clients.map(({ name, opened }) => `${name} ${opened} times`).join(', ')}`,
    `  gave up ${gaveUp} times, until the person pressed Reconnect`,
    `  what went wrong on purpose: ${byKind.join(', ')}`,
    ...[...end.restless, ...faults.slice(0, mostFaults)].map((fault) => `  ! ${fault}`),
  ].join('\n');
}
