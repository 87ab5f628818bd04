import { describe, expect, it } from 'vitest';
import {
  figuresOfLoad,
  harmOfLoad,
  parseFailoverResult,
  parseLoadResult,
  parseResumeResult,
  ratios,
} from './loadFigures';

const line =
  '{"seconds":4.000000,"published":40,"deliveries":4000,"serverCpuS":2.000,"redisCpuS":0.500,' +
  '"generatorCpuS":1.000,"lost":0,"doubled":0,"reordered":0,"refused":0,' +
  '"ackMs":{"count":40,"p50":1.500,"p99":6.000,"max":7.000},"deliveryMs":null}';

describe('figures of a load', () => {
  it('are read from the line that the generator prints', () => {
    const { ackMs, deliveryMs } = parseLoadResult(line);
    expect(ackMs).toEqual({ count: 40, p50: 1.5, p99: 6, max: 7 });
    expect(deliveryMs).toBeNull();
  });

  it('are rates per second, CPU per million, and shares of a core', () => {
    expect(figuresOfLoad(parseLoadResult(line))).toMatchObject({
      deliveriesPerSecond: 1_000,
      cpuSPerMillion: 500,
      redisCpuSPerMillion: 125,
      serverUtil: 0.5,
      redisUtil: 0.125,
      generatorUtil: 0.25,
    });
  });

  it('have an infinite cost where nothing was delivered', () => {
    const { cpuSPerMillion } = figuresOfLoad({ ...parseLoadResult(line), deliveries: 0 });
    expect(cpuSPerMillion).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([
    ['no JSON', 'load: out of luck'],
    ['a field that is missing', line.replace('"seconds":4.000000,', '')],
    ['no time at all', line.replace('4.000000', '0')],
  ])('are refused with the line that had %s', (_, text) => {
    expect(() => parseLoadResult(text)).toThrow(text);
  });
});

describe('figures of a return', () => {
  it('are read from the line that the generator prints', () => {
    const text = '{"missed":50,"letInMs":812.5,"backMs":{"count":2,"p50":1,"p99":2,"max":2}}';
    expect(parseResumeResult(text)).toMatchObject({ missed: 50, letInMs: 812.5 });
  });
});

describe('figures of a failover', () => {
  const text =
    '{"affected":3,"neverBack":1,"published":90,"lost":4,"doubled":1,"reordered":0,"refused":0,"unrecovered":3,"lostAgain":0,' +
    '"backMs":{"count":2,"p50":1,"p99":2,"max":2}}';

  it('are read from the line that the generator prints', () => {
    expect(parseFailoverResult(text)).toMatchObject({ affected: 3, neverBack: 1, unrecovered: 3 });
  });

  it('name the harm that was done, and nothing where there was none', () => {
    expect(harmOfLoad(parseFailoverResult(text))).toEqual(['4 lost', '1 doubled']);
    expect(harmOfLoad(figuresOfLoad(parseLoadResult(line)))).toEqual([]);
  });

  it('take another order for harm only where nothing had to be sent again', () => {
    const counts = { lost: 0, doubled: 0, reordered: 2 };
    expect(harmOfLoad({ ...counts, refused: 0 })).toEqual(['2 reordered']);
    expect(harmOfLoad({ ...counts, refused: 1 })).toEqual([]);
  });
});

describe('a ratio', () => {
  it('is of one run', () => {
    expect(ratios([10, 30], [5, 10])).toEqual([2, 3]);
  });

  it('is refused where a run measured only one of both', () => {
    expect(() => ratios([10, 30], [5])).toThrow('measured both');
  });
});
