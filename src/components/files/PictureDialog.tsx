/**
 * A picture of the room over all else, as large as there is room for. Arrows go to the one before and after it
 * among those that are loaded; Escape, the button or a press beside it closes it.
 */
import { type KeyboardEvent, useEffect } from 'react';
import { useLanguage, useTexts } from '../../i18n/texts';
import { type ChatMessage, type ShownFile, useChat } from '../../store/chatStore';
import { CloseButton } from '../CloseButton';
import { formatWhen } from '../formatWhen';
import { Icon } from '../Icon';
import { useModal } from '../useModal';
import { useShownName } from '../useShownName';
import { FileName } from './FileName';
import { kindOf } from './fileKind';
import { NotLoaded } from './NotLoaded';
import styles from './PictureDialog.module.css';
import { useDownload } from './useDownload';
import { useShownLink } from './useShownLink';

export interface PictureDialogProps {
  /** The place of the message. */
  seq: number;
  onShow(seq: number | undefined): void;
}

export function PictureDialog({ seq, onShow }: PictureDialogProps) {
  const { files } = useTexts();
  const pictures = useChat((state) => state.messages).filter(hasPicture);
  const at = pictures.findIndex((each) => each.seq === seq);
  const message = pictures[at];
  const modal = useModal(() => onShow(undefined));
  const before = pictures[at - 1];
  const after = pictures[at + 1];

  const { ref } = modal;
  // What is nearest is the way back.
  useEffect(
    () => ref.current?.querySelector<HTMLElement>('header button:last-child')?.focus(),
    [ref],
  );

  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowLeft: before, ArrowRight: after }[event.key];
    if (to?.seq !== undefined) {
      event.preventDefault();
      onShow(to.seq);
    } else modal.onKeyDown(event);
  };

  return (
    <dialog
      {...modal}
      className={styles.dialog}
      aria-label={message?.file.name ?? files.kinds.picture}
      onKeyDown={onKeyDown}
    >
      {message ? (
        <>
          <Head message={message} onClose={() => onShow(undefined)} />
          <Stage key={seq} message={message} />
          <Step name={files.previous} icon="back" to={before} onShow={onShow} />
          <Step name={files.next} icon="forward" to={after} onShow={onShow} />
        </>
      ) : (
        <Gone onClose={() => onShow(undefined)} />
      )}
    </dialog>
  );
}

type WithPicture = ChatMessage & { readonly file: ShownFile };

function hasPicture(message: ChatMessage): message is WithPicture {
  const { seq, file } = message;
  return seq !== undefined && file !== undefined && kindOf(file) === 'picture';
}

function Head({ message, onClose }: { message: WithPicture; onClose(): void }) {
  const { files } = useTexts();
  const language = useLanguage();
  const shownName = useShownName();
  const { start, state } = useDownload(message);
  const { file, author, at } = message;
  return (
    <header className={styles.head}>
      <div className={styles.words} aria-live="polite">
        <h2>
          <FileName name={file.name} />
        </h2>
        <p>
          <bdi>{shownName(author)}</bdi>
          {' · '}
          <time dateTime={new Date(at).toISOString()}>{formatWhen(language, at, Date.now())}</time>
          {state === 'failed' && <span role="alert"> · {files.notLoaded}</span>}
        </p>
      </div>
      <button
        type="button"
        className="iconButton"
        aria-label={files.downloadOf(file.name)}
        title={files.download}
        disabled={state === 'asking'}
        onClick={start}
      >
        <Icon name="download" />
      </button>
      <CloseButton onClose={onClose} />
    </header>
  );
}

/** The small one is shown until the whole is there. */
function Stage({ message }: { message: WithPicture }) {
  const { files } = useTexts();
  const shownName = useShownName();
  const { file, author } = message;
  const whole = useShownLink(message, 'whole', true);
  const small = useShownLink(message, 'preview', file.hasPreview);
  const words = files.pictureBy(file.name, shownName(author));
  return (
    <div className={styles.stage}>
      {small.url !== undefined && !small.hasFailed && (
        <img
          key={`small ${small.tries}`}
          src={small.url}
          alt=""
          width={file.width}
          height={file.height}
        />
      )}
      {whole.url !== undefined && !whole.hasFailed && (
        <img
          key={whole.tries}
          src={whole.url}
          alt={words}
          width={file.width}
          height={file.height}
          onLoad={whole.onLoaded}
          onError={whole.onFailed}
        />
      )}
      {whole.hasFailed && <NotLoaded isTabStop onAgain={whole.tryAgain} />}
    </div>
  );
}

interface StepProps {
  name: string;
  icon: 'back' | 'forward';
  to: ChatMessage | undefined;
  onShow(seq: number | undefined): void;
}

function Step({ name, icon, to, onShow }: StepProps) {
  return (
    <button
      type="button"
      className={styles.step}
      data-side={icon}
      aria-label={name}
      title={name}
      // It keeps the focus at an end, too: from there the keys lead back.
      aria-disabled={to === undefined}
      onClick={() => to && onShow(to.seq)}
    >
      <Icon name={icon} />
    </button>
  );
}

/** It was deleted while it was looked at. */
function Gone({ onClose }: { onClose(): void }) {
  const { timeline } = useTexts();
  return (
    <div className={styles.gone}>
      <p role="alert">{timeline.seek.gone}</p>
      <CloseButton onClose={onClose} />
    </div>
  );
}
