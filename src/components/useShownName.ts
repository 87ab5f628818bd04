import { useCallback } from 'react';
import { useTexts } from '../i18n/texts';
import { isProgram, type User } from '../store/chatStore';
import { fullName } from './fullName';

/** Names as they are shown where only text can stand: with the tag, and with the mark of a program. */
export function useShownName(): (user: User) => string {
  const { asProgram } = useTexts();
  return useCallback(
    (user) => (isProgram(user) ? asProgram(fullName(user)) : fullName(user)),
    [asProgram],
  );
}
