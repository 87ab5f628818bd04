/** Where one writes, and how what was written is shown. */
export const composer = {
  replyingTo: (name: string) => `Replying to ${name}`,
  editing: 'Changing your message',
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
