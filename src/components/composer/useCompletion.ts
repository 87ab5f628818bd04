/** The list that opens while a mention or a command is written: what is in it, and how keys choose from it. */
import { type KeyboardEvent, type RefObject, useState } from 'react';
import { isProgram, type ReadMark, type User, useChat } from '../../store/chatStore';
import { useLaterParts } from '../later';
import type { Suggestion } from './completion';
import { isComposing } from './keys';

export interface Completion {
  /** Empty while there is nothing to choose. */
  suggestions: readonly Suggestion[];
  active: number;
  choose(index: number): void;
  /** Takes the keys that are for the list; true if it was one. */
  onKeyDown(event: KeyboardEvent): boolean;
}

export interface CompletionOptions {
  field: RefObject<HTMLTextAreaElement | null>;
  text: string;
  /** Undefined while the field has no focus, or something is selected. */
  caret: number | undefined;
  onEditLast(): void;
}

/** The element's id of a suggestion, for `aria-activedescendant`. */
export const optionId = (listId: string, index: number) => `${listId}-${index}`;

const nobody: readonly User[] = [];
const noMarks: readonly ReadMark[] = [];

export function useCompletion({ field, text, caret, onEditLast }: CompletionOptions): Completion {
  const parts = useLaterParts();
  const begun = caret === undefined ? undefined : parts?.completion.begunAt(text, caret);
  const isMention = begun?.kind === 'mention';
  const me = useChat((state) => state.me);
  // Who comes and goes draws the form anew only while somebody is looked for.
  const members = useChat((state) => (isMention ? state.members : nobody));
  const reads = useChat((state) => (isMention ? state.reads : noMarks));

  const program = useChat((state) =>
    begun?.kind === 'command' ? state.members.find(isProgram) : undefined,
  );

  const key = begun && `${begun.kind} ${begun.start}`;
  const [closed, setClosed] = useState<string>();
  const [chosen, setChosen] = useState({ for: '', index: 0 });
  const listKey = `${key} ${begun?.query}`;

  let suggestions: readonly Suggestion[] = [];
  if (parts && begun && key !== closed) {
    const people = isMention ? [...members, ...reads.map(({ user }) => user)] : nobody;
    suggestions = parts.completion.suggestionsFor(begun, { me, people, program });
  }
  // What Escape has closed stays closed for as long as one goes on writing there.
  if (closed !== undefined && key !== closed) setClosed(undefined);
  const active = chosen.for === listKey ? Math.min(chosen.index, suggestions.length - 1) : 0;

  const choose = (index: number) => {
    const suggestion = suggestions[index];
    const element = field.current;
    if (!suggestion || !element || !begun || caret === undefined) return;
    parts?.completion.write(suggestion, element, { start: begun.start, end: caret });
    if (suggestion.kind === 'command' && suggestion.name === 'edit') onEditLast();
  };

  return {
    suggestions,
    active,
    choose,
    onKeyDown(event) {
      const { length } = suggestions;
      if (length === 0 || isComposing(event) || event.altKey || event.ctrlKey || event.metaKey)
        return false;
      const move = (index: number) => setChosen({ for: listKey, index });
      if (event.key === 'ArrowDown') move((active + 1) % length);
      else if (event.key === 'ArrowUp') move((active + length - 1) % length);
      else if (event.key === 'Escape') setClosed(key);
      else if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey) choose(active);
      else return false;
      event.preventDefault();
      // Escape means the list here, and nothing that lies around it.
      event.stopPropagation();
      return true;
    },
  };
}
