/** The page without a network, its versions, and the file that names its server. */
export const offline = {
  newVersion: 'A new version of this page is ready. Nothing is lost by reloading.',
  reload: 'Reload',
  /** In the banner, of messages that were kept from an earlier visit. */
  asOf: (when: string) => `What you see is from your last visit, as of ${when}.`,
  serverFile: {
    unreachable: 'server.json beside this page cannot be reached.',
    'not there': 'There is no server.json beside this page.',
    'not JSON': 'server.json beside this page is not JSON.',
    'names no server': 'server.json beside this page names no server.',
    'bad address': (value: string) =>
      `server.json beside this page names “${value}”, which is not the address of a WebSocket server.`,
  },
  /** Sentences that follow each other. */
  together: (first: string, second: string) => `${first} ${second}`,
  usingBefore: 'The server that it named before is used.',
  usingLocal: 'So this chat lives in this browser alone.',
};
