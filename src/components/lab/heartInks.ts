/** The colours that the trace is painted with: those of the design, as they are on this ground just now. */

type InkName = 'heart' | 'ink-soft' | 'good' | 'warn' | 'chart' | 'chart-strong';

export type HeartInks = Readonly<Record<InkName, string>>;

/** A canvas knows no custom properties: they are read off an element that has them. */
export function readInks(probe: HTMLElement): HeartInks {
  const isForced = matchMedia('(forced-colors: active)').matches;
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
    // In forced colours nothing is faint: the paper would hide what is on it.
    chart: isForced ? 'transparent' : read('chart'),
    'chart-strong': isForced ? 'transparent' : read('chart-strong'),
  };
}
