/** The list that opens while a mention or a command is written: what is in it, and how keys choose from it. */
import { type KeyboardEvent, type RefObject, useState } from 'react';
import {
  type CompanionCommand,
  isProgram,
  type ReadMark,
  type User,
  useChat,
} from '../../store/chatStore';
import { fullName } from '../fullName';
import { begin, type CommandName } from './commands';
import { begunAt, commandsFor, companionCommandsFor, peopleFor } from './completion';
import { insertText } from './insertText';
import { isComposing } from './keys';

export type Suggestion = { id: string } & (
  | { kind: 'person'; user: User }
  | { kind: 'command'; name: CommandName }
  /** It is sent as it is, and a program answers it. */
  | { kind: 'request'; name: CompanionCommand; program: User }
);

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

const nobody: readonly User[] = [];
const noMarks: readonly ReadMark[] = [];

export function useCompletion({ field, text, caret, onEditLast }: CompletionOptions): Completion {
  const begun = caret === undefined ? undefined : begunAt(text, caret);
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
  if (begun && key !== closed) {
    const people = () => [...members, ...reads.map(({ user }) => user)];
    suggestions = isMention
      ? peopleFor(begun.query, people(), me).map((user) => ({ kind: 'person', id: user.id, user }))
      : [
          ...commandsFor(begun.query).map((name) => ({ kind: 'command', id: name, name }) as const),
          ...(program ? requestsOf(program, begun.query) : []),
        ];
  }
  // What Escape has closed stays closed for as long as one goes on writing there.
  if (closed !== undefined && key !== closed) setClosed(undefined);
  const active = chosen.for === listKey ? Math.min(chosen.index, suggestions.length - 1) : 0;

  const choose = (index: number) => {
    const suggestion = suggestions[index];
    const element = field.current;
    if (!suggestion || !element || !begun || caret === undefined) return;
    const place = { start: begun.start, end: caret };
    if (suggestion.kind === 'person') {
      insertText(element, `@${fullName(suggestion.user)} `, place);
    } else if (suggestion.kind === 'request') {
      insertText(element, `/${suggestion.name} `, place);
    } else if (suggestion.name === 'edit') {
      insertText(element, '', place);
      onEditLast();
    } else {
      const { text: begins, caret: at } = begin(suggestion.name);
      insertText(element, begins, place);
      element.setSelectionRange(at, at);
    }
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

function requestsOf(program: User, query: string): Suggestion[] {
  return companionCommandsFor(query).map((name) => ({ kind: 'request', id: name, name, program }));
}
