/** What a notification says beyond the message itself. Small, as a service worker holds it. */
import type { Language } from './language';

export const notificationTexts: Record<Language, { somethingNew: string; privateRoom: string }> = {
  en: { somethingNew: 'There is something new.', privateRoom: 'Private room' },
  'zh-CN': { somethingNew: '有新消息。', privateRoom: '私密房间' },
};
