/**
 * What the text before the caret may be the beginning of: a mention after an @, or a command after a slash
 * that begins the message. The full-width ＠ and ／ of Chinese and Japanese keyboards do the same.
 */
import { type CompanionCommand, companionCommands, type User } from '../../store/chatStore';
import { fullName } from '../fullName';
import { characterBefore, isWord } from '../MessageBody/characters';
import { type CommandName, commandNames } from './commands';

/** A part of the text that can be completed: from the sign at `start` up to the caret. */
export interface Begun {
  kind: 'mention' | 'command';
  start: number;
  /** What was written after the sign. */
  query: string;
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

/** Who may be meant, those first whose name begins so; each once, without `me`. */
export function peopleFor(query: string, people: readonly User[], me: User): User[] {
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

export function commandsFor(query: string): CommandName[] {
  return commandNames.filter((name) => name.startsWith(query.toLowerCase()));
}

/** What the companion answers to. One that is written out whole can be sent as it is. */
export function companionCommandsFor(query: string): CompanionCommand[] {
  const wanted = query.toLowerCase();
  return companionCommands.filter((name) => name.startsWith(wanted) && name !== wanted);
}
