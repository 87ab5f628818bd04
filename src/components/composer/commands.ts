/**
 * The commands that a message may begin with. Each only writes what one could have written by hand, or
 * does what a key does too; what begins with a slash and is none of them is a message like any other.
 */
import { isBlank } from './isBlank';

export const commandNames = ['me', 'shrug', 'code', 'quote', 'edit'] as const;

export type CommandName = (typeof commandNames)[number];

export const shrug = '¯\\_(ツ)_/¯';

/** The command that a text begins with, by either slash, and what stands behind it. */
export function readCommand(text: string): { name: CommandName; rest: string } | undefined {
  const [whole = '', word] = /^[/／](\p{L}+)(?:\s|$)/u.exec(text) ?? [];
  const name = commandNames.find((known) => known === word?.toLowerCase());
  return name && { name, rest: text.slice(whole.length) };
}

/** The message that a text with a command stands for. A text without one is itself. */
export function written(text: string): string {
  const command = readCommand(text);
  if (!command) return text;
  const { name, rest } = command;
  if (name === 'shrug') return isBlank(rest) ? shrug : `${rest.trimEnd()} ${shrug}`;
  if (isBlank(rest)) return text;
  if (name === 'me') return rest.trim().replace(/^.+$/gm, '_$&_');
  if (name === 'code') return `\`\`\`\n${rest}\n\`\`\``;
  if (name === 'quote') return rest.replace(/^/gm, '> ');
  return text;
}
