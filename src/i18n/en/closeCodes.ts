/** The close codes in words, for who wants to know: loaded with the sheet that shows them. */
export const closeCodeTexts = {
  title: 'What the close codes mean',
  intro:
    'A WebSocket ends with a number that says why. From 4000 on they are Heartline’s own; the others belong to WebSockets.',
  comesBack: 'The page comes back by itself',
  needsYou: 'It waits for you',
  others:
    'Any other number from 4500 to 4999 waits for you, too. After all the rest the page comes back.',
  latest: 'how your line ended last',
  meanings: {
    1000: 'You left on purpose, by Disconnect. Reconnect brings you back. If the server says it, the page comes back by itself.',
    1001: 'The server, or something before it, went away.',
    1002: 'One side broke the rules of WebSockets.',
    1003: 'That kind of data is not taken here.',
    1005: 'The line was closed without a number.',
    1006: 'The line broke without a goodbye, or never came about: no network, a crash, a proxy.',
    1007: 'A text was no proper UTF-8.',
    1008: 'Something that was sent is against the rules of the server, or of a proxy.',
    1009: 'A message was larger than the server takes.',
    1010: 'The server lacks an extension that was asked for.',
    1011: 'The server had a problem.',
    1012: 'The server is restarting.',
    1013: 'The server is too busy just now.',
    1014: 'A proxy got no proper answer from the server.',
    1015: 'No secure connection could be made; the certificate may be wrong.',
    4000: 'The server had a problem with this line. The others go on.',
    4001: 'The server is restarting. It tells each page when to come back, so that not all come at once.',
    4002: 'The server sent a heartbeat and got no answer in time.',
    4003: 'The page read too slowly. It takes up where it stood, and gets what it missed.',
    4005: 'The server cannot reach its message log. What you write waits until it can.',
    4006: 'The token that proves who you are has ended.',
    4007: 'Far more was sent at once than the server allows.',
    4009: 'The page took too long to say who it is.',
    4010: 'The server hung up because you asked it to, by /drop.',
    4500: 'The server does not understand this page, which may be too old. Reload it.',
    4501: 'Your sign-in is no longer valid. Reconnect to come in as a new guest.',
    4502: 'The server does not allow this name. Choose another one.',
    4504: 'You have signed out, here or on another device. Reconnect to come in as a new guest.',
    4505: 'You are connected too often. Close other tabs, then reconnect.',
  },
};

export type CloseCodeTexts = typeof closeCodeTexts;
