/** A frame, or what happened to the line, in full. */
import { type KeyboardEvent, useState } from 'react';
import type { LineEvent } from '../../store/labStore';
import { copyText } from '../copyText';
import { Icon } from '../Icon';
import { clockTime } from './clockTime';
import { decodeFrame, prettyFrame } from './decodeFrame';
import styles from './FrameDetail.module.css';
import { useLabTexts } from './labTexts';

export interface FrameDetailProps {
  event: LineEvent;
  onClose(): void;
}

export function FrameDetail({ event, onClose }: FrameDetailProps) {
  const { frames: texts } = useLabTexts();
  const text = textOf(event);
  const [copied, setCopied] = useState<LineEvent>();
  const copy = async (copiedText: string) => {
    if (await copyText(copiedText)) setCopied(event);
  };
  const onKeyDown = (pressed: KeyboardEvent) => {
    if (pressed.key !== 'Escape') return;
    pressed.preventDefault();
    onClose();
  };
  return (
    <section className={styles.detail} aria-label={titleOf(event)} onKeyDown={onKeyDown}>
      <div className={styles.head}>
        <b>{titleOf(event)}</b>
        <time>{clockTime(event.at)}</time>
        {event.kind === 'frame' && <span>{texts.bytes(event.bytes)}</span>}
        {event.kind === 'frame' && event.fate && <em>{texts.fates[event.fate]}</em>}
        {text !== undefined && (
          <button type="button" className="quietButton" onClick={() => void copy(text)}>
            <Icon name={copied === event ? 'check' : 'copy'} />
            {copied === event ? texts.copied : texts.copy}
          </button>
        )}
        <button
          type="button"
          className="iconButton"
          aria-label={texts.closeDetail}
          title={texts.closeDetail}
          onClick={onClose}
        >
          <Icon name="close" />
        </button>
      </div>
      {text === undefined ? (
        <p>{texts.binary}</p>
      ) : (
        // Long ones scroll, by keys too.
        <pre tabIndex={0}>{event.kind === 'frame' ? prettyFrame(text) : text}</pre>
      )}
    </section>
  );
}

function titleOf(event: LineEvent): string {
  return event.kind === 'frame' ? decodeFrame(event).type : event.kind;
}

/** As it was on the line; what is no frame, as the lab has it. */
function textOf(event: LineEvent): string | undefined {
  return event.kind === 'frame' ? event.text : JSON.stringify(event, null, 2);
}
