/**
 * A number that is set by a slider or typed in. Both hold at once; what is typed and cannot be is not taken,
 * and says what could be.
 */
import { useId, useState } from 'react';
import styles from './Amount.module.css';

declare module 'react' {
  interface CSSProperties {
    '--filled'?: string;
  }
}

export interface AmountProps {
  label: string;
  hint: string;
  /** What stands behind the number. */
  unit: string;
  /** In the unit that is drawn, as are the bounds. */
  value: number;
  min: number;
  max: number;
  /** The slider's halves are tens and hundreds, not fifties. */
  isLogarithmic?: boolean;
  /** It is not as it would be if nobody had touched it. */
  isChanged: boolean;
  onChange(value: number): void;
  /** What is said of a number that cannot be. */
  range: string;
  /** Undoes the change, where that is another thing than setting it to a number. */
  reset?: { label: string; onReset(): void };
}

/** The slider's own scale. */
const sliderSteps = 200;

export function Amount(props: AmountProps) {
  const { label, hint, unit, value, isChanged, onChange, range, reset } = props;
  const id = useId();
  const [typed, setTyped] = useState<string>();
  const isWrong = typed !== undefined && !isWithin(typed, props);

  const onType = (text: string) => {
    setTyped(text);
    if (isWithin(text, props)) onChange(Number(text));
  };

  const position = positionOf(value, props);
  const filled = `${(100 * position) / sliderSteps}%`;

  return (
    <div className={styles.amount} data-changed={isChanged}>
      <div className={styles.head} data-focus-group="">
        <label htmlFor={`${id}-number`}>{label}</label>
        {isChanged && reset && (
          <button
            type="button"
            className={styles.reset}
            aria-label={reset.label}
            title={reset.label}
            onClick={reset.onReset}
          >
            ↺
          </button>
        )}
        <span className={styles.number}>
          <input
            id={`${id}-number`}
            type="text"
            inputMode="decimal"
            autoComplete="off"
            value={typed ?? String(value)}
            aria-invalid={isWrong}
            aria-describedby={`${id}-hint`}
            onChange={({ target }) => onType(target.value)}
            onBlur={() => setTyped(undefined)}
          />
          <span>{unit}</span>
        </span>
      </div>
      <input
        type="range"
        className={styles.slider}
        style={{ '--filled': filled }}
        aria-label={label}
        aria-valuetext={`${value} ${unit}`}
        min={0}
        max={sliderSteps}
        value={position}
        onChange={({ target }) => {
          setTyped(undefined);
          onChange(valueAt(Number(target.value), props));
        }}
      />
      <p id={`${id}-hint`} role={isWrong ? 'alert' : undefined} data-wrong={isWrong}>
        {isWrong ? range : hint}
      </p>
    </div>
  );
}

function isWithin(text: string, { min, max }: AmountProps): boolean {
  const number = Number(text);
  return text.trim() !== '' && number >= min && number <= max;
}

type Scale = Pick<AmountProps, 'min' | 'max' | 'isLogarithmic'>;

/** Where a value is on the slider. A logarithm knows no 0: it has the first step for itself. */
export function positionOf(value: number, { min, max, isLogarithmic }: Scale): number {
  const within = Math.min(max, Math.max(min, value));
  if (!isLogarithmic) return Math.round((sliderSteps * (within - min)) / (max - min));
  const least = leastOf(min, max);
  if (within < least) return 0;
  const part = Math.log(within / least) / Math.log(max / least);
  const first = min < least ? 1 : 0;
  return Math.round(first + (sliderSteps - first) * part);
}

/** The value at a place on the slider: a round one. */
export function valueAt(position: number, { min, max, isLogarithmic }: Scale): number {
  if (position === 0) return min;
  if (position === sliderSteps) return max;
  if (!isLogarithmic) return rounded(min + ((max - min) * position) / sliderSteps, max - min);
  const least = leastOf(min, max);
  const first = min < least ? 1 : 0;
  const value = least * (max / least) ** ((position - first) / (sliderSteps - first));
  return Math.min(max, Math.max(min, rounded(value, value)));
}

function leastOf(min: number, max: number): number {
  return min > 0 ? min : max / 1_000;
}

/** To two digits of what is as large as `size`. */
function rounded(value: number, size: number): number {
  const digits = Math.max(0, 1 - Math.floor(Math.log10(size)));
  const step = 10 ** Math.max(0, Math.floor(Math.log10(size)) - 1);
  return digits > 0 ? Number(value.toFixed(digits)) : Math.round(value / step) * step;
}
