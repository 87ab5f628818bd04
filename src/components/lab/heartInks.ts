/** The colours that the trace is painted with: those of the design, as they are on this ground just now. */

type InkName = 'heart' | 'ink-soft' | 'good' | 'warn' | 'chart' | 'chart-strong';

export type HeartInks = Readonly<Record<InkName, string>>;

/** A canvas knows no custom properties: they are read off an element that has them. */
export function readInks(probe: HTMLElement): HeartInks {
  const style = getComputedStyle(probe);
  const read = (name: InkName) => {
    probe.style.color = `var(--${name})`;
    return style.color;
  };
  return {
    heart: read('heart'),
    'ink-soft': read('ink-soft'),
    good: read('good'),
    warn: read('warn'),
    chart: read('chart'),
    'chart-strong': read('chart-strong'),
  };
}
