/**
 * Sizes where nothing is laid out: a `ResizeObserver` that tells every element to be as high, once, when a
 * test says so. A list that measures its rows needs that to show them.
 */
const widthPx = 400;
const heightPx = 50;

const observers = new Set<SteadyResizeObserver>();

export class SteadyResizeObserver implements ResizeObserver {
  readonly #due = new Set<Element>();
  constructor(private readonly callback: ResizeObserverCallback) {
    observers.add(this);
  }
  observe(target: Element) {
    this.#due.add(target);
  }
  unobserve(target: Element) {
    this.#due.delete(target);
  }
  disconnect() {
    observers.delete(this);
  }
  tell() {
    const entries = [...this.#due].filter((target) => target.isConnected).map(entryOf);
    this.#due.clear();
    if (entries.length > 0) this.callback(entries, this);
  }
}

/** Tells the sizes of what is observed since the last time. */
export function tellSizes(): void {
  for (const observer of observers) observer.tell();
}

export function forgetSizes(): void {
  observers.clear();
}

function entryOf(target: Element): ResizeObserverEntry {
  const size = [{ inlineSize: widthPx, blockSize: heightPx }];
  return {
    target,
    contentRect: new DOMRect(0, 0, widthPx, heightPx),
    borderBoxSize: size,
    contentBoxSize: size,
    devicePixelContentBoxSize: size,
  };
}
