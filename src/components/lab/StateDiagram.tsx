/** The states of the connection and the ways between them: where it is, and how it came there. */
import { useTexts } from '../../i18n/texts';
import type { ConnectionStatus } from '../../store/chatStore';
import { clockTime } from './clockTime';
import { boxes, diagramHeight, diagramWidth, edges } from './diagram';
import { useLabTexts } from './labTexts';
import { useDigest, useLineSource, useLineStatus } from './lineSource';
import styles from './StateDiagram.module.css';
import { transitionWords } from './transitionWords';

const states = Object.keys(boxes) as ConnectionStatus[];

export function StateDiagram() {
  const { diagram: texts, states: names } = useLabTexts();
  const { reader } = useLineSource();
  const status = useLineStatus();
  const changes = useDigest((digest) => digest.changes);
  const last = reader.digest.transitions.findLast(({ from, state }) => from !== state.status);
  const isLast = (from: ConnectionStatus, to: ConnectionStatus) =>
    last?.from === from && last.state.status === to && to === status;
  const shown = edges.filter(({ from, to, isRare }) => !isRare || isLast(from, to));
  // The way that was taken lies above those that were not.
  const ordered = shown.toSorted(
    (one, other) => Number(isLast(one.from, one.to)) - Number(isLast(other.from, other.to)),
  );
  return (
    <svg
      className={styles.diagram}
      viewBox={`0 0 ${diagramWidth} ${diagramHeight}`}
      role="img"
      aria-label={texts.label(names[status])}
      data-status={status}
    >
      <defs>
        {(['arrow', 'arrowTaken'] as const).map((id) => (
          <marker
            key={id}
            id={id}
            className={styles[id]}
            viewBox="0 0 8 8"
            refX="6"
            refY="4"
            markerWidth="7"
            markerHeight="7"
            markerUnits="userSpaceOnUse"
            orient="auto-start-reverse"
          >
            <path d="M1 1 7 4 1 7Z" />
          </marker>
        ))}
      </defs>
      {ordered.map(({ from, to, path, label }) => {
        const isTaken = isLast(from, to);
        return (
          <g
            // The way that was taken is drawn anew each time that it is.
            key={isTaken ? `${from} ${to} ${changes}` : `${from} ${to}`}
            className={styles.edge}
            data-taken={isTaken}
          >
            <path d={path} pathLength={1} markerEnd={`url(#${isTaken ? 'arrowTaken' : 'arrow'})`} />
            {label && (
              <text x={label.x} y={label.y}>
                {texts.edges[label.word]}
              </text>
            )}
          </g>
        );
      })}
      {states.map((state) => {
        const { x, y, width, height } = boxes[state];
        return (
          <g key={state} className={styles.state} data-state={state} data-lit={state === status}>
            <rect x={x} y={y} width={width} height={height} rx={13} />
            <text x={x + width / 2} y={y + height / 2}>
              {names[state]}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

/** How the line came to be as it is. */
export function LastTransition() {
  const texts = useTexts();
  const lab = useLabTexts();
  const { reader } = useLineSource();
  useDigest(({ changes }) => changes);
  const last = reader.digest.transitions.at(-1);
  if (!last) return <p className={styles.last}>{lab.diagram.noChange}</p>;
  const { from, state, at } = last;
  return (
    <p className={styles.last}>
      <time>{clockTime(at)}</time>
      {from !== state.status && (
        <b>
          {lab.states[from]} → {lab.states[state.status]}
        </b>
      )}
      <span>
        {transitionWords(texts, lab, last)}
        {state.status === 'waiting' &&
          state.attempt > 1 &&
          texts.aside(lab.afterTry(state.attempt - 1))}
      </span>
    </p>
  );
}

/** The changes of state before that, the latest first. */
export function TransitionHistory() {
  const texts = useTexts();
  const lab = useLabTexts();
  const { reader } = useLineSource();
  useDigest(({ changes }) => changes);
  const before = reader.digest.transitions.slice(0, -1).toReversed();
  if (before.length === 0) return null;
  return (
    <section className={styles.history} aria-label={lab.diagram.history}>
      <ol>
        {before.map((event) => (
          <li key={event.number}>
            <time>{clockTime(event.at)}</time>
            <span>
              {event.from !== event.state.status && (
                <>
                  <b>
                    {lab.states[event.from]} → {lab.states[event.state.status]}
                  </b>{' '}
                </>
              )}
              {transitionWords(texts, lab, event)}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
