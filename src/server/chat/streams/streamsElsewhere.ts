/**
 * What several gateways tell each other of the streams. That one holds a stream which its writer wrote to last; the
 * others follow, ask for what they have missed, and go on with it where that one ends. With no other gateway
 * there is nothing to be done.
 */
import type { Time } from '../../../connection/ports';
import { type HeldStream, isHere, isWrittenHere } from './heldStreams';
import { LiveStream, type Merged, type StreamNews } from './liveStream';
import { createPacedSet } from './pacedSet';
import type { StreamLives } from './streamLives';

/** The other gateways. */
export interface StreamGateways {
  tell(room: string, news: StreamNews): void;
  /** Has the others tell all that is written to them in the room. */
  ask(room: string): void;
}

export interface StreamsElsewhereOptions {
  lives: StreamLives;
  /** None where this server is alone. */
  gateways: StreamGateways | undefined;
  time: Time;
  hasLine(userId: string): boolean;
  /** Until `close` the room is heard of, and heard, at the other gateways: counted. */
  open(room: string): void;
  close(room: string): void;
  /** A piece has come, and was taken. */
  taken(held: HeldStream, merged: Merged): void;
  /** The writer may have no line any more, and has a grace to come back. */
  mayBeGone(userId: string): void;
}

export interface StreamsElsewhere {
  /** Its writer writes here, wherever it did before. */
  writtenHere(held: HeldStream): void;
  /** There is more of a stream that the others may have to be told. */
  tellSoon(held: HeldStream): void;
  /** Another gateway tells of what is written to it. */
  heard(room: string, gateway: string, news: StreamNews): void;
  /** Another gateway wants to be told all that is written here. */
  asked(room: string): void;
  /** What is written to another gateway is not told of by that one any more. */
  gatewayGone(room: string, gateway: string): void;
  /** Nobody here hears of the room any more. */
  closed(room: string): void;
  /** Leaves no timer. */
  clear(): void;
}

/** What comes within so long travels to the other gateways as one piece, in ms. */
const tellRestMs = 40;

/** The others are asked again for what was missed after so long, in ms. */
const askRestMs = 1_000;

export function createStreamsElsewhere(options: StreamsElsewhereOptions): StreamsElsewhere {
  const { lives, gateways, time, hasLine, open, close, taken, mayBeGone } = options;
  const toTell = createPacedSet(time, tellRestMs, tellOthers);
  const toAsk = createPacedSet<string>(time, askRestMs, (room) => gateways?.ask(room));

  function tellOthers(held: HeldStream) {
    const { stream } = held;
    if (!lives.held.has(held) || !isWrittenHere(held) || held.isSending) return;
    gateways?.tell(stream.room, stream.newsOf(stream.since(stream.toldOthers)));
    stream.toldOthers = stream.text.length;
  }

  function writtenElsewhere(held: HeldStream, gateway: string) {
    const wasHere = isHere(held);
    held.gateway = gateway;
    held.isAdopted = false;
    held.keeping?.cancel();
    held.keeping = undefined;
    held.stream.toldOthers = undefined;
    if (!wasHere) return;
    lives.watchRest(held);
    close(held.stream.room);
  }

  function beginElsewhere(room: string, gateway: string, news: StreamNews) {
    const { user, id, at, about } = news;
    if (lives.hasEnded(user.id, id)) return;
    if (at > 0) return toAsk.add(room);
    if (!lives.hasPlace(room)) return;
    follow(lives.begin(new LiveStream(room, user, id, about), { gateway }), gateway, news);
  }

  function follow(held: HeldStream, gateway: string, { user, at, text }: StreamNews) {
    const merged = held.stream.merge({ at, text });
    if (merged === 'too long') return;
    // Said before its writer came here, most likely.
    const isLate = merged === 'known' && (hasLine(user.id) || held.hasNoLine);
    if (isWrittenHere(held) && !held.keeping && isLate) {
      held.heardAtMs = time.now();
      return;
    }
    writtenElsewhere(held, gateway);
    // It may be that nobody else here hears of the room.
    if (!lives.held.has(held)) return;
    if (merged === 'gap') toAsk.add(held.stream.room);
    else taken(held, merged);
  }

  return {
    writtenHere(held) {
      if (!isHere(held)) open(held.stream.room);
      const wasElsewhere = !isWrittenHere(held);
      held.gateway = undefined;
      held.isAdopted = false;
      if (wasElsewhere) lives.watchRest(held);
    },

    tellSoon(held) {
      if (gateways && isWrittenHere(held)) toTell.add(held);
    },

    heard(room, gateway, { cut, ...news }) {
      const known = lives.held.get(news.user.id, news.id);
      if (cut) {
        if (known?.gateway === gateway) lives.endUnkept(known);
      } else if (known?.stream.room === room) follow(known, gateway, news);
      else if (!known) beginElsewhere(room, gateway, news);
    },

    asked(room) {
      for (const held of lives.held.inRoom(room)) {
        if (!isWrittenHere(held)) continue;
        held.stream.toldOthers = undefined;
        toTell.add(held);
      }
    },

    gatewayGone(room, gateway) {
      for (const held of lives.held.inRoom(room)) {
        if (held.gateway !== gateway) continue;
        open(room);
        held.gateway = undefined;
        held.isAdopted = true;
        lives.watchRest(held);
        mayBeGone(held.stream.user.id);
        // It may only have lost what it was known by, and goes on.
        toAsk.add(room);
      }
    },

    closed(room) {
      for (const held of lives.held.inRoom(room)) if (!isHere(held)) lives.forget(held);
    },

    clear() {
      toTell.clear();
      toAsk.clear();
    },
  };
}
