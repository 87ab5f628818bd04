/** The server in this browser: who can join, and how well what is said is kept. */
export const local = {
  server: 'In this browser, without a network',
  /** In an empty room. */
  livesHere:
    'This chat lives in this browser. Other tabs of it can join; other browsers, other devices and private windows cannot.',
  livesHereAlone:
    'This chat lives in this tab: this browser lets no other tab join. What is said is kept in the browser.',
  /** Among the people, whatever is said in the room. */
  here: 'This chat is in this browser: other tabs can join it. Other browsers, devices and private windows have chats of their own.',
  hereAlone: 'This chat is in this tab: nobody else can join it.',
  /** On the way to the room's link. */
  invite: 'Join from another tab',
  inviteTab: 'Open the room in another tab, under another name, to see both ends.',
  reload: 'Reload the page',
  share:
    'This link opens the room in another tab of this browser. Other browsers, other devices and private windows cannot come in: each has a chat of its own.',
  shareAlone:
    'This browser lets no other tab join this chat. The link opens the room here, once this tab is closed.',
  elsewhere: 'The chat is open in another tab',
  elsewhereHint:
    'This browser can have it in one tab at a time. It opens here as soon as the other tab is closed.',
  useHere: 'Use it here',
  alone: 'This browser has the chat in one tab at a time: other tabs cannot join.',
  storage: {
    blocked:
      'Another tab with an older Heartline holds the storage of this browser. Close it or reload it, and the chat goes on.',
    full: 'The storage of this browser is full. What you write waits here until there is room: free some, on this device or for this site.',
    newer:
      'What this browser keeps was written by a newer Heartline. Reload the page to get it. Until then nothing that is said here is kept.',
    none: 'This browser keeps nothing for this page, as in some private windows. What is said here is gone once its last tab is closed.',
  },
};
