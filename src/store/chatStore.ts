/**
 * Everything that the components draw, in one zustand store. The session writes to it through a
 * `ChatListener`; components read it through selectors, so that a message re-renders the list and
 * not the form, and a keystroke re-renders neither.
 */
import { createStore, type StoreApi, useStore } from 'zustand';
import {
  type Beat,
  type ChatActions,
  type ChatListener,
  type ChatMessage,
  type ChatNotice,
  type ConnectionState,
  initialConnection,
  type KnownRoom,
  type OutboxCounts,
  type PushState,
  type ReadMark,
  type SearchState,
  type User,
} from '../chat/types';
import { type NextFrame, nextFrame, oncePerFrame } from './frameBatch';
import { createProvided } from './provided';

export type {
  Beat,
  ChatMessage,
  ChatNotice,
  ConnectionState,
  ConnectionStatus,
  FilePart,
  Inspection,
  KnownRoom,
  LossCause,
  OutboxCounts,
  PendingChange,
  Quoted,
  Reaction,
  ReadMark,
  RoomExport,
  SearchState,
  ShownFile,
  UntakenFile,
  UntakenReason,
  UploadState,
  User,
} from '../chat/types';

export { type CompanionCommand, companionCommands, isProgram } from '../chat/types';

/** `chat`: acked messages in rooms. `plain`: bare text with any WebSocket server, no acks. */
export type ChatMode = 'chat' | 'plain';

/** What can be done here with messages that were sent; what cannot be is not offered. */
export interface Capabilities {
  /** One's own can be edited and deleted. */
  readonly change: boolean;
  readonly react: boolean;
  readonly reply: boolean;
  /** They have a place that a link can name. */
  readonly link: boolean;
  /** There are rooms, and people who are told what was read. */
  readonly rooms: boolean;
}

/** With bare text nothing is known of what has left: no message has a place that others could mean. */
export function capabilitiesOf(mode: ChatMode): Capabilities {
  const isChat = mode === 'chat';
  return { change: isChat, react: isChat, reply: isChat, link: isChat, rooms: isChat };
}

export interface ChatState {
  readonly mode: ChatMode;
  readonly can: Capabilities;
  readonly room: string;
  /** Only who has the room's link can come in. */
  readonly isPrivate: boolean;
  /** Unknown until the server has said hello; the name is known from the start. */
  readonly me: User;
  readonly connection: ConnectionState;
  /** The newest answer to a ping took this long, in ms. */
  readonly rttMs: number | undefined;
  /** The latest beats, oldest first, at most `keptBeats`. */
  readonly beats: readonly Beat[];
  readonly messages: readonly ChatMessage[];
  /** The messages are as they were then, in ms since 1970; undefined once the server has sent the room's. */
  readonly asOf: number | undefined;
  /** The room's first page is here: an empty list means an empty room. */
  readonly isLoaded: boolean;
  /** The server cannot read the room just now, and tries again by itself. */
  readonly isUnreadable: boolean;
  readonly hasOlder: boolean;
  /** The largest file that may be sent to this server, in bytes; undefined where none may. */
  readonly largestFileBytes: number | undefined;
  readonly members: readonly User[];
  /** How many people are in the room: in a crowd more than `members`. */
  readonly memberCount: number;
  /** Who else is writing. */
  readonly writing: readonly User[];
  readonly rooms: readonly KnownRoom[];
  /** How far the others in the room have read. */
  readonly reads: readonly ReadMark[];
  /** Up to where the user had read the room when it was opened; undefined until known, Infinity if new there. */
  readonly readBefore: number | undefined;
  /** Undefined while nothing is searched for. */
  readonly search: SearchState | undefined;
  /** What is not sent yet, in every room. */
  readonly outbox: OutboxCounts;
  /** Whether this browser is told of the room while the user is away. */
  readonly push: PushState;
  readonly notices: readonly ChatNotice[];
  /** The user has left for good, here or on another page of theirs. */
  readonly isSignedOut: boolean;
  readonly actions: ChatActions;
}

/** How many beats the trace remembers. */
export const keptBeats = 40;

export type ChatStore = StoreApi<ChatState>;

export interface ChatStoreOptions {
  mode: ChatMode;
  room: string;
  isPrivate?: boolean;
  name: string;
  actions: ChatActions;
}

