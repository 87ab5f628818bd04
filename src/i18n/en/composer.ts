/** Where one writes, and how what was written is shown. */
import { counted } from './counted';

export const composer = {
  save: 'Save',
  replyingTo: (name: string) => `Replying to ${name}`,
  editing: 'Changing your message',
  cancelReply: 'Do not reply',
  cancelEdit: 'Leave it as it was',
  problems: {
    'only spaces': 'Nothing but spaces: write something to send.',
    'too long': 'Too long to send. Shorten it, or send it in parts.',
    'command alone': 'This command needs some text behind it.',
    'nothing left': 'Nothing is left of the message. To take it back, delete it.',
    'cannot change': 'This cannot be changed at this moment. Try again when it was sent.',
  },
  becameTooLong: 'The message is too long now.',
  largeCharacters: ' · an emoji counts as several',

  people: 'People',
  commands: 'Commands',
  suggested: (count: number) => counted(count, 'suggestion', 'suggestions'),
  commandHints: {
    me: 'Say what you do, in italics',
    shrug: 'A shrug: ¯\\_(ツ)_/¯',
    code: 'A block of code',
    quote: 'Quote something',
    edit: 'Change your last message (also: Arrow Up)',
  },
  companionHints: {
    help: 'What the program here can do',
    slow: 'An answer after so many seconds',
    flood: 'So many messages at once',
    stream: 'A long answer, written as you read',
    drop: 'The server hangs up on you',
    silent: 'The server stops answering you',
  },

  emoji: 'Emoji',
  searchEmoji: 'Search emoji',
  skinTone: 'Change skin tone',
  noEmoji: 'No emoji is called that.',
  emojiLoading: 'Loading…',
  emojiFailed: 'Emoji could not be loaded. Try again when connected.',

  showAll: 'Show all',
  showLess: 'Show less',
  copyCode: 'Copy code',
  codeCopied: 'Copied',
};
