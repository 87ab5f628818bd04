import { describe, expect, it } from 'vitest';
import { type CloseCode, closeCodeName, closeCodes } from './closeCodes';
import { errorCodes } from './errorCodes';
import { errorMeanings } from './errorMeanings';
import { clientFrame, serverFrame } from './frames';
import readme from './README.md?raw';

/** The rows of the table under a heading, each as its cells. */
function table(heading: string): string[][] {
  const [, section = ''] = readme.split(`## ${heading}\n`);
  const [own = ''] = section.split('\n## ');
  return own
    .split('\n')
    .filter((line) => line.startsWith('|') && !line.startsWith('|---'))
    .slice(1)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** The names of the fields in a cell: what stands first inside each pair of back-ticks. */
const fieldNames = (cell = '') =>
  [...cell.matchAll(/`(\w+)\??[^`]*`/g)].map(([, field]) => field).sort();

const fieldsOf = (schema: typeof clientFrame | typeof serverFrame) =>
  schema.options.map(({ entries }) => {
    const { t, ...fields } = entries;
    return [t.literal, Object.keys(fields).sort()];
  });

describe('the description of the protocol', () => {
  it.each([
    ['Frames from the server', serverFrame],
    ['Frames from a client', clientFrame],
  ])('lists every frame with its fields: %s', (heading, schema) => {
    const documented = table(heading).map(([frame = '', fields]) => [
      frame.replaceAll('`', ''),
      fieldNames(fields),
    ]);
    expect(documented).toEqual(fieldsOf(schema));
  });

  it('lists every close code with its reason and rule', () => {
    const codes: CloseCode[] = Object.values(closeCodes);
    expect(table('Close codes')).toEqual(
      codes.map(({ code, reason, rule }) => [String(code), reason, rule]),
    );
  });

  it('lists every error code with whether to retry', () => {
    expect(table('Error codes')).toEqual(
      Object.entries(errorCodes).map(([code, { retry }]) => [
        `\`${code}\``,
        retry ? 'yes' : 'no',
        new Map(Object.entries(errorMeanings)).get(code),
      ]),
    );
  });
});

describe('the close codes', () => {
  const codes: CloseCode[] = Object.values(closeCodes);

  it('can be judged by their range alone', () => {
    for (const { code, rule } of codes.filter((each) => each.code >= 4000)) {
      expect(rule === 'never reconnect', `${code}`).toBe(code >= 4500);
    }
  });

  it('are each one number, and fit a close frame', () => {
    expect(new Set(codes.map(({ code }) => code)).size).toBe(codes.length);
    for (const { reason } of codes)
      expect(new TextEncoder().encode(reason).length).toBeLessThan(124);
  });

  it('are known by name', () => {
    expect(closeCodeName(4002)).toBe('heartbeatTimeout');
    expect(closeCodeName(4321)).toBeUndefined();
  });
});
