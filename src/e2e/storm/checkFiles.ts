/**
 * Judges what became of files: each is with its message and nowhere else, everybody and every server has the very
 * bytes that were attached, and the servers keep no byte beyond those. Pure.
 */
import {
  type FilesLeft,
  quote,
  type SentFile,
  type StormFile,
  type StormMessage,
  type StormRecord,
} from './stormOutcome';

/** The texts of files of which nobody knows whether they were kept, and that came. */
export function textsThatCame(
  { name, files }: StormRecord,
  log: readonly StormMessage[],
): readonly string[] {
  const texts = new Set(log.filter(({ author }) => author === name).map(({ body }) => body));
  return files.filter(({ isKept, text }) => !isKept && texts.has(text)).map(({ text }) => text);
}

export interface FilesOutcome {
  readonly lists: readonly { readonly owner: string; readonly messages: readonly StormMessage[] }[];
  /** In the room. */
  readonly log: readonly StormMessage[];
  readonly clients: readonly Pick<StormRecord, 'name' | 'files'>[];
  readonly left: FilesLeft | undefined;
}

/** What is wrong, in words. */
export function checkFiles({ lists, log, clients, left }: FilesOutcome): string[] {
  const sent = new Map(
    clients.flatMap(({ name, files }) =>
      files.map((file) => [keyOf({ author: name, body: file.text }), file] as const),
    ),
  );
  const faults: string[] = [];
  for (const { owner, messages } of lists) {
    for (const message of messages) {
      const wrong = whatIsWrong(sent.get(keyOf(message)), message.file);
      if (wrong) faults.push(`G2: ${owner} has ${quote(message.body)} ${wrong}`);
    }
  }
  return left ? [...faults, ...checkLeft(left, filesOf(log, sent))] : faults;
}

const keyOf = ({ author, body }: { author: string; body: string }) => `${author}\0${body}`;

function whatIsWrong(sent: SentFile | undefined, file: StormFile | undefined): string | undefined {
  if (!sent) return file && `with ${quote(file.name)}, with which it was not sent`;
  if (!file) return `without ${quote(sent.name)}`;
  if (file.name !== sent.name) return `with ${quote(file.name)} instead of ${quote(sent.name)}`;
  if (file.sha256 === undefined) return `with ${quote(sent.name)}, which cannot be had`;
  if (file.size !== sent.size) return `with ${file.size} bytes of the ${sent.size} that were sent`;
  return file.sha256 === sent.sha256 ? undefined : 'with other bytes than were sent';
}

/** Those that are in the room, by the texts of their messages. */
function filesOf(log: readonly StormMessage[], sent: ReadonlyMap<string, SentFile>) {
  return new Map(
    log.flatMap((message) => {
      const file = sent.get(keyOf(message));
      return file ? [[message.body, file] as const] : [];
    }),
  );
}

function checkLeft(left: FilesLeft, inRoom: ReadonlyMap<string, SentFile>): string[] {
  const { servers, whole, unfinished } = left;
  const faults: string[] = [];
  for (const [body, file] of inRoom) {
    for (const server of servers) {
      const given = left.given.find((each) => each.server === server && each.body === body);
      if (given?.sha256 === file.sha256 && given?.size === file.size) continue;
      const what = given?.sha256 === undefined ? 'nothing' : `${given.size} other bytes`;
      faults.push(`G1: ${server} gives out ${what} for the file of ${quote(body)}`);
    }
  }
  const needed = new Set([...inRoom.values()].map(({ sha256 }) => sha256));
  for (const sha256 of whole.filter((each) => !needed.has(each))) {
    faults.push(`G7: bytes are kept that no message has: ${sha256}`);
  }
  for (const { name, size } of unfinished) {
    faults.push(`G7: ${size} bytes are kept of a file that never came: ${name}`);
  }
  return faults;
}
