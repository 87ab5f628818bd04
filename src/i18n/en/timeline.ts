/** The conversation: rows, what may be done with them, and moving in it. */
import { counted } from './counted';

/** “Ann”, “Ann and Bob”, “Ann, Bob and 3 others”. */
function listed(names: readonly string[]): string {
  const [first = '', second = ''] = names;
  if (names.length < 2) return first;
  if (names.length === 2) return `${first} and ${second}`;
  return `${first}, ${second} and ${counted(names.length - 2, 'other', 'others')}`;
}

export const timeline = {
  olderLoaded: (count: number) => counted(count, 'older message loaded', 'older messages loaded'),
  jumpToUnread: 'Jump to unread',
  seek: {
    loading: 'Looking for the message…',
    gone: 'This message is gone, or was never in this room.',
    failed: 'The message could not be loaded. Try again when connected.',
  },
  reply: 'Reply',
  react: 'React',
  reactWith: (emoji: string) => `React with ${emoji}`,
  moreEmoji: 'More emoji',
  edit: 'Edit',
  copy: 'Copy text',
  copyLink: 'Copy link to message',
  copied: 'Copied',
  notCopied: 'Could not be copied',
  delete: 'Delete message',
  doNotSend: 'Delete, do not send',
  deleteQuestion: 'Delete for everyone?',
  deleteForAll: 'Yes, delete',
  keep: 'Keep',
  inAnswerTo: 'In answer to',
  showMessage: 'Show the message',
  quoteComing: 'An earlier message…',
  reactions: 'Reactions',
  reactedBy: (emoji: string, names: readonly string[]) =>
    `${emoji} ${names.length.toLocaleString('en')}: ${listed(names)}`,
  /** Of what is, or was, written before everybody's eyes. */
  streams: {
    writing: 'Still being written',
    cut: 'Broken off here',
    broken: 'Broken off, and not kept',
  },
  seenBy: (names: readonly string[]) => `Seen by ${listed(names)}`,
  changes: {
    edit: {
      waits: 'Saving the change…',
      failed: (reason?: string) =>
        reason ? `The change was not saved: ${reason}` : 'The change was not saved.',
    },
    delete: {
      waits: 'Deleting…',
      failed: (reason?: string) => (reason ? `Not deleted: ${reason}` : 'Not deleted.'),
    },
  },
  discardChange: 'Discard change',
};
