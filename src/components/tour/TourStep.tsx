/** One step of the tour: a line in the list, and unfolded what it tells, its button, and what was seen. */
import { type RefObject, useEffect, useId, useRef } from 'react';
import type { TourTexts } from '../../i18n/en/tour';
import { useTexts } from '../../i18n/texts';
import { useChat } from '../../store/chatStore';
import { Icon } from '../Icon';
import { usePageControls } from '../pageControls';
import { PushNote } from './PushNote';
import { Sights } from './Sights';
import { pushWayOf, type StepName, stepNames, stepOf } from './steps';
import styles from './TourStep.module.css';
import type { Tour } from './tour';
import type { TourState } from './tourMachine';

export interface TourStepProps {
  name: StepName;
  texts: TourTexts;
  tour: Tour;
  state: TourState;
  /** Why it cannot be done here. */
  obstacle: keyof TourTexts['impossible'] | undefined;
  next: StepName | undefined;
}

export function TourStep(props: TourStepProps) {
  const { name, texts, tour, state, obstacle } = props;
  const { aside } = useTexts();
  const bodyId = useId();
  const toggle = useRef<HTMLButtonElement>(null);
  const isOpen = state.open === name;
  const isDone = state.done.includes(name);
  return (
    <li
      className={styles.step}
      data-step={name}
      data-done={isDone}
      data-open={isOpen}
      aria-current={isOpen ? 'step' : undefined}
    >
      <h3>
        <button
          ref={toggle}
          type="button"
          aria-expanded={isOpen}
          aria-controls={isOpen ? bodyId : undefined}
          onClick={() => tour.open(isOpen ? undefined : name)}
        >
          <span className={styles.number} aria-hidden="true">
            {isDone ? <Icon name="check" /> : stepNames.indexOf(name) + 1}
          </span>
          <span>{texts.steps[name].title}</span>
          {isDone && <span className="visuallyHidden">{aside(texts.isDone)}</span>}
          {obstacle && <small>{texts.isSkipped}</small>}
        </button>
      </h3>
      {isOpen && <Body {...props} id={bodyId} toggle={toggle} isDone={isDone} />}
    </li>
  );
}

interface BodyProps extends TourStepProps {
  id: string;
  toggle: RefObject<HTMLButtonElement | null>;
  isDone: boolean;
}

function Body({ id, toggle, name, texts, tour, state, obstacle, next, isDone }: BodyProps) {
  const { tells } = texts.steps[name];
  const { serverUrl } = usePageControls();
  const isLocal = serverUrl.startsWith('local:');
  const ending = state.endings[name];
  const isRunning = state.run?.step === name;
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Some browsers answer with a promise, which is no way to undo anything.
    place.current?.closest('li')?.scrollIntoView({ block: 'nearest' });
  }, []);

  const onNext = () => {
    // The button goes with its step: the focus goes on to the next one.
    const list = toggle.current?.closest('ol');
    tour.open(next);
    list?.querySelector<HTMLElement>(`[data-step="${next}"] h3 button`)?.focus();
  };
  return (
    <div id={id} ref={place} className={styles.body}>
      {tells.map((text) => (
        <p key={text}>{text}</p>
      ))}
      {isLocal && (name === 'socket' || name === 'handshake') && <p>{texts.local}</p>}
      {obstacle ? (
        <p className={styles.note}>{texts.impossible[obstacle]}</p>
      ) : (
        <Doing {...{ name, texts, tour, state, isDone, isLocal }} />
      )}
      {ending && !ending.wasSeen && !isRunning && <p className={styles.missed}>{texts.missed}</p>}
      {next && (isDone || obstacle) && !isRunning && (
        <NextButton isJustDone={ending?.wasSeen ?? false} text={texts.next} onClick={onNext} />
      )}
    </div>
  );
}

interface NextButtonProps {
  isJustDone: boolean;
  text: string;
  onClick(): void;
}

function NextButton({ isJustDone, text, onClick }: NextButtonProps) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isJustDone) button.current?.scrollIntoView({ block: 'nearest' });
  }, [isJustDone]);
  return (
    <button ref={button} type="button" className={`primaryButton ${styles.next}`} onClick={onClick}>
      {text}
      <Icon name="forward" />
    </button>
  );
}

interface DoingProps extends Pick<TourStepProps, 'name' | 'texts' | 'tour' | 'state'> {
  isDone: boolean;
  isLocal: boolean;
}

/** The button that makes it happen, and what is seen of it. */
function Doing({ name, texts, tour, state, isDone, isLocal }: DoingProps) {
  const isLineOpen = useChat(({ connection }) => connection.status === 'open');
  const isOnCall = useChat((chat) => name === 'push' && pushWayOf(chat) !== 'page');
  const wantedWay = useChat(pushWayOf);
  const run = state.run?.step === name ? state.run : undefined;
  const ending = state.endings[name];
  const shownWay = run?.world.pushWay ?? ending?.pushWay ?? wantedWay;
  const sights = run?.sights ?? ending?.sights;
  const isBlocked = !isLineOpen && !stepOf(name, wantedWay).needsNoLine;
  const begin = (pushWay = wantedWay) => {
    const { says, pushed } = texts;
    tour.begin(name, { isLocal, pushWay, says, pushed });
  };
  const label =
    name === 'push'
      ? isOnCall
        ? texts.push.serviceButton
        : texts.steps.push.button
      : texts.steps[name].button;
  return (
    <>
      {name === 'push' && <PushNote texts={texts} />}
      <div className={styles.buttons}>
        {run ? (
          <button type="button" onClick={tour.stop}>
            {texts.stop}
          </button>
        ) : (
          <>
            <button
              type="button"
              className={isDone ? undefined : 'primaryButton'}
              disabled={isBlocked}
              onClick={() => begin()}
            >
              {isDone ? texts.again : label}
            </button>
            {isOnCall && (
              <button type="button" onClick={() => begin('page')}>
                {texts.push.pageButton}
              </button>
            )}
          </>
        )}
      </div>
      {isBlocked && !run && <p className={styles.note}>{texts.needsLine}</p>}
      {sights && (
        <Sights checks={stepOf(name, shownWay).checks} sights={sights} run={run} texts={texts} />
      )}
    </>
  );
}
