/** Which frames are listed, and whether the list runs on. */
import { useId } from 'react';
import { Icon } from '../Icon';
import styles from './FrameFilters.module.css';
import type { FrameFilter } from './frameRows';
import { useLabTexts } from './labTexts';

export interface FrameFiltersProps {
  filter: FrameFilter;
  /** Those that were seen. */
  types: readonly string[];
  onChange(filter: FrameFilter): void;
  isPaused: boolean;
  onPause(): void;
}

const directions = ['all', 'in', 'out'] as const;

export function FrameFilters({ filter, types, onChange, isPaused, onPause }: FrameFiltersProps) {
  const { frames: texts } = useLabTexts();
  const id = useId();
  const change = (part: Partial<FrameFilter>) => onChange({ ...filter, ...part });
  const shownTypes =
    filter.type && filter.type !== 'line' && !types.includes(filter.type)
      ? [...types, filter.type]
      : types;
  return (
    <div className={styles.filters}>
      <fieldset className={styles.directions}>
        <legend className="visuallyHidden">{texts.direction.label}</legend>
        {directions.map((direction) => (
          <label key={direction}>
            <input
              type="radio"
              name={id}
              className="visuallyHidden"
              checked={filter.direction === direction}
              onChange={() => change({ direction })}
            />
            <span>{texts.direction[direction]}</span>
          </label>
        ))}
      </fieldset>
      <select
        aria-label={texts.type}
        value={filter.type ?? ''}
        onChange={({ target }) => change({ type: target.value || undefined })}
      >
        <option value="">{texts.allTypes}</option>
        <option value="line">{texts.lineEvents}</option>
        {shownTypes.map((type) => (
          <option key={type}>{type}</option>
        ))}
      </select>
      <input
        type="search"
        aria-label={texts.search}
        placeholder={texts.find}
        value={filter.text}
        onChange={({ target }) => change({ text: target.value })}
      />
      <button
        type="button"
        className="iconButton"
        aria-label={texts.fold}
        title={texts.fold}
        aria-pressed={filter.isFolding}
        onClick={() => change({ isFolding: !filter.isFolding })}
      >
        <Icon name="lab" />
      </button>
      <button
        type="button"
        className="iconButton"
        aria-label={isPaused ? texts.resume : texts.pause}
        title={isPaused ? texts.resume : texts.pause}
        onClick={onPause}
      >
        <Icon name={isPaused ? 'play' : 'pause'} />
      </button>
    </div>
  );
}
