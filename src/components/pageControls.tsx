/**
 * What concerns the whole page rather than its room: the person, the language, the server, and which panel
 * lies over everything. Given once at the top, as components know no address.
 */
import { type ReactNode, useState, useSyncExternalStore } from 'react';
import type { Language } from '../i18n/language';
import type { RoomExport } from '../store/chatStore';
import { createProvided } from '../store/provided';
import type { NameProblem } from './JoinForm';

/** A saved room, or what is wrong with the file, in words of the page's language. */
export type ReadExport = { room: RoomExport } | { problem: string };

/** What is wrong with the `server.json` beside the page. */
export type ServerFileProblem =
  | { kind: 'unreachable' | 'not there' | 'not JSON' | 'names no server' }
  | { kind: 'bad address'; value: string };

/** `impossible`: this browser cannot show any. */
export type NotifyPermission = NotificationPermission | 'impossible';

/** A push as the server sends it: of the message at `seq` in `room`. */
export interface HandedPush {
  room: string;
  seq: number;
  from: string;
  text: string;
}

/** What the service worker did with a push. */
export type PushOutcome = 'shown' | 'not allowed';

/** The server in this browser, as far as a person should know of it. */
export interface LocalServerState {
  /**
   * `shared`: other tabs can join. `alone`: it runs in this page, and they cannot. `elsewhere`: it runs in
   * another tab, and this one cannot join.
   */
  readonly host: 'shared' | 'alone' | 'elsewhere';
  /**
   * How well what is said is kept. `blocked`: another tab with an older page holds the storage. `full`:
   * nothing new can be kept. `newer`: what is kept was written by a newer page, so all is in memory for now.
   * `none`: the browser keeps nothing here, likewise.
   */
  readonly storage: 'kept' | 'blocked' | 'full' | 'newer' | 'none';
}

export interface LocalServer {
  getState(): LocalServerState;
  subscribe(onChange: () => void): () => void;
}

export interface PageControls {
  /** Where the chat's server is. */
  serverUrl: string;
  /** The chat's server, where it is in this browser. */
  localServer?: LocalServer | undefined;
  /** The page's own server, and not one that the address names. */
  isOwnServer: boolean;
  /** Whether this can be the address of a server. */
  isServer(address: string): boolean;
  /** Goes to another server; without one, to the page's own. */
  onSwitchServer(address: string | undefined): void;
  onSwitchLanguage(language: Language): void;
  /** Why a name will not do; undefined if it will. */
  checkName(name: string): NameProblem | undefined;
  /** Leaves, and comes back under this name, which will do. */
  onChangeName(name: string): void;
  onSwitchRoom(room: string, roomKey?: string): void;
  /** Whether the person lets this page show notifications. */
  notifyPermission(): NotifyPermission;
  /** Asks them, in their click, unless they have answered before. */
  askToNotify(): Promise<NotifyPermission>;
  /**
   * Hands a push to the page's service worker, as the browser does with one that comes. Rejects if the
   * worker does not answer; undefined where there can be none.
   */
  handOverPush: ((push: HandedPush) => Promise<PushOutcome>) | undefined;
  /** Reads the text of a file that an export made. Rejects where what reads it cannot be loaded. */
  parseExport(text: string): Promise<ReadExport>;
  /** What is wrong with the file that names the page's own server, and what is used instead of it. */
  serverFileProblem?: ServerFileProblem | undefined;
  /** The server is the one that the file named before. */
  isServerFromBefore?: boolean | undefined;
  /** A newer version of the page waits to be opened. */
  isUpdateReady: boolean;
  /** Opens the page anew, in its newest version. */
  onReload(): void;
  /** Opens it anew from the network, past what is kept of it here. */
  onReloadFromNetwork(): void;
}

/** What lies over the page. */
export type Panel = 'settings' | 'shortcuts' | 'share';

/** What lies beside the conversation, in the place of the people. */
export type Beside = 'search' | 'lab' | 'tour';
export type Side = 'people' | Beside;

interface OpenPanel {
  panel: Panel | undefined;
  openPanel(panel: Panel | undefined): void;
  beside: Beside | undefined;
  openBeside(beside: Beside | undefined): void;
}

const provided = createProvided<PageControls & OpenPanel>('what the page can do');

export interface PageControlsProviderProps {
  controls: PageControls;
  children: ReactNode;
}

export function PageControlsProvider({ controls, children }: PageControlsProviderProps) {
  const [panel, openPanel] = useState<Panel>();
  const [beside, openBeside] = useState<Beside>();
  return (
    <provided.Provider value={{ ...controls, panel, openPanel, beside, openBeside }}>
      {children}
    </provided.Provider>
  );
}

export const usePageControls = provided.useProvided;

/** What is to be known of the server in this browser; undefined where the server is elsewhere. */
export function useLocalServer(): LocalServerState | undefined {
  const { localServer } = usePageControls();
  return useSyncExternalStore(localServer?.subscribe ?? subscribeToNothing, () =>
    localServer?.getState(),
  );
}

const subscribeToNothing = () => () => {};
