/**
 * The companion: a program of the server's own in the lobby, so that one person alone has somebody to talk
 * to. It greets who comes, repeats what is said to it, and does what its commands say, each of which shows
 * something of the line. It speaks while it is alone with somebody, and when it is called; never to itself.
 */
import type { Cancel, Time } from '../../connection/ports';
import { closeCodes } from '../../protocol/closeCodes';
import type { ServerFrameOf } from '../../protocol/frames';
import { companionCommands, companionId, companionRoom, isProgram } from '../../protocol/program';
import type { User } from '../../protocol/user';
import type { ChatServer } from '../chat/chatServer';
import { TokenBucket } from '../chat/limits/tokenBucket';
import type { TokenAuthority } from '../chat/ports';
import { type Answer, answers, echo, type Stage, unknown } from './answers';
import { type CompanionLine, openCompanionLine, type Said } from './companionLine';
import { type Arrival, createCompany } from './company';
import { languageOf, type Spoken, say } from './phrases';
import { AnswerEndedError, createTurns } from './turns';

export interface CompanionOptions {
  chat: Pick<ChatServer, 'accept' | 'hangUp' | 'fallSilent'>;
  tokens: Pick<TokenAuthority, 'issue'>;
  /** `now()` is ms since 1970, as the heart has it. */
  time: Time;
  /** Makes ids that no other call makes, here or elsewhere. */
  newId(): string;
  /** The server is in the browser of who comes: they are told so. */
  isInBrowser?: boolean;
  /** Told of what should not have happened. The companion goes on. */
  onError(error: unknown): void;
}

export interface Companion {
  /** Leaves at once, for good, and leaves no timer. */
  stop(): void;
}

/** As it is called, where nobody came with this name first. */
const companionName = 'Echo';

/** When it comes back after its line has ended: at first, and at most, in ms. */
const comeBackMs = { first: 1_000, most: 30_000 };

/** Who comes while it has just greeted somebody is greeted so much later, in ms. */
const greetingRestMs = 1_000;

/** So many are greeted by name at once; who else comes in that time is not. */
const greetedAtOnce = 10;

const turnLimits = { atOncePerUser: 4, waitingPerUser: 50, waitingInAll: 500 };

/** So many messages may be flooded with, in a while and in the long run. */
const floodRate = { burst: 5_000, perSecond: 50 };

/** So many people's languages are remembered. */
const mostSpoken = 1_000;

/** What a command looks like, by either slash. */
const commandPattern = /^[/／](\p{L}+)(?:\s+([\s\S]*))?$/u;

