import { describe, expect, it } from 'vitest';
import { formatPlan, kindOf, type StormClientKind, type StormStep, stormPlan } from './stormPlan';

const clients: readonly StormClientKind[] = ['headless', 'headless', 'headless', 'page'];

/** Steps of one sort and one client: those that may not overlap. */
function chainOf(step: StormStep): string {
  if ('client' in step) return `${step.client} ${step.what === 'network' ? 'network' : 'person'}`;
  if ('server' in step) return `server ${step.server}`;
  return step.what === 'freeze browser' ? 'browser' : 'redis';
}

describe('the plan of a storm', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(stormPlan(1, 60, clients)).toEqual(stormPlan(1, 60, clients));
    expect(stormPlan(1, 60, clients)).not.toEqual(stormPlan(2, 60, clients));
  });

  it('has every kind of fault and of accident within a minute', () => {
    expect([...new Set(stormPlan(3, 60, clients).map(kindOf))].sort()).toEqual([
      'black hole',
      'close',
      'corrupt',
      'crash',
      'cut mid-frame',
      'delay',
      'disconnect',
      'duplicate',
      'freeze browser',
      'freeze server',
      'jitter',
      'kill server',
      'refuse',
      'reload',
      'reset',
      'silent down',
      'silent up',
      'slow drip',
      'stall',
    ]);
  });

  it.each([1, 2, 3, 4, 5])('is in order of time and over at its end (seed %i)', (seed) => {
    const plan = stormPlan(seed, 60, clients);
    expect(plan.map(({ atMs }) => atMs)).toEqual(
      plan.map(({ atMs }) => atMs).sort((one, other) => one - other),
    );
    expect(Math.max(...plan.map(({ atMs, forMs }) => atMs + forMs))).toBeLessThanOrEqual(60_000);
  });

  it.each([1, 2, 3, 4, 5])('lets one thing of a sort end before the next (seed %i)', (seed) => {
    const endOf = new Map<string, number>();
    for (const step of stormPlan(seed, 120, clients)) {
      expect(step.atMs).toBeGreaterThanOrEqual(endOf.get(chainOf(step)) ?? 0);
      endOf.set(chainOf(step), step.atMs + step.forMs);
    }
  });

  it('closes lines only with codes after which a client comes back', () => {
    const codes = stormPlan(4, 600, clients).flatMap((step) =>
      step.what === 'network' && step.fault.kind === 'close' ? [step.fault.code] : [],
    );
    expect(codes.length).toBeGreaterThan(10);
    expect(codes.filter((code) => code === 1000 || code >= 4500)).toEqual([]);
  });

  it('changes no bytes of a page, which could not know', () => {
    const ofPage = stormPlan(5, 600, clients).filter(
      (step) => 'client' in step && clients[step.client] === 'page',
    );
    expect(ofPage.map(kindOf)).toContain('black hole');
    expect(ofPage.map(kindOf)).not.toContain('corrupt');
    expect(ofPage.map(kindOf)).not.toContain('crash');
  });

  it('has the accidents of gateways and their Redis where there are some, and only there', () => {
    const what = (gateways: number) =>
      new Set<string>(stormPlan(8, 300, clients, gateways).map(({ what }) => what));
    for (const each of ['part server', 'kill redis', 'freeze redis']) {
      expect(what(3)).toContain(each);
      expect(what(0)).not.toContain(each);
    }
    const servers = stormPlan(8, 300, clients, 3).flatMap((step) =>
      'server' in step ? [step.server] : [],
    );
    expect([...new Set(servers)].sort()).toEqual([0, 1, 2]);
  });

  it('freezes no browser where there is none', () => {
    expect(stormPlan(6, 600, ['headless']).map(kindOf)).not.toContain('freeze browser');
  });

  it('is told in one line for each who suffers', () => {
    const plan: StormStep[] = [
      { atMs: 1_200, forMs: 500, what: 'network', client: 0, fault: { kind: 'stall' } },
      { atMs: 2_000, forMs: 3_000, what: 'kill server', server: 0 },
      { atMs: 3_000, forMs: 1_000, what: 'freeze redis' },
      { atMs: 4_000, forMs: 100, what: 'reload', client: 0 },
    ];
    expect(formatPlan(plan, ['Ann'])).toBe(
      [
        '  Ann: 1.2s stall 0.5s, 4.0s reload 0.1s',
        '  server 1: 2.0s kill server 3.0s',
        '  everybody: 3.0s freeze redis 1.0s',
      ].join('\n'),
    );
  });
});
