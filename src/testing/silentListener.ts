/** A listener that hears everything and says nothing, for tests that ask for some of it. */
import type { ChatListener } from '../chat/types';

const ignore = () => {};

export const silentListener: ChatListener = {
  connection: ignore,
  me: ignore,
  messages: ignore,
  asOf: ignore,
  loaded: ignore,
  hasOlder: ignore,
  members: ignore,
  writing: ignore,
  room: ignore,
  rooms: ignore,
  reads: ignore,
  readBefore: ignore,
  search: ignore,
  outbox: ignore,
  beat: ignore,
  push: ignore,
  notice: ignore,
  signedOut: ignore,
};
