/** What can be chosen while a mention or a command is written. The focus stays in the field. */
import { useEffect, useRef } from 'react';
import { useTexts } from '../../i18n/texts';
import { Avatar } from '../Avatar';
import { ProgramMark } from '../ProgramMark';
import { Tag } from '../Tag';
import styles from './CompletionList.module.css';
import type { Suggestion } from './completion';
import { type Completion, optionId } from './useCompletion';

export function CompletionList({ id, completion }: { id: string; completion: Completion }) {
  const { composer } = useTexts();
  const { suggestions, active, choose } = completion;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView?.({ block: 'nearest' });
  }, [active]);
  if (suggestions.length === 0) return null;
  const isPeople = suggestions[0]?.kind === 'person';
  return (
    <div
      ref={list}
      id={id}
      className={styles.list}
      role="listbox"
      aria-label={isPeople ? composer.people : composer.commands}
    >
      {suggestions.map((suggestion, index) => (
        <button
          type="button"
          tabIndex={-1}
          key={suggestion.id}
          id={optionId(id, index)}
          className={styles.option}
          role="option"
          aria-selected={index === active}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => choose(index)}
        >
          <Choice suggestion={suggestion} />
        </button>
      ))}
    </div>
  );
}

function Choice({ suggestion }: { suggestion: Suggestion }) {
  const { composer } = useTexts();
  if (suggestion.kind === 'person')
    return (
      <>
        <Avatar user={suggestion.user} />
        <span className={styles.name}>
          <bdi>{suggestion.user.name}</bdi>
          <Tag tag={suggestion.user.tag} />
          <ProgramMark user={suggestion.user} />
        </span>
      </>
    );
  return (
    <>
      <span className={styles.command}>/{suggestion.name}</span>
      <span className={styles.hint}>
        {suggestion.kind === 'request'
          ? composer.companionHints[suggestion.name]
          : composer.commandHints[suggestion.name]}
      </span>
      {suggestion.kind === 'request' && <ProgramMark user={suggestion.program} />}
    </>
  );
}
