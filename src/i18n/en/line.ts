/** The line in words: badge, banner, and what waits. */
import { counted } from './counted';

export const line = {
  /** What the banner is called; the badge is the connection. */
  notice: 'Connection notice',
  /** The same in the banner, as a sentence. */
  told: {
    idle: 'You are not connected.',
    connecting: 'Connecting takes longer than usual.',
    'not yet': 'No connection yet. Still trying…',
    open: 'Connected.',
    checking: 'Checking whether the line still works…',
    reconnecting: 'Connection lost. Reconnecting…',
    offline: 'There is no network.',
    suspended: 'The line was paused while you were away.',
    closed: 'You are disconnected.',
    'gave up': 'Gave up after many tries.',
    'signed out': 'You are signed out.',
    'too many lines': 'The server does not let you in.',
    'update needed': 'This page is out of date.',
    refused: 'The server does not let you in.',
  },
  nextTry: (seconds: number, attempt: number) => `Try ${attempt} in ${seconds} s`,
  tryingNow: (attempt: number) => `Try ${attempt}…`,
  goOn: 'You can go on reading and writing.',
  waiting: (count: number) =>
    `${counted(count, 'message waits and leaves', 'messages wait and leave')} when the line is open.`,
  heldBack: (count: number) =>
    `${counted(count, 'message waits and leaves', 'messages wait and leave')} when you reconnect.`,
  failed: (count: number) => `${counted(count, 'message was', 'messages were')} not sent.`,
  retryNow: 'Retry now',
  reload: 'Reload the page',
  retryAll: 'Retry all',
  deleteAll: 'Delete all',
  showFailed: 'Show why',
  failedTitle: 'Not sent',
  failedElsewhere: (count: number) =>
    `${counted(count, 'more was', 'more were')} not sent in other rooms.`,
  changes: { edit: 'Edit:', delete: 'Deletion' },
  deleteAllQuestion: (count: number) => `Delete ${counted(count, 'message', 'messages')}?`,
  deleteAllHint: 'What was not sent is deleted in every room, and cannot be brought back.',
  keep: 'Keep',
  close: 'Close',
  asOfBefore: 'as of before the line was lost',
};
