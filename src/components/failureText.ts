import type { Texts } from '../i18n/en';
import type { ChatMessage } from '../store/chatStore';

/** Why a message was not sent, in words; undefined where nobody said. */
export function failureText(texts: Texts, failure: ChatMessage['failure']): string | undefined {
  return failure && (texts.failures[failure.code] ?? texts.refused(failure.message));
}
