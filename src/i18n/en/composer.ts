/** Where one writes, and how what was written is shown. */
export const composer = {
  replyingTo: (name: string) => `Replying to ${name}`,
  editing: 'Changing your message',
  problems: {
    'only spaces': 'Nothing but spaces: write something to send.',
    'too long': 'Too long to send. Shorten it, or send it in parts.',
    'command alone': 'This command needs some text behind it.',
    'nothing left': 'Nothing is left of the message. To take it back, delete it.',
    'cannot change': 'This cannot be changed at this moment. Try again when it was sent.',
    'outbox full': 'Too many messages wait already. This one stays here until some have left.',
  },
  cancelReply: 'Do not reply',
  cancelEdit: 'Leave it as it was',

  people: 'People',
  commands: 'Commands',
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
  searchEmoji: 'Search emoji',
  skinTone: 'Change skin tone',
  noEmoji: 'No emoji is called that.',
  emojiLoading: 'Loading…',
  copyCode: 'Copy code',
  codeCopied: 'Copied',
};
