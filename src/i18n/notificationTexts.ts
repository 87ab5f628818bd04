/** What a notification says when there is no message to say it. Small, as a service worker holds it. */
import type { Language } from './language';

export const notificationTexts: Record<Language, { somethingNew: string }> = {
  en: { somethingNew: 'There is something new.' },
  'zh-CN': { somethingNew: '有新消息。' },
};
