/**
 * Who one is, on each line anew: hello, auth and ready, the token that proves it, and its renewal. Who
 * signed out before goes first; and pages that come in as new guests at once become one guest.
 */
import type { Cancel, Random, Time } from '../connection/ports';
import { closeCodes } from '../protocol/closeCodes';
import type { ClientFrameOf, ServerFrameOf } from '../protocol/frames';
import type { User } from '../protocol/user';
import type { Farewells } from './farewells';
import type { OutboxShare } from './outboxEntry';
import { createTokenRefresh } from './tokenRefresh';

/** Where the proof of who one is is kept, for one server and name. */
export interface TokenStorage {
  get(): string | undefined;
  set(token: string): void;
  clear(): void;
}

export interface SignInOptions {
  name: string;
  tokens: TokenStorage;
  /** Sign-outs of which the server has to hear. */
  farewells: Farewells;
  /** The other pages of the same user. */
  share: Pick<OutboxShare, 'claim'>;
  time: Time;
  random: Random;
  /** Says who one is; whoever sends it adds the rooms. */
  greet(auth: Omit<ClientFrameOf<'auth'>, 'resume'>): void;
  askForRefresh(): void;
  /** The line does not say hello. */
  onNoHello(): void;
  /** The server knows the user no more, or as somebody else. */
  onBecameAnother(): void;
}

export interface SignIn {
  /** Without an id until the server has said it, or an earlier visit is recalled. */
  me(): User;
  /** Who the user was at an earlier visit: shown until the server has said who they are. */
  recall(user: User): void;
  /** The server has let the user in, on this line. */
  isReady(): boolean;
  socketOpened(): void;
  hello(frame: ServerFrameOf<'hello'>): void;
  ready(frame: ServerFrameOf<'ready'>): void;
  renewed(frame: ServerFrameOf<'token'>): void;
  /** What the line is to beat by, as the latest hello says. */
  heartbeat(): ServerFrameOf<'hello'>['heartbeat'] | undefined;
  /** The largest file that the server takes, as the latest hello says; undefined where it takes none. */
  largestFileBytes(): number | undefined;
  lineLost(): void;
  /** The line was closed with this WebSocket close code. To be called once it counts as lost everywhere. */
  closedWith(code: number): void;
  /** Forgets who one is, and leaves it to `farewells` to tell the server. */
  signOut(): void;
}

export function createSignIn(options: SignInOptions): SignIn {
  const { name, tokens, farewells, share, time, random } = options;
  let me: User = { id: '', name };
  let recalled: User | undefined;
  let latestHello: ServerFrameOf<'hello'> | undefined;
  /** The token of this line: what was shown to the server, or given by it since. */
  let shownToken: string | undefined;
  let isReady = false;
  /** Counts lines: what waits for something that began on an earlier one is over. */
  let line = 0;
  let cancelClaim: Cancel = () => {};
  let cancelHelloTimer: Cancel = () => {};
  const refresh = createTokenRefresh({ time, random, ask: options.askForRefresh });

  /** Where the browser keeps no token, the page itself remembers it as long as it is there. */
  function heldToken(): string | undefined {
    return tokens.get() ?? shownToken;
  }

  function hold({ token, expiresIn }: Pick<ServerFrameOf<'token'>, 'token' | 'expiresIn'>) {
    shownToken = token;
    tokens.set(token);
    refresh.granted(expiresIn);
  }

  function greet() {
    const token = heldToken();
    shownToken = token;
    options.greet({ t: 'auth', name, ...(token && { token }) });
  }

  /** As a new guest. Who has signed out before goes first, or they would still have their name. */
  async function comeInAnew() {
    const current = line;
    if (farewells.areDue()) await farewells.deliver();
    if (current !== line) return;
    // Two pages that come in as new guests at once would be two guests.
    cancelClaim();
    cancelClaim = share.claim('sign-in', greet);
  }

  return {
    me: () => (me.id === '' && recalled ? recalled : me),
    recall(user) {
      recalled = user;
    },
    isReady: () => isReady,
    heartbeat: () => latestHello?.heartbeat,
    largestFileBytes: () => latestHello?.limits.fileBytes,
    socketOpened() {
      cancelHelloTimer = time.after(helloTimeoutMs, options.onNoHello);
    },
    hello(frame) {
      cancelHelloTimer();
      latestHello = frame;
      if (heldToken() === undefined) return void comeInAnew();
      if (farewells.areDue()) void farewells.deliver();
      greet();
    },
    ready(frame) {
      if (me.id !== '' && me.id !== frame.user.id) options.onBecameAnother();
      me = frame.user;
      hold(frame);
      cancelClaim();
      isReady = true;
    },
    renewed: hold,
    lineLost() {
      line += 1;
      isReady = false;
      cancelClaim();
      cancelHelloTimer();
      refresh.stop();
    },
    closedWith(code) {
      if (!endsToken.includes(code)) return;
      // Kept, it would be refused for ever; without it, Reconnect makes a new guest.
      // Another tab may have come in anew meanwhile.
      if (tokens.get() === shownToken) tokens.clear();
      shownToken = undefined;
      options.onBecameAnother();
    },
    signOut() {
      const token = heldToken();
      if (token !== undefined) farewells.note(token);
      tokens.clear();
    },
  };
}

/** What says that a token holds no longer: it was refused, or signed out on another device. */
const endsToken: readonly number[] = [closeCodes.badToken.code, closeCodes.signedOut.code];

/** A server says hello in the breath in which it takes a socket: if not by then, in ms, then never. */
const helloTimeoutMs = 2_000;
