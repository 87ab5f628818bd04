/** What a notification says beyond the message itself. Small, as a service worker holds it. */
import type { Language } from './language';

interface NotificationTexts {
  readonly somethingNew: string;
  readonly privateRoom: string;
  asProgram(name: string): string;
}

export const notificationTexts: Record<Language, NotificationTexts> = {
  en: {
    somethingNew: 'There is something new.',
    privateRoom: 'Private room',
    asProgram: (name) => `${name} (program)`,
  },
  'zh-CN': {
    somethingNew: '有新消息。',
    privateRoom: '私密房间',
    asProgram: (name) => `${name}（程序）`,
  },
};
