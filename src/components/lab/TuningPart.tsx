/** The connection's knobs: what each is set to now, by whom ever, and what it is to be. */
import { useEffect, useState } from 'react';
import {
  type EffectiveTuning,
  isTuned,
  type TunedNumber,
  type Tuning,
  tuningRanges,
  useLab,
} from '../../store/labStore';
import { copyText } from '../copyText';
import { Icon } from '../Icon';
import { Switch } from '../Switch';
import { Amount } from './Amount';
import { useLabTexts } from './labTexts';
import styles from './TuningPart.module.css';
import { useEachFrame } from './useEachFrame';

const knobs: readonly TunedNumber[] = [
  'intervalMs',
  'timeoutMs',
  'ackTimeoutMs',
  'baseMs',
  'capMs',
  'maxRetries',
];

export function TuningPart() {
  const { tuning: texts } = useLabTexts();
  const { tune, resetTuning } = useLab((state) => state.actions);
  const effective = useEffectiveTuning();
  const tuning = useLab((state) => state.tuning);
  return (
    <div className={styles.part}>
      <p className={styles.intro}>{texts.intro}</p>
      {knobs.map((name) => (
        <Knob key={name} name={name} value={effective[name]} />
      ))}
      <Switch
        label={texts.knobs.isAdaptive}
        hint={texts.hints.isAdaptive}
        isOn={effective.isAdaptive}
        onChange={(isAdaptive) => tune({ isAdaptive })}
      />
      <div className={styles.foot}>
        <button type="button" disabled={!isTuned(tuning)} onClick={resetTuning}>
          {texts.resetAll}
        </button>
        <CopyLink tuning={tuning} />
      </div>
    </div>
  );
}

function Knob({ name, value }: { name: TunedNumber; value: number }) {
  const { tuning: texts, time } = useLabTexts();
  const { tune } = useLab((state) => state.actions);
  const isChanged = useLab((state) => state.tuning[name] !== undefined);
  const isTime = name !== 'maxRetries';
  const [min, max] = tuningRanges[name];
  // Of ms few are asked for to the last one; what is short is.
  const inMs = name === 'baseMs';
  const factor = isTime && !inMs ? 1_000 : 1;
  const shown = (amount: number) => (isTime ? time(amount) : String(amount));
  const change = (amount: number | undefined): Tuning => ({ [name]: amount });
  return (
    <Amount
      label={texts.knobs[name]}
      hint={texts.hints[name]}
      unit={isTime ? (inMs ? texts.milliseconds : texts.seconds) : texts.tries}
      value={Number((value / factor).toFixed(3))}
      min={min / factor}
      max={max / factor}
      isLogarithmic
      isChanged={isChanged}
      onChange={(amount) => tune(change(Math.round(amount * factor)))}
      range={texts.from(shown(min), shown(max))}
      reset={{ label: texts.reset(texts.knobs[name]), onReset: () => tune(change(undefined)) }}
    />
  );
}

/** It changes by itself, too: a server says how it wants its heartbeat. */
function useEffectiveTuning(): EffectiveTuning {
  const { effectiveTuning } = useLab((state) => state.actions);
  const [effective, setEffective] = useState(effectiveTuning);
  useEachFrame(() => {
    const next = effectiveTuning();
    setEffective((before) => (JSON.stringify(before) === JSON.stringify(next) ? before : next));
  }, 50);
  return effective;
}

function CopyLink({ tuning }: { tuning: Tuning }) {
  const { tuning: texts } = useLabTexts();
  const { tuningLink } = useLab((state) => state.actions);
  const [link, setLink] = useState<string>();
  const [copied, setCopied] = useState<{ link: string; isCopied: boolean }>();
  // Known before it is asked for: some browsers copy only what is there at the very click.
  useEffect(() => {
    let isWanted = true;
    tuningLink(tuning).then(
      (made) => isWanted && setLink(made),
      () => {},
    );
    return () => {
      isWanted = false;
    };
  }, [tuning, tuningLink]);
  const copy = async () => {
    if (link !== undefined) setCopied({ link, isCopied: await copyText(link) });
  };
  const isOfLink = copied !== undefined && copied.link === link;
  const isDone = isOfLink && copied.isCopied;
  return (
    <>
      <button
        type="button"
        disabled={!isTuned(tuning) || link === undefined}
        onClick={() => void copy()}
      >
        <Icon name={isDone ? 'check' : 'link'} />
        {isDone ? texts.linkCopied : texts.copyLink}
      </button>
      {isOfLink && !isDone && (
        <label className={styles.byHand}>
          {texts.copyByHand}
          <input readOnly value={link} onFocus={({ target }) => target.select()} />
        </label>
      )}
    </>
  );
}
