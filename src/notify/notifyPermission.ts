/** Whether the person lets this page show notifications, and the way to ask them. */

/** `impossible`: this browser, or this page in it, cannot show any. */
export type NotifyPermission = NotificationPermission | 'impossible';

export function notifyPermission(): NotifyPermission {
  return 'Notification' in window && window.isSecureContext
    ? Notification.permission
    : 'impossible';
}

/** Asks the person, unless they have answered before. To be called in their click. */
export async function askToNotify(): Promise<NotifyPermission> {
  const known = notifyPermission();
  return known === 'default' ? Notification.requestPermission() : known;
}
