/** What the page says before the rest of it was loaded: the door, the room's frame, the rows, the form. */
import { counted } from './counted';

export const first = {
  tagline: 'A chat whose heartbeat you can see.',
  joinIntro:
    'Cut the line, close the lid, restart the server: what you wrote is still there, and arrives once, in order.',
  yourName: 'Your name',
  join: 'Join',
  joinRoom: (room: string) => `You are about to enter the room “${room}”.`,
  joinPrivateRoom: 'You are about to enter a private room.',
  nameProblems: {
    empty: 'Please give a name.',
    'too long': 'A name has at most 40 characters.',
    'not allowed': 'A name may have visible characters only.',
  },
  language: 'Language',
  notLoaded: 'Not everything could be loaded. Reload the page when you are connected.',

  privateRoom: (short: string) => `Private room · ${short}`,
  privateRoomNote: 'Only its link lets people in.',
  rooms: {
    title: 'Rooms',
    skip: 'Skip to the message field',
    unread: (count: number) => `${count.toLocaleString('en')} unread`,
    share: 'Share',
    people: 'People',
    peopleHere: (count: number) => `People: ${count.toLocaleString('en')} here`,
    thisRoom: 'This room',
    search: 'Search',
  },

  connection: 'Connection',
  disconnect: 'Disconnect',
  reconnect: 'Reconnect',
  roundTrip: (ms: number) => `${ms.toLocaleString('en')} ms`,
  roundTripLabel: 'Round-trip time',
  line: {
    /** In the badge, as short as can be. */
    states: {
      idle: 'Not connected',
      connecting: 'Connecting…',
      open: 'Connected',
      checking: 'Checking…',
      reconnecting: 'Reconnecting…',
      offline: 'No network',
      suspended: 'Paused',
      closed: 'Disconnected',
      'gave up': 'Gave up',
      'signed out': 'Signed out',
      'too many lines': 'Not let in',
      'update needed': 'Update needed',
      refused: 'Not let in',
    },
  },

  tagHint: 'Someone else came with this name first.',
  program: 'program',
  programHint: 'A program of the server, and not a person.',
  asProgram: (name: string) => `${name} (program)`,
  lab: {
    title: 'Connection lab',
    titleShort: 'Lab',
    tour: 'Guided tour',
    tourShort: 'Tour',
  },
  emptyRoom: 'Nothing has been said here yet.',
  emptyRoomHint: 'Say something. It waits here if the line is down, and leaves when it is back.',
  takeTour: 'Take the guided tour',
  messages: 'Messages',
  loadOlder: 'Load older messages',
  newMessages: (count: number) => counted(count, 'new message', 'new messages'),
  jumpToLatest: 'Jump to latest',
  today: 'Today',
  states: {
    queued: 'Waiting for the line',
    sending: 'Sending',
    sent: 'Sent',
    failed: 'Not sent',
  },
  notConfirmed: 'Not confirmed yet, goes again',
  handedOver: 'Handed over, not acknowledged',
  timeline: {
    loadingOlder: 'Loading…',
    beginning: 'The conversation begins here.',
    yesterday: 'Yesterday',
    unread: 'Unread',
    actions: 'Message actions',
    deleted: 'This message was deleted.',
    edited: 'edited',
  },

  message: 'Message',
  send: 'Send',
  charactersLeft: (count: number) => counted(count, 'character left', 'characters left'),
  tooLong: (count: number) => counted(count, 'character too many', 'characters too many'),
  farTooLong: (count: number) => `More than ${count.toLocaleString('en')} characters too many`,
  composer: {
    save: 'Save',
    becameTooLong: 'The message is too long now.',
    largeCharacters: ' · an emoji counts as several',
    suggested: (count: number) => counted(count, 'suggestion', 'suggestions'),
    showAll: 'Show all',
    showLess: 'Show less',
  },
};

export type FirstTexts = typeof first;
