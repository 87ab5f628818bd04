/**
 * The least that a test of the main job needs of a browser, whoever drives it: so one description of what people
 * do and see runs in each. What only one browser can do stays with the tests that need it.
 */

export interface Driver {
  /** As people call the browser. */
  readonly name: string;
  /**
   * It keeps a page whole for the way back that closes its line when it is put aside. Firefox looks for what
   * forbids that, a WebSocket or a held lock, before it tells the page, and loads such a page anew.
   */
  readonly keepsPages: boolean;
  /** Starts one, which has ended when the test is over. */
  startBrowser(): Promise<DrivenBrowser>;
}

export interface DrivenBrowser {
  /** As another person's browser: it shares nothing that is kept with the others. */
  newProfile(): Promise<Profile>;
  /** Stops every process of the browser, as a machine that sleeps does. */
  freeze(): void;
  thaw(): void;
}

export interface Profile {
  /** Opens a tab. */
  openPage(url: string): Promise<DrivenPage>;
  /** Takes the network away from all of its pages, which are told, and gives it back. */
  setOffline(isOffline: boolean): Promise<void>;
}

export interface DrivenPage {
  readonly profile: Profile;
  url(): Promise<string>;
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  /** Does as the back button. */
  goBack(): Promise<void>;
  close(): Promise<void>;
  /** Kills the process that the page runs in, and waits until the browser has noticed. */
  crash(): Promise<void>;
  /** Puts the text in the place of what the text box of this name holds. */
  fill(textbox: string, text: string): Promise<void>;
  /** Presses the button of exactly this name. */
  click(button: string): Promise<void>;
  press(key: 'Enter'): Promise<void>;
  /** Composes in what has the focus, as who writes Chinese or Japanese does. */
  startComposing(): Promise<Composing>;
  /** What the function, which may know nothing from outside, returns in the page, by way of JSON. */
  evaluate(script: (arg: string) => unknown, arg?: string): Promise<unknown>;
  /** Waits until the selector finds one element, and that is visible. */
  untilShown(selector: string, timeoutMs?: number): Promise<void>;
  /** The text of the file that the button saves. */
  save(button: string): Promise<string>;
}

export interface Composing {
  /** Shows the text, unfinished, in the place of what was. */
  compose(text: string): Promise<void>;
  /** Presses a key that belongs to the composition. */
  press(key: 'Enter' | 'Tab' | 'ArrowDown' | 'Escape'): Promise<void>;
  /** Ends it with this text. */
  commit(text: string): Promise<void>;
}
