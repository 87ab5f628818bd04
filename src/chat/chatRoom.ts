/**
 * One room as this page knows it: what was read of it, who is there, and the list that people see. It goes
 * on reading while another room is open, and tells whoever draws it only while it is the open one.
 */
import type { Time } from '../connection/ports';
import type { ClientFrame, ClientFrameOf, ServerFrameOf } from '../protocol/frames';
import { isPrivateRoom } from '../protocol/privateRoom';
import type { User } from '../protocol/user';
import type { Repairs } from './inspection';
import type { KeptPages } from './keptPages';
import type { LiveRows, LiveRowsOptions } from './liveRows';
import { createMessageView, type MessageView } from './messageView';
import type { Outbox } from './outbox';
import type { OutboxEntry } from './outboxEntry';
import { createQuoteLoader } from './quoteLoader';
import { createRepair, type Repair } from './repair';
import { createRoomPeople, type RoomPeople } from './roomPeople';
import { createRoomReader, type RoomReader } from './roomReader';
import { createRoomReads } from './roomReads';
import type { RoomSearch, RoomSearchOptions } from './roomSearch';
import { hasOlder } from './timeline';
import type { ChatListener, ChatMessage } from './types';

export interface ChatRoomOptions {
  room: string;
  /** What opens the room, if it is a private one. */
  roomKey: string | undefined;
  time: Time;
  outbox: Outbox;
  /** What the room does not have yet, of every room: messages and changes of one's own. */
  unsent(): readonly OutboxEntry[];
  /** Counts what is put right in the room. */
  repairs: Repairs;
  me(): User;
  createSearch(options: RoomSearchOptions): RoomSearch;
  createLiveRows: ((options: LiveRowsOptions) => LiveRows) | undefined;
  /** What was kept of rooms at earlier visits; undefined where nothing is. */
  keptPages: KeptPages | undefined;
  /** Who read what is kept: the user, before the server has said who they are. */
  onRecalled(me: User): void;
  /** Sends to the server; false before it is ready. */
  send(frame: ClientFrame): boolean;
  /** What the room was asked for does not come on this line. */
  onUnanswered(): void;
  /** Whoever draws the room; undefined while another one is open. */
  listener(): ChatListener | undefined;
  /** The timeline has changed. */
  onChange(): void;
  /** The log is another one than before, or lost its tail. */
  onLogChanged(): void;
}

export interface ChatRoom {
  readonly room: string;
  readonly roomKey: string | undefined;
  readonly reader: RoomReader;
  readonly repair: Repair;
  readonly people: RoomPeople;
  readonly view: MessageView;
  readonly search: RoomSearch;
  /** How the room is joined. */
  joinFrame(): ClientFrameOf<'join'>;
  /** Loads a message that is quoted, to be shown with what quotes it. */
  loadQuote(seq: number): void;
  /** The server has sent a page: it answers. */
  entered(): void;
  /** More of a message that is being written. */
  stream(frame: ServerFrameOf<'stream'>): void;
  /** How far others have read. */
  reads(frame: ServerFrameOf<'reads'>): void;
  /** Tells the messages, and what is known of them. */
  publish(): void;
  /** The room has been opened: tells everything that is known of it. */
  tellAll(): void;
  lineLost(): void;
}

export function createChatRoom(options: ChatRoomOptions): ChatRoom {
  const { room, roomKey, time, outbox, me, send, listener, onChange, keptPages } = options;
  const view = createMessageView(room);
  /** The listener was told of messages, since the room was opened. */
  let hasShown = false;
  /** When the room was as it is shown, while the server has said nothing of it. */
  let recalledAt: number | undefined;
  /** The messages as they were last told. */
  let shown: readonly ChatMessage[] = [];

  const people = createRoomPeople({
    time,
    onMembers: (members, count) => listener()?.members(members, count),
    onWriting: (users) => listener()?.writing(users.filter(({ id }) => id !== me().id)),
  });
  const reader = createRoomReader({
    room,
    time,
    send,
    onUnanswered: options.onUnanswered,
    repairs: options.repairs,
    onChange() {
      live?.logged();
      if (!reader.isUnread()) keptPages?.changed(room, reader.timeline);
      onChange();
    },
    onLogChanged() {
      listener()?.notice({ kind: 'log changed' });
      quotes.logChanged();
      live?.forget();
      repair.replaced();
      options.onLogChanged();
    },
  });
  const live = options.createLiveRows?.({ time, timeline: reader.timeline, onChange });
  const reads = createRoomReads();
  const repair = createRepair({
    room,
    outbox,
    timeline: reader.timeline,
    authorId: () => me().id,
  });
  const quotes = createQuoteLoader({
    read: reader.readOne,
    onLoaded(message) {
      view.quote(message);
      publish();
    },
  });
  const search = options.createSearch({
    room,
    send,
    loaded: () => shown,
    rowOf: view.rowOf,
    tell: (state) => listener()?.search(state),
  });

  void recall();

  /** Shows the room as it was at an earlier visit. */
  async function recall() {
    const page = await keptPages?.load(room);
    if (!page || !reader.isUnread()) return;
    recalledAt = page.at;
    options.onRecalled(page.me);
    reader.restore(page);
  }

  function publish() {
    const told = listener();
    if (!told) return;
    const isRead = !reader.isUnread();
    shown = view.compose(reader.timeline().messages, options.unsent(), me(), live?.all());
    told.asOf(isRead ? undefined : recalledAt);
    // An empty list says that the room is empty, which nobody knows before its first page.
    if (isRead || shown.length > 0 || hasShown) told.messages(shown);
    hasShown = shown.length > 0;
    if (isRead) told.loaded();
    told.unreadable(reader.isUnreadable());
    told.hasOlder(isRead && hasOlder(reader.timeline()));
  }

  return {
    room,
    roomKey,
    reader,
    repair,
    people,
    view,
    search,
    joinFrame: () => ({ t: 'join', room, ...(roomKey !== undefined && { key: roomKey }) }),
    loadQuote(seq) {
      if (!view.textAt(seq)) quotes.load(seq);
    },
    entered() {
      quotes.entered();
      live?.entered();
    },
    stream: (frame) => live?.piece(frame),
    reads(frame) {
      reads.told(frame);
      listener()?.reads(reads.marks(me().id));
    },
    publish,
    tellAll() {
      hasShown = false;
      search.end();
      listener()?.room(room, isPrivateRoom(room));
      publish();
      people.tellAll();
      listener()?.reads(reads.marks(me().id));
    },
    lineLost() {
      people.lineLost();
      reader.lineLost();
      live?.lineLost();
      search.lineLost();
    },
  };
}
