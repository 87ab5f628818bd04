/** The names that a mention in a text may have: of who is here, who has read here, and one's own. */
import { useMemo } from 'react';
import { isProgram, type ReadMark, type User, useChat } from '../../store/chatStore';
import { fullName } from '../fullName';

const nobody: readonly User[] = [];
const noMarks: readonly ReadMark[] = [];

export interface MentionNames {
  names: readonly string[];
  own: readonly string[];
  programs: readonly string[];
}

export function useMentionNames(body: string): MentionNames {
  // Who mentions nobody is not drawn again when somebody comes.
  const mayMention = /[@＠]/.test(body);
  const me = useChat((state) => state.me);
  const members = useChat((state) => (mayMention ? state.members : nobody));
  const reads = useChat((state) => (mayMention ? state.reads : noMarks));
  return useMemo(() => {
    const own = namesOf(me);
    const others = [...members, ...reads.map(({ user }) => user)].flatMap(namesOf);
    const programs = members.filter(isProgram).flatMap(namesOf);
    return { own, programs, names: [...new Set([...own, ...others])] };
  }, [me, members, reads]);
}

function namesOf(user: User): string[] {
  return [...new Set([fullName(user), user.name])];
}
