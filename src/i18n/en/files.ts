/** Files: attaching them, their way to the server, and how they are shown. */
const plural = new Intl.PluralRules('en');

/** “a”, “a and b”, “a, b and 3 others”. */
function listed(names: readonly string[]): string {
  const [first = '', second = ''] = names.map((name) => `“${name}”`);
  if (names.length < 2) return first;
  if (names.length === 2) return `${first} and ${second}`;
  const others = names.length - 2;
  return `${first}, ${second} and ${others} ${plural.select(others) === 'one' ? 'other' : 'others'}`;
}

const are = (count: number) => (plural.select(count) === 'one' ? 'is' : 'are');
const were = (count: number) => (plural.select(count) === 'one' ? 'was' : 'were');

export const files = {
  attach: 'Attach',
  attached: 'Attached files',
  remove: (name: string) => `Remove ${name}`,
  /** Of a picture from which nothing is taken before it is sent. */
  mayTellMore: 'The picture may say where and when it was taken.',
  dropHere: 'Drop to attach',
  /** What a picture from the clipboard is called; `when` is a date and a time. */
  pastedName: (when: string) => `Picture ${when}`,

  listed,
  refused: {
    'too large': (count: number, names: string, limit: string) =>
      `${names} ${are(count)} too large: a file has at most ${limit} here.`,
    empty: (count: number, names: string) => `${names} ${are(count)} empty.`,
    unreadable: (count: number, names: string) =>
      `${names} could not be read. If ${count === 1 ? 'it is a folder, pack it' : 'these are folders, pack them'} into a file first.`,
    'too many': (count: number, names: string, most: string) =>
      `At most ${most} files at a time: ${names} ${were(count)} not attached.`,
    /** By what sends them; they stay attached. */
    waiting: (count: number, names: string) =>
      `Too many files are on their way: ${names} ${count === 1 ? 'stays' : 'stay'} here until some have arrived.`,
    'no files here': (count: number, names: string) =>
      `${names} ${were(count)} not sent: this server takes no files.`,
    'not sent': (_: number, names: string) =>
      `${names} could not be sent yet. Try again when connected.`,
  },

  voice: {
    record: 'Record a voice note',
    recording: 'Recording',
    asking: 'Waiting for the microphone…',
    stop: 'Stop',
    cancel: 'Cancel',
    tryAgain: 'Try again',
    atMost: 'The longest note is five minutes. It stopped there.',
    ended: 'The microphone is gone. What was recorded is attached.',
    /** `when` is a date and a time. */
    name: (when: string) => `Voice note ${when}`,
    problems: {
      denied:
        'This page may not use the microphone. Allow it in your browser’s settings for this site (beside the address).',
      'not found': 'No microphone was found.',
      busy: 'The microphone cannot be used: another program may have it.',
      failed: 'Nothing could be recorded.',
      'not loaded': 'The recorder could not be loaded. Try again when connected.',
    },
  },

  kinds: { picture: 'Picture', sound: 'Sound', film: 'Film', file: 'File' },
  /** In a sentence of its own, where it cannot be seen. */
  said: (kind: string, name: string) => `${kind}: ${name}`,
  /** What is seen in a picture, as far as anybody knows. */
  pictureBy: (name: string, author: string) => `${name}, by ${author}`,
  open: 'Show large',
  loading: 'Loading…',
  download: 'Download',
  downloadOf: (name: string) => `Download ${name}`,
  notLoaded: 'Could not be loaded.',
  tryAgain: 'Try again',

  play: 'Play',
  pause: 'Pause',
  position: 'Position',
  timeOf: (time: string, duration: string) => `${time} of ${duration}`,

  previous: 'Previous picture',
  next: 'Next picture',

  upload: {
    label: (name: string) => `Sending ${name}`,
    preparing: 'Getting ready…',
    waiting: 'Waiting for its turn',
    progress: (have: string, size: string) => `${have} of ${size}`,
    paused: (progress: string) => `Paused · ${progress}`,
    pause: 'Pause',
    continue: 'Continue',
    cancel: 'Cancel',
  },

  failures: {
    no_files: 'This server takes no files.',
    file_too_large: 'The file is larger than the server takes.',
    file_refused:
      'The server did not take the file: it is a picture of too many pixels, or it has changed on its way. Attach another picture, or the file again.',
    no_upload: 'The server no longer has the file. Send it again.',
    bad_piece: 'A part of the file went astray.',
    too_many_uploads: 'Too many of your files are on their way.',
    no_room_for_files: 'There is no room for more files on the server.',
    no_file: 'The file is no longer there.',
    unreadable: 'The file can no longer be read. Attach it again.',
  } as Record<string, string>,
};
