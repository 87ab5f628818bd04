/**
 * All emoji, searchable, in the reader's language. Loaded when it is first opened, with its data from the
 * page's own server. Escape, or a press beside it, closes it; whoever opened it then takes the focus.
 */
import {
  defaultEmojiDataResolver,
  type EmojiDataResolver,
  type EmojiPickerListComponents,
  EmojiPicker as Picker,
} from 'frimousse';
import { type KeyboardEvent, useEffect, useEffectEvent, useRef, useState } from 'react';
import { useLanguage, useTexts } from '../i18n/texts';
import { isComposing } from './composer/keys';
import styles from './EmojiPicker.module.css';

export interface EmojiPickerProps {
  onPick(emoji: string): void;
  onClose(): void;
}

/** Beside the page, on whatever path it is served. */
const dataUrl = new URL('emojibase', document.baseURI).href;

const components: EmojiPickerListComponents = {
  CategoryHeader: ({ category, ...props }) => (
    <div className={styles.category} {...props}>
      {category.label}
    </div>
  ),
  Row: ({ children, ...props }) => (
    <div className={styles.row} {...props}>
      {children}
    </div>
  ),
  Emoji: ({ emoji, ...props }) => (
    <button type="button" className={styles.emoji} {...props}>
      {emoji.emoji}
    </button>
  ),
};

export function EmojiPicker({ onPick, onClose }: EmojiPickerProps) {
  const { composer } = useTexts();
  const language = useLanguage();
  const root = useRef<HTMLDivElement>(null);
  const [hasFailed, setFailed] = useState(false);
  const close = useEffectEvent(onClose);

  useEffect(() => {
    const onPress = ({ target }: PointerEvent) => {
      if (target instanceof Node && !root.current?.contains(target)) close();
    };
    document.addEventListener('pointerdown', onPress);
    return () => document.removeEventListener('pointerdown', onPress);
  }, []);

  const loadData: EmojiDataResolver = async (locale, options) => {
    try {
      return await defaultEmojiDataResolver(locale, options);
    } catch (error) {
      if (!options.signal?.aborted) setFailed(true);
      throw error;
    }
  };

  const onKeyDown = (event: KeyboardEvent) => {
    // The picker listens at the document, and would take a key that ends a composition for its own.
    if (isComposing(event)) event.stopPropagation();
    else if (event.key === 'Escape') {
      event.stopPropagation();
      onClose();
    }
  };

  return (
    <Picker.Root
      ref={root}
      className={styles.picker}
      role="dialog"
      aria-label={composer.emoji}
      columns={8}
      locale={language === 'zh-CN' ? 'zh' : 'en'}
      emojibaseUrl={dataUrl}
      resolveEmojiData={loadData}
      onEmojiSelect={({ emoji }) => onPick(emoji)}
      onKeyDown={onKeyDown}
    >
      <div className={styles.head}>
        <Picker.Search
          className={styles.search}
          placeholder={composer.searchEmoji}
          aria-label={composer.searchEmoji}
          ref={focusOnce}
        />
        <Picker.SkinToneSelector
          className={`iconButton ${styles.tone}`}
          aria-label={composer.skinTone}
          title={composer.skinTone}
        />
      </div>
      <Picker.Viewport className={styles.viewport}>
        <Picker.Loading className={styles.note}>
          {hasFailed ? composer.emojiFailed : composer.emojiLoading}
        </Picker.Loading>
        <Picker.Empty className={styles.note}>{composer.noEmoji}</Picker.Empty>
        <Picker.List className={styles.list} aria-label={composer.emoji} components={components} />
      </Picker.Viewport>
    </Picker.Root>
  );
}

/** The same function at every drawing: another one would take the focus again. */
function focusOnce(field: HTMLInputElement | null): void {
  field?.focus();
}
