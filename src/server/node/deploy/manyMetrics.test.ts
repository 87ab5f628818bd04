/** Alerts and dashboard of the guide for several gateways: that they ask for nothing that no gateway says. */
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../metrics';

const read = (name: string) => readFile(new URL(`many/${name}`, import.meta.url), 'utf8');

/** Names and label values of everything that a server exports, as `name` and `name{label="value"}`. */
async function exported(): Promise<{ names: Set<string>; text: string }> {
  const counts = () => ({ connections: 0, rooms: 0, users: 0, unreadBytes: 0 });
  const { text } = await createMetrics({ counts, isLogThere: () => true }).render();
  const names = [...text.matchAll(/^([a-z_][a-z0-9_]*)[{ ]/gm)].map(([, name = '']) => name);
  return { names: new Set(names), text };
}

interface Asked {
  metrics: string[];
  /** As `name{label="value"}`, of matchers that name one value. */
  labelled: { metric: string; label: string; value: string }[];
}

const words = new Set(['by', 'on', 'and', 'or', 'without', 'ignoring', 'unless', 'bool']);

/** The metrics that an expression of PromQL asks for. */
function askedIn(expression: string): Asked {
  const labelled = [...expression.matchAll(/([a-z_][a-z0-9_]*)\{([^}]*)\}/g)].flatMap(
    ([, metric = '', matchers = '']) =>
      [...matchers.matchAll(/(\w+)=(~?)"([^"$]*)"/g)].flatMap(
        ([, label = '', isRegExp, value = '']) =>
          (isRegExp ? value.split('|') : [value]).map((each) => ({ metric, label, value: each })),
      ),
  );
  const bare = expression
    .replace(/\{[^}]*\}|\[[^\]]*\]/g, '')
    .replace(/\b(by|on|without|ignoring) *\([^)]*\)/g, '');
  const metrics = [...bare.matchAll(/\b([a-z_][a-z0-9_]*)\b(?! *\()/g)]
    .map(([, name = '']) => name)
    .filter((name) => !words.has(name));
  return { metrics, labelled };
}

async function expectToBeExported(expressions: readonly string[]) {
  const { names, text } = await exported();
  // What Prometheus says itself of who it asks, and labels that it gives.
  const own = { metric: 'up', labels: ['job', 'instance'] };
  for (const expression of expressions) {
    const { metrics, labelled } = askedIn(expression);
    expect([expression, metrics.length > 0]).toEqual([expression, true]);
    const unknown = metrics.filter((name) => name !== own.metric && !names.has(name));
    expect([expression, unknown]).toEqual([expression, []]);
    for (const { metric, label, value } of labelled) {
      if (!own.labels.includes(label)) expect(text).toContain(`${metric}{${label}="${value}"}`);
    }
  }
}

/** The expressions of the rules, those that are folded over lines as well. */
function expressionsIn(rules: string): string[] {
  return [...rules.matchAll(/^( +)expr: (?:>-\n((?:\1 +.*\n)+)|(.*)\n)/gm)].map(
    ([, , folded, plain]) => (folded ?? plain ?? '').replace(/\s+/g, ' ').trim(),
  );
}

describe('the alerts', () => {
  it('ask for what the server exports', async () => {
    const rules = await read('alerts.yml');
    const expressions = expressionsIn(rules);
    expect(expressions).toHaveLength(rules.split('- alert:').length - 1);
    await expectToBeExported(expressions);
  });

  it('each say what has happened and what to do', async () => {
    for (const rule of (await read('alerts.yml')).split('- alert:').slice(1)) {
      for (const part of ['expr:', 'for:', 'severity:', 'summary:', 'description:']) {
        expect(rule).toContain(part);
      }
    }
  });
});

const gridSchema = v.object({ x: v.number(), y: v.number(), w: v.number(), h: v.number() });
const dashboardSchema = v.object({
  title: v.string(),
  panels: v.array(
    v.object({
      id: v.number(),
      title: v.string(),
      gridPos: gridSchema,
      targets: v.pipe(v.array(v.object({ expr: v.string() })), v.minLength(1)),
    }),
  ),
});

describe('the dashboard', () => {
  const dashboard = async () => v.parse(dashboardSchema, JSON.parse(await read('dashboard.json')));

  it('draws what the server exports', async () => {
    const { panels } = await dashboard();
    await expectToBeExported(panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)));
  });

  it('has everything that matters of the chat', async () => {
    const drawn = JSON.stringify(await dashboard());
    const { names } = await exported();
    const ours = [...names].filter((name) => /^heartline_.*(?<!_bucket|_sum|_count)$/.test(name));
    const missing = ours.filter((name) => !drawn.includes(name));
    // What there is of them is drawn, and how they end.
    expect(missing).toEqual(['heartline_connections_total']);
  });

  it('has each panel once, beside the others', async () => {
    const { panels } = await dashboard();
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const taken = new Map<string, string>();
    for (const { title, gridPos } of panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect([title, taken.get(`${x},${y}`)]).toEqual([title, undefined]);
          taken.set(`${x},${y}`, title);
        }
      }
    }
  });
});
