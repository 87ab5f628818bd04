import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Comparison, Result } from '../support/results';
import { type BenchmarkName, figureNames, loads, references, uploadLines } from '../targets';
import { chartRows } from './chartRows';
import { chinese, english } from './chartTexts';
import { drawChart } from './drawChart';

const tokens = await readFile(new URL('../../components/tokens.css', import.meta.url), 'utf8');

/** Ours is `ratios` times the peer's, which is always 100. */
function comparison(
  what: string,
  better: Comparison['better'],
  peer: string,
  ratios: readonly number[],
): Comparison {
  return {
    ...{ what, unit: '', better },
    ours: ratios.map((ratio) => 100 * ratio),
    peer: { name: peer, figures: ratios.map(() => 100) },
  };
}

function resultsOf(comparisons: Partial<Record<BenchmarkName, Comparison[]>>) {
  const results = new Map<BenchmarkName, Result>();
  for (const name of [
    'faults',
    'size',
    'timeline',
    'opening',
    'upload',
    'serverSaturated',
    'serverSteady',
    'serverOneByOne',
    'serverIdle',
    'serverReturn',
    'serverRedis',
  ] as const) {
    const told = comparisons[name];
    if (!told) continue;
    results.set(name, {
      ...{ name, at: '2026-11-26T12:00:00.000Z', machine: '2 x Some CPU, 24 GiB', node: '20.19.0' },
      ...{ compared: [], method: 'By hand.', runs: 3, settings: {}, comparisons: told },
    });
  }
  return results;
}

const harm = (peer: string | undefined, ours: number, theirs: number): Comparison => ({
  ...{ what: figureNames.harmInFaults, unit: '', better: 'less', ours: [ours] },
  ...(peer !== undefined && { peer: { name: peer, figures: [theirs] } }),
});

const whole = resultsOf({
  serverSaturated: [100, 1_000, 5_000].flatMap((subscribers, index) => {
    const what = figureNames.deliveries(loads.window, subscribers);
    return [
      comparison(
        what,
        'more',
        'ws',
        [20, 24, 23].map((each) => each * (index + 1)),
      ),
      comparison(
        what,
        'more',
        'socket.io',
        [21, 25, 22].map((each) => each * (index + 1)),
      ),
      comparison(
        what,
        'more',
        'bun',
        [0.6, 0.8, 0.7].map((each) => each * (index + 1)),
      ),
    ];
  }),
  serverSteady: [
    comparison(figureNames.cpu(loads.rate, 1_000), 'less', 'ws', [0.5, 0.54, 0.44]),
    comparison(figureNames.cpu(loads.rate, 1_000), 'less', 'socket.io', [0.45]),
    comparison(figureNames.cpu(loads.rate, 1_000), 'less', 'bun', [0.93]),
    comparison(figureNames.deliveryP99(loads.rate, 1_000), 'less', 'ws', [3.1, 2.6, 3.5]),
  ],
  serverOneByOne: [
    comparison(figureNames.ack(loads.single, 100), 'less', references.durableWs, [0.9, 0.85, 1.02]),
  ],
  serverIdle: [
    comparison(figureNames.idleMemory(10_000), 'less', 'ws', [1.15, 1.2, 1.1]),
    comparison(figureNames.idleMemory(10_000), 'less', 'socket.io', [0.4]),
  ],
  serverReturn: [
    comparison(figureNames.allBack(5_000, 'lines cut'), 'less', 'socket.io, lines cut', [1.3, 1.6]),
  ],
  serverRedis: [
    comparison(figureNames.deliveries(loads.window, 100), 'more', 'socket.io', [9, 10.9, 14.6]),
    comparison(figureNames.deliveries(loads.window, 1_000), 'more', 'socket.io', [60, 67, 78]),
    comparison(figureNames.deliveryP99(loads.window, 1_000), 'less', 'socket.io', [0.02]),
    comparison(figureNames.redisCpu(loads.rate, 1_000), 'less', 'socket.io', [2.1, 3.4, 3.5]),
  ],
  timeline: [
    comparison(figureNames.frame(10_000, 1_000), 'less', 'react-virtuoso', [1.01, 0.99, 1]),
    comparison(figureNames.frame(10_000, 1_000), 'less', 'plain', [0.06]),
    comparison(figureNames.frame(10_000, 1_000), 'less', 'chatscope', [0.02]),
    comparison(figureNames.latency(10_000, 1_000), 'less', 'react-virtuoso', [0.8, 0.9, 0.7]),
  ],
  opening: [
    comparison(figureNames.opened(100_000), 'less', figureNames.roomOf(100), [1.1, 1.05, 1.3]),
  ],
  upload: [
    comparison(figureNames.textBeside(uploadLines[0]), 'less', references.noFile, [3.8, 2.1, 5.3]),
    comparison(
      figureNames.textBeside(uploadLines[1]),
      'less',
      references.noFile,
      [1.3, 1.27, 1.65],
    ),
  ],
  size: [
    comparison(figureNames.hookSize, 'less', 'react-use-websocket', [0.74]),
    comparison(figureNames.hookSize, 'less', 'partysocket/react', [1.45]),
    comparison(figureNames.hookSize, 'less', 'socket.io-client', [0.39]),
    comparison(figureNames.hookSize, 'less', 'centrifuge', [0.22]),
  ],
  faults: [
    harm(undefined, 0, 0),
    harm('partysocket:doc', 0, 1_800),
    harm('react-use-websocket:doc', 0, 1_750),
    harm('centrifuge:doc', 0, 450),
    harm('socket.io:doc', 0, 3),
  ],
});

