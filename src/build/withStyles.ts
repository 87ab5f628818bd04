/**
 * Fetches what a page loads later together with the styles that it is drawn in: it is there no sooner than they are.
 * The build puts this in the place of what Vite brings for it, which does more than this page has use for.
 */

/** By their addresses: fetched, or on their way. */
const styles = new Map<string, Promise<void>>();

/** `hrefs` are those of the styles, as seen from the script at `base`. Rejects if anything cannot be had. */
export async function withStyles<Part>(
  load: () => Promise<Part>,
  hrefs: readonly string[] = [],
  base?: string,
): Promise<Part> {
  const [part] = await Promise.all([
    load(),
    ...hrefs.map((href) => fetchStyle(new URL(href, base).href)),
  ]);
  return part;
}

function fetchStyle(href: string): Promise<void> {
  const fetching = styles.get(href) ?? appendStyle(href);
  styles.set(href, fetching);
  return fetching;
}

function appendStyle(href: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.crossOrigin = '';
    link.href = href;
    link.onload = () => resolve();
    link.onerror = () => {
      // The next time it is asked for again.
      styles.delete(href);
      link.remove();
      reject(new Error(`could not load ${href}`));
    };
    document.head.append(link);
  });
}
