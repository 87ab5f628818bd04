import type { Texts } from '../i18n/en';
import type { ChatMessage } from '../store/chatStore';

/** Why a message was not sent, in words; undefined where nobody said. */
export function failureText(texts: Texts, failure: ChatMessage['failure']): string | undefined {
  if (!failure) return undefined;
  const { code, message } = failure;
  return texts.failures[code] ?? texts.files.failures[code] ?? texts.refused(message);
}

/** The same file would be refused again. */
const finalCodes = new Set(['file_refused', 'file_too_large']);

/** Whether it can help to send a message once more. */
export function isWorthRetrying(failure: ChatMessage['failure']): boolean {
  return !failure || !finalCodes.has(failure.code);
}