/** Comes in, and stays until `stop`. */
export function createCompanion(options: CompanionOptions): Companion {
  const { chat, tokens, time, newId, isInBrowser = false, onError } = options;
  let me: User = { id: companionId, name: companionName };
  const company = createCompany(time);
  const turns = createTurns({ ...turnLimits, onError });
  const floods = new TokenBucket(floodRate, time.now());
  const spokenBy = new Map<string, Spoken>();
  let line: CompanionLine | undefined;
  /** Who is there, as told before what was said last is known; undefined once it is. */
  let early: ServerFrameOf<'presence'>[] | undefined = [];
  let noticedMs = 0;
  let isStopped = false;
  let backMs = comeBackMs.first;
  let cancelComing: Cancel | undefined;
  let waiting: Arrival[] = [];
  let cancelGreeting: Cancel | undefined;

  function come() {
    cancelComing = undefined;
    tokens.issue({ id: companionId, name: companionName }).then(
      ({ token }) => {
        if (!isStopped) line = openLine(token);
      },
      (error: unknown) => {
        onError(error);
        comeLater();
      },
    );
  }

  function comeLater() {
    if (isStopped) return;
    cancelComing = time.after(backMs, come);
    backMs = Math.min(2 * backMs, comeBackMs.most);
  }

  const openLine = (token: string) =>
    openCompanionLine({
      chat,
      token,
      user: me,
      room: companionRoom,
      newId,
      onError,
      onHello({ heartbeat }) {
        noticedMs = heartbeat.intervalMs + heartbeat.timeoutMs;
      },
      onReady({ user }) {
        me = user;
      },
      onHistory({ messages }) {
        backMs = comeBackMs.first;
        company.recall(messages);
        const held = early ?? [];
        early = undefined;
        for (const presence of held) look(presence);
      },
      onPresence(presence) {
        if (early) early.push(presence);
        else look(presence);
      },
      onMessage: hear,
      onEnded(code) {
        line = undefined;
        early = [];
        // A server that is ending lets nobody in: the next one has a companion of its own.
        if (code !== closeCodes.draining.code && !isFatal(code)) comeLater();
      },
    });

  function look(presence: ServerFrameOf<'presence'>) {
    const { arrivals, left } = company.take(presence);
    for (const userId of left) turns.left(userId);
    if (arrivals.length > 0) greet(arrivals);
  }

  function greet(arrivals: readonly Arrival[]) {
    waiting = [...waiting, ...arrivals].slice(0, greetedAtOnce);
    if (!cancelGreeting) greetWaiting();
  }

  function greetWaiting() {
    const greeted = waiting.filter(({ user }) => company.has(user.id));
    waiting = [];
    cancelGreeting = undefined;
    if (greeted.length === 0) return;
    const names = greeted.map(({ user, place }) => ({ name: nameOf(user), place }));
    void line?.say(
      say(undefined, ({ welcome, inBrowser }) => welcome(names) + (isInBrowser ? inBrowser : '')),
    );
    cancelGreeting = time.after(greetingRestMs, greetWaiting);
  }

  function hear({ from, body, about }: ServerFrameOf<'msg'>) {
    if (isProgram(from) || (about && about.kind !== 'reply')) return;
    const call = new RegExp(`[@＠]${nameOf(me)}(?![\\p{L}\\p{N}])`, 'gu');
    const text = body.replace(call, '').trim();
    const isCalled = call.test(body);
    const [, word, argument = ''] = commandPattern.exec(text) ?? [];
    const command = companionCommands.find((each) => each === word?.toLowerCase());
    if (command !== undefined) return answer(from, answers[command], argument, command);
    noteLanguage(from, text);
    if (!isCalled && !company.isAlone(from.id)) return;
    if (text === '') answer(from, answers.help, '');
    else if (word !== undefined) answer(from, unknown, `/${word}`);
    else answer(from, echo, text);
  }

  function noteLanguage({ id }: User, text: string) {
    const spoken = languageOf(text);
    if (!spoken) return;
    spokenBy.delete(id);
    spokenBy.set(id, spoken);
    const [longestAgo] = spokenBy.keys();
    if (spokenBy.size > mostSpoken && longestAgo !== undefined) spokenBy.delete(longestAgo);
  }

  /** As they wrote last; of who wrote nothing yet their name may tell it. */
  const languageOfUser = ({ id, name }: User) =>
    spokenBy.get(id) ?? (languageOf(name) === 'zh' ? 'zh' : undefined);

  function answer(user: User, run: Answer, argument: string, command?: string) {
    const spoken = languageOfUser(user);
    const taken = turns.take(user.id, {
      endsWithUser: command === 'flood' || command === 'stream',
      run: (signal) => run(argument, stageFor(user, spoken, signal)),
    });
    if (taken === 'full') void line?.say(say(spoken, ({ busy }) => busy));
  }

  function stageFor(user: User, spoken: Spoken | undefined, signal: AbortSignal): Stage {
    async function unlessEnded(saying: () => Promise<Said | undefined> | undefined) {
      const said = signal.aborted ? undefined : await saying();
      if (!said || signal.aborted) throw new AnswerEndedError();
      return said;
    }
    return {
      spoken,
      name: nameOf(me),
      noticedMs,
      say: (body) => unlessEnded(() => line?.say(body)),
      begin() {
        const writing = signal.aborted ? undefined : line?.begin();
        if (!writing) throw new AnswerEndedError();
        return { ...writing, say: () => unlessEnded(() => writing.say()) };
      },
      typing: () => line?.typing(),
      wait: (ms) =>
        new Promise((resolve, reject) => {
          const end = () => {
            cancel();
            reject(new AnswerEndedError());
          };
          const cancel = time.after(ms, () => {
            signal.removeEventListener('abort', end);
            resolve();
          });
          signal.addEventListener('abort', end);
          if (signal.aborted) end();
        }),
      now: time.now,
      takeFlood(count) {
        if (floods.tryTake(count, time.now())) return 0;
        return (count / floodRate.perSecond) * 1_000;
      },
      hangUp: () => chat.hangUp(user.id),
      fallSilent: () => chat.fallSilent(user.id),
    };
  }

  come();

  return {
    stop() {
      isStopped = true;
      cancelComing?.();
      cancelGreeting?.();
      turns.stop();
      line?.leave();
      line = undefined;
    },
  };
}

/** The range of codes after which nobody comes back by themselves. */
const isFatal = (code: number): boolean => code >= 4500 && code <= 4999;

/** A name with its tag, as it is shown and called by. */
function nameOf({ name, tag }: User): string {
  return tag === undefined ? name : `${name} ·${tag}`;
}