describe('the rows of the chart', () => {
  it('leave out what was not measured, and name it', () => {
    const { groups, missing, shown } = chartRows(
      resultsOf({
        upload: [
          comparison(figureNames.textBeside(uploadLines[0]), 'less', references.noFile, [3]),
        ],
      }),
    );
    expect(groups.map(({ name, rows }) => [name, rows.length])).toEqual([['page', 1]]);
    expect(shown).toEqual(['upload']);
    expect(missing).toContain('serverSaturated');
    expect(missing).toContain('faults');
  });

  it('have everything where everything was measured', () => {
    const { groups, missing } = chartRows(whole);
    expect(missing).toEqual([]);
    expect(groups.map(({ rows }) => rows.length)).toEqual([17, 4, 7, 4]);
  });

  it('count the losses of ours first, then from the least', () => {
    expect(chartRows(whole).harm.map(({ peer, count }) => [peer, count])).toEqual([
      [undefined, 0],
      ['socket.io:doc', 3],
      ['centrifuge:doc', 450],
      ['react-use-websocket:doc', 1_750],
      ['partysocket:doc', 1_800],
    ]);
  });
});

describe('the chart', () => {
  const parse = (svg: string) => {
    const bars = [
      ...svg.matchAll(/<rect class="(ahead|behind)" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g),
    ];
    return bars.map(([, side, x, length]) => ({ side, x: Number(x), length: Number(length) }));
  };

  it('draws what is better to the right of one, whichever way the figure counts', () => {
    const of = (better: Comparison['better'], ratio: number) =>
      parse(
        drawChart(
          resultsOf({
            serverIdle: [comparison(figureNames.idleMemory(10_000), better, 'ws', [ratio])],
          }),
          english,
          tokens,
        ),
      )[0];
    const [ahead, behind] = [of('less', 0.5), of('less', 2)];
    expect([ahead?.side, behind?.side]).toEqual(['ahead', 'behind']);
    expect(behind).toMatchObject({ length: ahead?.length });
    expect((behind?.x ?? 0) + (behind?.length ?? 0)).toBeCloseTo(ahead?.x ?? 0);
    expect(of('more', 2)).toEqual(ahead);
  });

  it.each([english, chinese])('tells in words what it draws ($language)', (texts) => {
    const svg = drawChart(whole, texts, tokens);
    const [, description = ''] = /<desc id="description">(.*?)<\/desc>/s.exec(svg) ?? [];
    expect(svg).toContain(`<title id="title">${texts.title}</title>`);
    expect(description).toContain(
      texts.spoken(texts.labels.deliveries100, '23', 'ws', texts.atLeast(25)),
    );
    expect(description).toContain(`${texts.ours}: 0.`);
  });

  it('has a colour of the app for each theme', () => {
    const svg = drawChart(whole, english, tokens);
    expect(svg).toMatch(
      /\.ahead\{fill:#c4233f\}.*prefers-color-scheme:dark.*\.ahead\{fill:#ff7085\}/s,
    );
  });

  it('refuses tokens that have no such colour', () => {
    expect(() => drawChart(whole, english, ':root {}')).toThrow('no colour --');
  });

  it('says on which machines, in lines that fit', () => {
    const machines = ['one', 'another'].map((name) => Array(4).fill(`2 x ${name} core`).join(', '));
    const told = [...whole].map(
      ([name, result], index) => [name, { ...result, machine: machines[index % 2] ?? '' }] as const,
    );
    const lines = [...drawChart(new Map(told), english, tokens).matchAll(/<text[^>]*>([^<]*)</g)];
    const words = lines.map(([, line = '']) => line).join(' ');
    for (const machine of machines) expect(words).toContain(machine);
    for (const [, line = ''] of lines) expect(line.length).toBeLessThanOrEqual(110);
  });

  it('is drawn, and says what is missing, where nothing was measured', () => {
    const svg = drawChart(new Map(), english, tokens);
    expect(parse(svg)).toEqual([]);
    expect(svg).toContain('Not measured yet: serverSaturated');
  });
});
