/**
 * Sizes where nothing is laid out: a `ResizeObserver` that tells every element to be as high, once, when a
 * test says so. A list that measures its rows needs that to show them.
 */
const widthPx = 400;
const heightPx = 50;

interface Observation {
  target: Element;
  tell(entries: ResizeObserverEntry[]): void;
}

let due: Observation[] = [];

export class SteadyResizeObserver implements ResizeObserver {
  constructor(private readonly callback: ResizeObserverCallback) {}
  observe(target: Element) {
    due.push({ target, tell: (entries) => this.callback(entries, this) });
  }
  unobserve(target: Element) {
    due = due.filter((observation) => observation.target !== target);
  }
  disconnect() {}
}

/** Tells the sizes of what is observed since the last time. */
export function tellSizes(): void {
  for (const { target, tell } of due.splice(0)) {
    if (!target.isConnected) continue;
    const size = [{ inlineSize: widthPx, blockSize: heightPx }];
    tell([
      {
        target,
        contentRect: new DOMRect(0, 0, widthPx, heightPx),
        borderBoxSize: size,
        contentBoxSize: size,
        devicePixelContentBoxSize: size,
      },
    ]);
  }
}

export function forgetSizes(): void {
  due = [];
}
