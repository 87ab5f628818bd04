/** What the session holds: its outbox, how far each room is known, and what has been put right. */
import { useState } from 'react';
import { useTexts } from '../../i18n/texts';
import { type Inspection, useChat } from '../../store/chatStore';
import styles from './InsidePart.module.css';
import { useLabTexts } from './labTexts';
import { useEachFrame } from './useEachFrame';

export function InsidePart() {
  const { inside: texts } = useLabTexts();
  const inspection = useInspection();
  const { outbox, gapsFound, gapsFilled, duplicatesDropped } = inspection;
  return (
    <div className={styles.part}>
      <dl className={styles.counts}>
        <Count label={texts.waiting} value={outbox.length} isNotable={outbox.length > 0} />
        <Count label={texts.gapsFound} value={gapsFound} isNotable={gapsFound > gapsFilled} />
        <Count label={texts.gapsFilled} value={gapsFilled} />
        <Count label={texts.duplicates} value={duplicatesDropped} />
      </dl>
      <Rooms rooms={inspection.rooms} />
      <Outbox outbox={outbox} />
    </div>
  );
}

function useInspection(): Inspection {
  const { inspect } = useChat((state) => state.actions);
  const [inspection, setInspection] = useState(inspect);
  useEachFrame(() => {
    const next = inspect();
    setInspection((before) => (JSON.stringify(before) === JSON.stringify(next) ? before : next));
  }, 100);
  return inspection;
}

interface CountProps {
  label: string;
  value: number;
  isNotable?: boolean;
}

function Count({ label, value, isNotable = false }: CountProps) {
  return (
    <div data-notable={isNotable}>
      <dt>{label}</dt>
      <dd>{value.toLocaleString()}</dd>
    </div>
  );
}

function Rooms({ rooms }: Pick<Inspection, 'rooms'>) {
  const { inside: texts } = useLabTexts();
  return (
    <section>
      <h3>{texts.rooms}</h3>
      {rooms.length === 0 ? (
        <p>{texts.noRooms}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">{texts.room}</th>
              <th scope="col" title={texts.seqHint}>
                {texts.seq}
              </th>
              <th scope="col">{texts.held}</th>
              <th scope="col">{texts.epoch}</th>
            </tr>
          </thead>
          <tbody>
            {rooms.map(({ room, seq, held, epoch }) => (
              <tr key={room}>
                <th scope="row">{room}</th>
                <td>{seq}</td>
                <td data-notable={held > 0}>{held}</td>
                <td>
                  <code title={epoch}>{epoch?.slice(-8) ?? texts.unknown}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** So many are listed; how many there are is said above. */
const mostListed = 100;

function Outbox({ outbox }: Pick<Inspection, 'outbox'>) {
  const { inside: texts } = useLabTexts();
  const { states } = useTexts();
  return (
    <section>
      <h3>{texts.outbox}</h3>
      {outbox.length === 0 ? (
        <p>{texts.outboxEmpty}</p>
      ) : (
        <ol>
          {outbox.slice(0, mostListed).map(({ id, room, body, state, hasLeft }) => (
            <li key={id}>
              <span>{body}</span>
              <small>
                {hasLeft && state !== 'sending' ? texts.hasLeft(states[state]) : states[state]} ·{' '}
                {room} · <code title={id}>{id.slice(-8)}</code>
              </small>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