export function createChatStore(options: ChatStoreOptions): ChatStore {
  const { mode, room, isPrivate = false, name, actions } = options;
  return createStore<ChatState>(() => ({
    mode,
    can: capabilitiesOf(mode),
    room,
    isPrivate,
    me: { id: '', name },
    connection: initialConnection,
    rttMs: undefined,
    beats: [],
    messages: [],
    asOf: undefined,
    isLoaded: false,
    isUnreadable: false,
    hasOlder: false,
    largestFileBytes: undefined,
    members: [],
    memberCount: 0,
    writing: [],
    rooms: [],
    reads: [],
    readBefore: undefined,
    search: undefined,
    outbox: { waiting: 0, failed: 0 },
    push: { status: 'impossible' },
    notices: [],
    isSignedOut: false,
    actions,
  }));
}

/** How many messages the user has not read, in all the rooms that they know. */
export function unreadCount({ rooms }: Pick<ChatState, 'rooms'>): number {
  return rooms.reduce((sum, { unread }) => sum + unread, 0);
}

/**
 * The session's way into the store. Messages arrive there once a frame at most, as `schedule` has it; those at the
 * start, which somebody waits for, at once.
 */
export function listenerOf(store: ChatStore, schedule: NextFrame = nextFrame): ChatListener {
  const set = store.setState;
  /** Counts rooms as they are opened: what was told of one is not drawn in the next. */
  let opening = 0;
  /** What a room opens with is drawn at once: until then it looks empty. */
  let isRoomNew = false;
  const setMessages = oncePerFrame<{ messages: readonly ChatMessage[]; of: number }>(
    ({ messages, of }) => {
      if (of === opening) set({ messages });
    },
    schedule,
  );
  return {
    connection: (connection) => set({ connection }),
    me: (me) => set({ me }),
    messages(messages) {
      if (isRoomNew || beginsEarlier(messages, store.getState().messages)) set({ messages });
      // What is due already must not come back.
      setMessages({ messages, of: opening });
      isRoomNew = false;
    },
    asOf: (asOf) => set({ asOf }),
    files: (largestFileBytes) => set({ largestFileBytes }),
    loaded: () => set({ isLoaded: true }),
    unreadable: (isUnreadable) => set({ isUnreadable }),
    hasOlder: (hasOlder) => set({ hasOlder }),
    members: (members, memberCount) => set({ members, memberCount }),
    writing: (writing) => set({ writing }),
    room(room, isPrivate) {
      opening += 1;
      isRoomNew = true;
      set(({ notices }) => ({
        room,
        isPrivate,
        messages: [],
        asOf: undefined,
        isLoaded: false,
        hasOlder: false,
        members: [],
        memberCount: 0,
        writing: [],
        reads: [],
        readBefore: undefined,
        search: undefined,
        notices: notices.filter(({ kind }) => !noticesOfRoom.includes(kind)),
      }));
    },
    rooms: (rooms) => set({ rooms }),
    reads: (reads) => set({ reads }),
    readBefore: (readBefore) => set({ readBefore }),
    search: (search) => set({ search }),
    outbox: (outbox) => set({ outbox }),
    beat: (beat) =>
      set(({ beats, rttMs }) => ({
        beats: [...beats, beat].slice(-keptBeats),
        rttMs: beat.rttMs ?? (beat.kind === 'lost' ? undefined : rttMs),
      })),
    push: (push) => set({ push }),
    notice: (notice) =>
      set(({ notices }) =>
        notices.some(({ kind }) => kind === notice.kind) ? {} : { notices: [...notices, notice] },
      ),
    signedOut: () => set({ isSignedOut: true }),
  };
}

function beginsEarlier([one]: readonly ChatMessage[], [other]: readonly ChatMessage[]): boolean {
  return one?.seq !== undefined && one.seq < (other?.seq ?? Number.POSITIVE_INFINITY);
}

/** What is said of one room only. */
const noticesOfRoom: readonly ChatNotice['kind'][] = ['log changed', 'forbidden'];

const provided = createProvided<ChatStore>('the chat');

/** Gives the components below it their store. */
export const ChatStoreProvider = provided.Provider;

/** Reads from the store; re-renders only when what `selector` returns has changed. */
export function useChat<Selected>(selector: (state: ChatState) => Selected): Selected {
  return useStore(useChatStoreApi(), selector);
}

/** The store itself, for what is read when something happens and is not drawn. */
export const useChatStoreApi = provided.useProvided;
