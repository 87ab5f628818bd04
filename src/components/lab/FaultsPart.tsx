/** What the lab can do to the line: at once, or until it is put right. */
import { type FormEvent, useId, useState } from 'react';
import { type Faults, faultRanges, useLab } from '../../store/labStore';
import { Choice } from '../Choice';
import { usePageControls } from '../pageControls';
import { Switch } from '../Switch';
import { Amount } from './Amount';
import styles from './FaultsPart.module.css';
import { useLabTexts } from './labTexts';

export function FaultsPart() {
  const { faults: texts } = useLabTexts();
  const faults = useLab((state) => state.faults);
  const { setFaults } = useLab((state) => state.actions);
  const { time, tuning } = useLabTexts();
  const ways = ['no', 'both', 'in', 'out'] as const;
  const percents = (['lost', 'duplicated'] as const).map((name) => {
    const key = `${name}Percent` as const;
    const [min, max] = faultRanges[key];
    const change = (percent: number): Partial<Faults> => ({ [key]: Math.round(percent) });
    return (
      <Amount
        key={name}
        label={texts[name]}
        hint={texts[`${name}Hint`]}
        unit="%"
        value={faults[key]}
        min={min}
        max={max}
        isChanged={faults[key] > 0}
        onChange={(percent) => setFaults(change(percent))}
        range={texts.between(`${min}%`, `${max}%`)}
      />
    );
  });
  const [delayMin, delayMax] = faultRanges.delayMs;
  return (
    <div className={styles.part}>
      <section>
        <h3>{texts.once}</h3>
        <Cut />
        <HangUp />
        <Skip />
      </section>
      <section>
        <h3>{texts.standing}</h3>
        <Choice
          label={texts.frozen}
          value={faults.frozen}
          options={ways.map((value) => ({ value, label: texts.frozenWays[value] }))}
          onChange={(frozen) => setFaults({ frozen })}
          hint={texts.frozenHint}
        />
        <Amount
          label={texts.delay}
          hint={texts.delayHint}
          unit={tuning.milliseconds}
          value={faults.delayMs}
          min={delayMin}
          max={delayMax}
          isLogarithmic
          isChanged={faults.delayMs > 0}
          onChange={(delayMs) => setFaults({ delayMs: Math.round(delayMs) })}
          range={texts.between(time(delayMin), time(delayMax))}
        />
        {percents}
        <Switch
          label={texts.refusing}
          hint={texts.refusingHint}
          isOn={faults.isRefusing}
          onChange={(isRefusing) => setFaults({ isRefusing })}
        />
        <Switch
          label={texts.offline}
          hint={texts.offlineHint}
          isOn={faults.isOffline}
          onChange={(isOffline) => setFaults({ isOffline })}
        />
      </section>
    </div>
  );
}

function Cut() {
  const { faults: texts } = useLabTexts();
  const { cut } = useLab((state) => state.actions);
  return (
    <div className={styles.once}>
      <button type="button" className={styles.act} onClick={cut}>
        {texts.cut}
      </button>
      <p>{texts.cutHint}</p>
    </div>
  );
}

const [leastCode, mostCode] = [1_000, 4_999];

function HangUp() {
  const { faults: texts } = useLabTexts();
  const { hangUp } = useLab((state) => state.actions);
  const id = useId();
  const [chosen, setChosen] = useState('4000');
  const [own, setOwn] = useState('');
  const [isWrong, setWrong] = useState(false);

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    const code = Number(chosen === 'other' ? own || Number.NaN : chosen);
    const isCode = Number.isInteger(code) && code >= leastCode && code <= mostCode;
    setWrong(!isCode);
    if (isCode) hangUp(code, texts.codeNames[code] === undefined ? '' : 'connection lab');
  };

  return (
    <form className={styles.once} onSubmit={onSubmit} noValidate>
      <span className={styles.fields}>
        <button type="submit" className={styles.act}>
          {texts.hangUp}
        </button>
        <select
          aria-label={texts.code}
          value={chosen}
          onChange={({ target }) => {
            setChosen(target.value);
            setWrong(false);
          }}
        >
          {Object.entries(texts.codeNames).map(([code, name]) => (
            <option key={code} value={code}>
              {code} {name}
            </option>
          ))}
          <option value="other">{texts.otherCode}</option>
        </select>
        {chosen === 'other' && (
          <input
            inputMode="numeric"
            aria-label={texts.ownCode}
            placeholder={`${leastCode}–${mostCode}`}
            value={own}
            aria-invalid={isWrong}
            aria-describedby={isWrong ? id : undefined}
            onChange={({ target }) => setOwn(target.value)}
          />
        )}
      </span>
      <p>{texts.hangUpHint}</p>
      {isWrong && (
        <p id={id} role="alert" className={styles.wrong}>
          {texts.badCode}
        </p>
      )}
    </form>
  );
}

/** Set back, the clock would make late what is due: only a page that is loaded anew has it right. */
function Ahead() {
  const { faults: texts, time } = useLabTexts();
  const skippedMs = useLab((state) => state.skippedMs);
  const { onReload } = usePageControls();
  return (
    <div aria-live="polite">
      {skippedMs > 0 && (
        <div className={styles.ahead}>
          <p>
            <strong>{texts.ahead(time(skippedMs))}</strong> {texts.aheadHint}
          </p>
          <button type="button" onClick={onReload}>
            {texts.setRight}
          </button>
        </div>
      )}
    </div>
  );
}

const skipsMs = [10_000, 60_000, 600_000, 3_600_000, 28_800_000] as const;

function Skip() {
  const { faults: texts } = useLabTexts();
  const { skipTime } = useLab((state) => state.actions);
  const [skipMs, setSkipMs] = useState<number>(600_000);
  return (
    <form
      className={styles.once}
      onSubmit={(event) => {
        event.preventDefault();
        skipTime(skipMs);
      }}
    >
      <span className={styles.fields}>
        <button type="submit" className={styles.act}>
          {texts.skip}
        </button>
        <select
          aria-label={texts.skipBy}
          value={skipMs}
          onChange={({ target }) => setSkipMs(Number(target.value))}
        >
          {skipsMs.map((ms) => (
            <option key={ms} value={ms}>
              {texts.skips[ms]}
            </option>
          ))}
        </select>
      </span>
      <p>{texts.skipHint}</p>
      <Ahead />
    </form>
  );
}
