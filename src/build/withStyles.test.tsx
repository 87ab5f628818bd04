import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { settle } from '../testing/settle';

/** As new for every case: it remembers what it has fetched. */
async function fresh() {
  vi.resetModules();
  return (await import('./withStyles')).withStyles;
}

const links = () => [...document.head.querySelectorAll('link')];
const finish = (type: 'load' | 'error') => links().at(-1)?.dispatchEvent(new Event(type));

describe('what is loaded later with its styles', () => {
  let withStyles: Awaited<ReturnType<typeof fresh>>;
  const load = vi.fn(async () => 'part');

  beforeEach(async () => {
    load.mockClear();
    withStyles = await fresh();
  });

  afterEach(() => {
    for (const link of links()) link.remove();
  });

  it('is fetched together with its styles, and there once they are', async () => {
    let isThere = false;
    const loading = withStyles(load, ['./part.css'], 'https://example.com/assets/page.js');
    expect(links().map(({ rel, href }) => [rel, href])).toEqual([
      ['stylesheet', 'https://example.com/assets/part.css'],
    ]);
    expect(load).toHaveBeenCalledOnce();
    void loading.then(() => {
      isThere = true;
    });
    await settle();
    expect(isThere).toBe(false);
    finish('load');
    await expect(loading).resolves.toBe('part');
  });

  it('waits for nothing else where it has none', async () => {
    await expect(withStyles(load)).resolves.toBe('part');
    expect(links()).toHaveLength(0);
  });

  it('fetches the same styles once', async () => {
    const both = [1, 2].map(() => withStyles(load, ['/part.css'], location.href));
    finish('load');
    await Promise.all([...both, withStyles(load, ['/part.css'], location.href)]);
    expect(links()).toHaveLength(1);
  });

  it('fails without its styles, and asks for them again the next time', async () => {
    const failing = withStyles(load, ['/part.css'], location.href);
    finish('error');
    await expect(failing).rejects.toThrow(/could not load .*part\.css/);
    expect(links()).toHaveLength(0);
    const again = withStyles(load, ['/part.css'], location.href);
    finish('load');
    await expect(again).resolves.toBe('part');
  });
});
