/** Whether the person lets this page show notifications. */

/** `impossible`: this browser, or this page in it, cannot show any. */
type NotifyPermission = NotificationPermission | 'impossible';

export function notifyPermission(): NotifyPermission {
  return 'Notification' in window && window.isSecureContext
    ? Notification.permission
    : 'impossible';
}
