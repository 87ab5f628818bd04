/**
 * What the companion does when it is spoken to: one function for each of its commands. Each is written down
 * as it happens; what it says, waits for and does to lines it is given by its stage, which ends it by a
 * rejection.
 */
import type { CompanionCommand } from '../../protocol/program';
import type { Said, Writing } from './companionLine';
import { type Phrases, phrases, type Spoken, say } from './phrases';

/** Where an answer takes place. What is asynchronous rejects with AnswerEndedError once it is to end. */
export interface Stage {
  /** What who asked speaks, as far as is known. */
  readonly spoken: Spoken | undefined;
  /** What the companion is called by. */
  readonly name: string;
  /** Until a dead line is noticed, at the longest, in ms. */
  readonly noticedMs: number;
  /** Says something, and resolves when it is kept. */
  say(body: string): Promise<Said>;
  /** Begins a message that everybody sees grow; `say` of it resolves when it is kept. */
  begin(): StagedWriting;
  typing(): void;
  wait(ms: number): Promise<void>;
  now(): number;
  /** Takes so many messages from what may be flooded with: 0, or how long until they can be, in ms. */
  takeFlood(count: number): number;
  /** Closes the lines of who asked. */
  hangUp(): void;
  /** Leaves the lines of who asked without any answer. */
  fallSilent(): void;
}

export interface StagedWriting extends Omit<Writing, 'say'> {
  say(): Promise<Said>;
}

export type Answer = (argument: string, stage: Stage) => Promise<void>;

/** How long `/slow` takes, in seconds: unless it is told, and at most. */
const slowSeconds = { usual: 5, most: 30 };

/** The others are told so often that the companion is writing, in ms. */
const typingEveryMs = 2_500;

/** How many messages `/flood` sends: unless it is told, and at most. */
const floodCount = { usual: 100, most: 1_000 };

/** So many of them are on their way at a time. */
const floodWindow = 100;

/** A longer one grows so often, in ms: as fast as one reads aloud. */
const streamEveryMs = 330;

/** What there is to read, before the line goes, in ms. */
const readingMs = 1_500;

const tell = (stage: Stage, phrase: (words: Phrases) => string) =>
  stage.say(say(stage.spoken, phrase));

/** What `/stream` tells, in both languages where nobody knows yet what is spoken. */
const storyFor = (spoken: Spoken | undefined): readonly string[] =>
  spoken ? phrases[spoken].story : [...phrases.en.story, '\n\n', ...phrases.zh.story];

export const echo: Answer = async (text, stage) => {
  await tell(stage, (words) => words.echo(text));
};

export const unknown: Answer = async (command, stage) => {
  await tell(stage, (words) => words.unknown(command));
};

export const answers: Record<CompanionCommand, Answer> = {
  async help(_, stage) {
    await tell(stage, (words) => words.help(stage.name));
  },

  async slow(argument, stage) {
    const { usual, most } = slowSeconds;
    const seconds = numberIn(argument, usual, most);
    if (seconds === undefined) return void (await tell(stage, ({ slowRange }) => slowRange(most)));
    const endsAt = stage.now() + seconds * 1_000;
    for (let leftMs = endsAt - stage.now(); leftMs > 0; leftMs = endsAt - stage.now()) {
      stage.typing();
      await stage.wait(Math.min(leftMs, typingEveryMs));
    }
    await tell(stage, (words) => words.slow(seconds));
  },

  async flood(argument, stage) {
    const { usual, most } = floodCount;
    const count = numberIn(argument, usual, most);
    if (count === undefined) return void (await tell(stage, ({ floodRange }) => floodRange(most)));
    const restMs = stage.takeFlood(count);
    if (restMs > 0) {
      return void (await tell(stage, ({ floodRest }) => floodRest(Math.ceil(restMs / 1_000))));
    }
    const startedAt = stage.now();
    for (let sent = 0; sent < count; sent += floodWindow) {
      const size = Math.min(floodWindow, count - sent);
      const all = Array.from({ length: size }, (_, index) =>
        stage.say(`${sent + index + 1} / ${count}`),
      );
      await Promise.all(all);
    }
    const seconds = ((stage.now() - startedAt) / 1_000).toFixed(1);
    await tell(stage, ({ flooded }) => flooded(count, seconds));
  },

  async stream(_, stage) {
    const writing = stage.begin();
    try {
      for (const part of storyFor(stage.spoken)) {
        writing.write(part);
        await stage.wait(streamEveryMs);
      }
    } catch (ended) {
      writing.breakOff();
      throw ended;
    }
    await writing.say();
  },

  async drop(_, stage) {
    await tell(stage, ({ dropping }) => dropping);
    await stage.wait(readingMs);
    stage.hangUp();
    await tell(stage, ({ dropped }) => dropped);
  },

  async silent(_, stage) {
    const seconds = Math.ceil(stage.noticedMs / 1_000);
    await tell(stage, ({ silencing }) => silencing(seconds));
    await stage.wait(readingMs);
    stage.fallSilent();
    await tell(stage, ({ silenced }) => silenced);
  },
};

/** A whole number from 1 to `most`, `usual` where there is none, undefined for anything else. */
function numberIn(text: string, usual: number, most: number): number | undefined {
  const word = text.trim().normalize('NFKC');
  if (word === '') return usual;
  const number = /^\d{1,9}$/.test(word) ? Number(word) : 0;
  return number >= 1 && number <= most ? number : undefined;
}
