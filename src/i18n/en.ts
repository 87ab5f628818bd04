/**
 * English, and the pattern for every other language: a text that is missing elsewhere is a type
 * error. Texts with a number or a name in them are functions. What the page says at first is in a file of
 * its own, and here again: the rest is loaded once the line is open.
 */
import { composer } from './en/composer';
import { counted } from './en/counted';
import { files } from './en/files';
import { first } from './en/first';
import { importing } from './en/importing';
import { lab } from './en/lab';
import { line } from './en/line';
import { local } from './en/local';
import { offline } from './en/offline';
import { rooms } from './en/rooms';
import { settings } from './en/settings';
import { timeline } from './en/timeline';

export const en = {
  ...first,
  timeline: { ...first.timeline, ...timeline },
  composer: { ...first.composer, ...composer },
  rooms: { ...first.rooms, ...rooms },
  line: { ...first.line, ...line },
  files,
  importing,
  offline,
  local,
  lab: { ...first.lab, ...lab },
  settings,

  /** Said by the way, behind other words. */
  aside: (words: string) => ` (${words})`,

  room: 'Room',
  changeRoom: 'Change room',
  goToRoom: 'Go',
  roomProblem: 'A room has up to 64 of a–z, 0–9, - and _, and begins with a letter or digit.',
  newPrivateRoom: 'New private room',
  newPrivateRoomHint: 'Nobody finds it: who gets its link from you can come in.',
  copyLink: 'Copy link',
  linkCopied: 'Link copied',
  copyByHand: 'Copy this link',
  hereNow: 'Here now',
  membersCount: (count: number) => `${count.toLocaleString('en')} here`,
  moreMembers: (count: number) => `and ${count.toLocaleString('en')} more`,
  you: 'you',
  writing: (first: string, second?: string, people = 2) => {
    if (second === undefined) return `${first} is writing…`;
    return people === 2
      ? `${first} and ${second} are writing…`
      : `${first} and ${people - 1} others are writing…`;
  },
  changeName: 'Change name',
  signOut: 'Sign out',
  signOutQuestion: (unsent: number) =>
    unsent > 0
      ? `${counted(unsent, 'message was', 'messages were')} not sent and will be deleted. You cannot come back as this guest.`
      : 'You cannot come back as this guest.',
  stay: 'Stay',

  push: {
    label: 'Notify me when I am away',
    asking: 'Waiting for your browser…',
    blocked:
      'Your browser blocks notifications from this page. Allow them in its settings for this site (beside the address).',
    problems: {
      'no service': 'Your browser could not reach its push service. Try again later.',
      refused: 'The server does not accept your browser’s push service.',
    },
  },
  causes: {
    'heartbeat timeout': 'The server did not answer a heartbeat.',
    'ack timeout': 'The server did not confirm a message in time.',
    'connect timeout': 'The server did not answer.',
    'not understood': 'The server said something that this page does not understand.',
    'bad address': 'The server’s address cannot be used.',
    unreached: 'The server could not be reached.',
    closed: (code: number, reason: string) =>
      `The server closed the line (${code}${reason && `, ${reason}`}).`,
  },
  diagnoses: {
    'no network': 'Nothing answers: the network is gone.',
    'no answer': 'Nothing comes back: the network is gone, or the server stands still.',
    'server down': 'The network is there, but the server does not answer.',
    'sign in': 'Something on the way asks you to sign in. Reload the page to do so.',
    blocked: 'The server answers, but something on the way lets no WebSocket through.',
  },
  closeCodes: {
    1001: 'The server went away.',
    1006: 'The line broke.',
    1009: 'A message was larger than the server takes.',
    1012: 'The server is restarting.',
    4000: 'The server had a problem.',
    4001: 'The server is restarting.',
    4002: 'The server heard no heartbeat from here.',
    4003: 'Messages came faster than they could be read.',
    4005: 'The server cannot reach its message log.',
    4006: 'Your sign-in has ended.',
    4007: 'Far more was sent from here than the server allows.',
    4009: 'The server waited too long for a greeting.',
    4010: 'The server hung up, as you asked it to.',
    4500: 'The server did not understand this page. Reload it.',
    4501: 'Your sign-in is no longer valid. Reconnect to come in as a new guest.',
    4502: 'The server does not allow this name.',
    4504: 'You have signed out on another device. Reconnect to come in as a new guest.',
    4505: 'You are connected too often. Close other tabs, then reconnect.',
    4506: 'A newer Heartline runs in another tab. Reload this page to join it: what you wrote is kept.',
  } as Record<number, string>,
  notSent: (reason: string) => `Not sent: ${reason}`,
  failures: {
    other_user: 'It may have arrived already, when you were signed in before.',
    expired: 'It has waited for more than 7 days.',
    stale: 'It has waited for more than an hour. Send it still?',
    too_long: 'Too long: a message has at most 10,000 characters.',
    not_in_room: 'The server says you are not in this room.',
    bad_frame: 'The server did not understand this message.',
    no_message: 'What it answers or changes is no longer there.',
    not_author: 'Only who wrote a message can change it.',
  } as Record<string, string>,
  refused: (message: string) => `The server refused it: ${message}.`,
  retry: 'Retry',
  delete: 'Delete',

  export: 'Export',
  exportFailed: 'The room could not be read whole. Try again when connected.',
  dismiss: 'Dismiss',
  notices: {
    'no storage':
      'This browser keeps nothing for this page: its storage is full, or not allowed here. The chat goes on, but messages not yet sent would be lost on a reload.',
    forbidden: 'This room is private: open it by its whole link.',
    'log changed': 'The server’s history was replaced. What you see was loaded anew.',
  },
  unreadable:
    'This room cannot be read just now. It is tried again by itself, and nothing that you write is lost.',
  plainMode:
    'Plain mode: this server does not acknowledge messages. “Handed over” is all that can be known.',

  faults: {
    title: 'The chat cannot begin',
    'no server':
      'This copy of the page has no chat server behind it. Name one in the address: ?server=wss://…',
    'bad server': (value: string) => `“${value}” is not the address of a WebSocket server.`,
    'bad room': (value: string) =>
      `“${value}” cannot be a room. A room has up to 64 of a–z, 0–9, - and _, and begins with a letter or digit.`,
    'no key': 'This room is private: open it by its whole link.',
    'plain without server': 'Plain mode needs a server: add &server=ws://host:port to the address.',
  },
  goToLobby: 'Go to the lobby',
};

export type Texts = typeof en;
