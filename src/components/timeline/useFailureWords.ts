import { useTexts } from '../../i18n/texts';
import type { ChatMessage } from '../../store/chatStore';

/** Says why something was not sent: in our words where the reason is known here, else in the server's. */
export function useFailureWords(): (failure: NonNullable<ChatMessage['failure']>) => string {
  const texts = useTexts();
  return ({ code, message }) => texts.failures[code] ?? texts.refused(message);
}
