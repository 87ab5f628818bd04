/**
 * What a client writes on one connection. Each message is answered, once the log has it or has refused it, and none
 * overtakes another that waits for its file or for the log to be back. What is written before all eyes is shown
 * as it comes.
 */
import { encodeAck } from '../../../protocol/encodeOften';
import { refusalWords } from '../../../protocol/errorCodes';
import type { MessageFile } from '../../../protocol/file';
import type { ClientFrameOf } from '../../../protocol/frames';
import type { User } from '../../../protocol/user';
import {
  type Appended,
  type Draft,
  type LogUnavailableError,
  MessageRefusedError,
} from '../../log/log';
import type { Room } from '../room/room';
import { whyNotWritten } from '../streams/streamRefusal';
import type { ClientFiles } from './clientFiles';
import { type Asking, later } from './connectionHost';
import { type RefusedBy, WritingOrder } from './writingOrder';

export class ClientWriting {
  readonly #asking: Asking;
  readonly #user: User;
  readonly #fileOf: ClientFiles['fileOf'];
  /** How many messages have come. */
  #came = 0;
  /** Messages without an answer, and who waits until there is none. */
  #unanswered = 0;
  #onAnswered: (() => void)[] | undefined;
  /** Once the log was away: what waits for what was written before it. */
  #order: WritingOrder | undefined;
  /** The last message that waits until its file is looked up. */
  #lookingUp: Promise<void> | undefined;

  /** `fileOf` looks up what a message brings. */
  constructor(asking: Asking, user: User, fileOf: ClientFiles['fileOf']) {
    this.#asking = asking;
    this.#user = user;
    this.#fileOf = fileOf;
  }

  send(frame: ClientFrameOf<'send'>, room: Room): void {
    this.#came += 1;
    const place = this.#came;
    if (frame.file || this.#lookingUp) this.#appendInTurn(frame, room, place);
    else this.#append(frame, room, place);
  }

  /** Shows more of a message that is being written. */
  show(frame: ClientFrameOf<'stream'>) {
    const { host, client, requests } = this.#asking;
    const loading = host.streams.ready();
    if (!loading) return this.#showNow(frame);
    void requests.run(
      async () => {
        await loading;
        this.#showNow(frame);
      },
      () => client.refuse('unavailable', 'nothing is shown now', { id: frame.id }),
    );
  }

  /** Resolves when every message that came so far has been answered. */
  async settled(): Promise<void> {
    if (this.#unanswered === 0) return;
    await new Promise<void>((resolve) => {
      this.#onAnswered ??= [];
      this.#onAnswered.push(resolve);
    });
  }

  #showNow(frame: ClientFrameOf<'stream'>) {
    const { host, client, line } = this.#asking;
    const refusal = host.streams.write({ user: this.#user, isTrusted: line.isTrusted }, frame);
    if (!refusal) return;
    const { id } = frame;
    client.refuse(refusal, whyNotWritten(refusal), { id });
  }

  /** Looks up what a message brings. What is written behind it waits: it must not overtake. */
  #appendInTurn(frame: ClientFrameOf<'send'>, room: Room, place: number): void {
    const { client, requests } = this.#asking;
    this.#unanswered += 1;
    const before = this.#lookingUp;
    const turn = requests
      .run(
        async () => {
          await before;
          const file = frame.file && (await this.#fileOf(frame.file));
          if (file || !frame.file) return this.#append(frame, room, place, file);
          this.#order?.answered(room.name, frame.id);
          client.refuse('no_upload', refusalWords.no_upload, { id: frame.id });
        },
        () => this.#notStored(room.name, frame.id, place),
      )
      .then(() => {
        if (this.#lookingUp === turn) this.#lookingUp = undefined;
        this.#answered();
      });
    this.#lookingUp = turn;
  }

  #append(
    { id, room: name, body, about }: ClientFrameOf<'send'>,
    room: Room,
    place: number,
    file?: MessageFile,
  ) {
    const { host, client, requests } = this.#asking;
    const { log, rooms, time, stopwatch, posting } = host;
    const order = this.#order;
    if (order && !order.mayGo(name, id, place, time.now())) {
      return this.#refuseForNow(order, name, id, 'order');
    }
    const cameAt = stopwatch();
    const draft = posting.draftOf(this.#user, { room: name, id, body, about });
    if (file) draft.file = file;
    this.#unanswered += 1;
    host.streams.sending(this.#user.id, id);
    requests.wait(
      log.append(draft),
      (appended) => {
        this.#answered();
        this.#order?.answered(name, id);
        this.#appended(draft, appended, cameAt);
      },
      (why) => {
        this.#answered();
        this.#refuse(draft, place, why);
      },
    );
    const slowMs = rooms.slowMs(room);
    if (slowMs > 0) client.throttle(slowMs);
  }

  #appended(draft: Draft, appended: Appended, cameAt: number) {
    const { host, line } = this.#asking;
    const { room, seq, mid, at, dup } = appended;
    const ack = { t: 'ack', id: draft.id, room, seq, mid, at } as const;
    line.send(encodeAck(dup ? { ...ack, dup } : ack));
    host.posting.appended(draft, appended, cameAt);
  }

  /** Tells who waits once the last message has its answer on the line. */
  #answered(): void {
    this.#unanswered -= 1;
    if (this.#unanswered > 0 || !this.#onAnswered) return;
    const waiting = this.#onAnswered;
    this.#onAnswered = undefined;
    for (const resolve of waiting) resolve();
  }

  #refuse(
    { id, room }: Draft,
    place: number,
    why: LogUnavailableError | MessageRefusedError,
  ): void {
    const { host, client } = this.#asking;
    const isForEver = why instanceof MessageRefusedError;
    host.streams.notSent(this.#user.id, id, isForEver ? 'for ever' : 'for now');
    if (isForEver) {
      this.#order?.answered(room, id);
      client.refuse(why.code, refusalWords[why.code], { id });
    } else {
      this.#notStored(room, id, place);
    }
  }

  #notStored(room: string, id: string, place: number) {
    this.#order ??= new WritingOrder();
    this.#order.refused(room, id, place, this.#asking.host.time.now());
    this.#refuseForNow(this.#order, room, id, 'log');
  }

  /** The log is away, or has not stored what was written before. */
  #refuseForNow(order: WritingOrder, room: string, id: string, why: RefusedBy) {
    const { host, client } = this.#asking;
    const { random, time } = host;
    const after = order.afterMs(room, id, time.now(), later(random).after, why);
    client.refuse('unavailable', 'the message was not stored yet', { id, after });
  }
}
