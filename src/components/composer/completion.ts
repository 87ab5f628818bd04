/**
 * What the text before the caret may be the beginning of: a mention after an @, or a command after a slash
 * that begins the message. The full-width ＠ and ／ of Chinese and Japanese keyboards do the same.
 */
import { type CompanionCommand, companionCommands, type User } from '../../store/chatStore';
import { fullName } from '../fullName';
import { characterBefore, isWord } from '../MessageBody/characters';
import { type CommandName, commandNames, shrug } from './commands';
import { insertText } from './insertText';

/** A part of the text that can be completed: from the sign at `start` up to the caret. */
export interface Begun {
  kind: 'mention' | 'command';
  start: number;
  /** What was written after the sign. */
  query: string;
}

export type Suggestion = { id: string } & (
  | { kind: 'person'; user: User }
  | { kind: 'command'; name: CommandName }
  /** It is sent as it is, and a program answers it. */
  | { kind: 'request'; name: CompanionCommand; program: User }
);

/** Of whom something can be suggested. */
export interface Company {
  readonly me: User;
  readonly people: readonly User[];
  /** The companion, where it is. */
  readonly program: User | undefined;
}

/** No name is longer. */
const longestQuery = 48;
/** More would be a list to search, not to choose from. */
const mostPeople = 8;

const command = /^[/／](\p{L}*)$/u;
/** What an address of mail may have before its @. */
const mailCharacter = /[\w.+-]/;

export function begunAt(text: string, caret: number): Begun | undefined {
  const before = text.slice(0, caret);
  const [, word] = before.length <= longestQuery ? (command.exec(before) ?? []) : [];
  if (word !== undefined) return { kind: 'command', start: 0, query: word };
  const start = Math.max(before.lastIndexOf('@'), before.lastIndexOf('＠'));
  const query = before.slice(start + 1);
  if (start < 0 || query.length > longestQuery || query.includes('\n')) return undefined;
  const previous = characterBefore(text, start);
  if (isWord(previous) || mailCharacter.test(previous)) return undefined;
  return { kind: 'mention', start, query };
}

/** What can be chosen for what was begun. */
export function suggestionsFor({ kind, query }: Begun, company: Company): Suggestion[] {
  const { me, people, program } = company;
  if (kind === 'mention')
    return peopleFor(query, people, me).map((user) => ({ kind: 'person', id: user.id, user }));
  const requests = program
    ? companionCommandsFor(query).map(
        (name) => ({ kind: 'request', id: name, name, program }) as const,
      )
    : [];
  return [
    ...commandsFor(query).map((name) => ({ kind: 'command', id: name, name }) as const),
    ...requests,
  ];
}

/** Puts what was chosen into the place of what was begun there; a command that only does something is taken out. */
export function write(
  suggestion: Suggestion,
  field: HTMLTextAreaElement,
  place: { start: number; end: number },
): void {
  if (suggestion.kind === 'person') insertText(field, `@${fullName(suggestion.user)} `, place);
  else if (suggestion.kind === 'request') insertText(field, `/${suggestion.name} `, place);
  else if (suggestion.name === 'edit') insertText(field, '', place);
  else {
    const { text, caret } = begin(suggestion.name);
    insertText(field, text, place);
    field.setSelectionRange(caret, caret);
  }
}

/** What stands in the field once a command was chosen, and where the caret is. */
function begin(name: Exclude<CommandName, 'edit'>): { text: string; caret: number } {
  const text = { me: '/me ', shrug, code: '```\n\n```', quote: '> ' }[name];
  return { text, caret: name === 'code' ? '```\n'.length : text.length };
}

/** Who may be meant, those first whose name begins so; each once, without `me`. */
function peopleFor(query: string, people: readonly User[], me: User): User[] {
  const wanted = query.toLowerCase();
  const found = new Map<string, { user: User; rank: number }>();
  for (const user of people) {
    const rank = rankOf(fullName(user).toLowerCase(), wanted);
    if (rank !== undefined && user.id !== me.id && !found.has(user.id))
      found.set(user.id, { user, rank });
  }
  return [...found.values()]
    .sort((a, b) => a.rank - b.rank)
    .slice(0, mostPeople)
    .map(({ user }) => user);
}

/** Less is better; undefined is no match. Words and Chinese characters match from their beginning. */
function rankOf(name: string, wanted: string): number | undefined {
  if (name.startsWith(wanted)) return 0;
  if (name.includes(` ${wanted}`)) return 1;
  return !wanted.includes(' ') && name.includes(wanted) ? 2 : undefined;
}

function commandsFor(query: string): CommandName[] {
  return commandNames.filter((name) => name.startsWith(query.toLowerCase()));
}

/** What the companion answers to. One that is written out whole can be sent as it is. */
function companionCommandsFor(query: string): CompanionCommand[] {
  const wanted = query.toLowerCase();
  return companionCommands.filter((name) => name.startsWith(wanted) && name !== wanted);
}
