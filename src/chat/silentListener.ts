/** A listener that hears everything and says nothing: for who asks for some of it, or for none. */
import type { ChatListener } from './types';

const ignore = () => {};

export const silentListener: ChatListener = {
  connection: ignore,
  me: ignore,
  messages: ignore,
  asOf: ignore,
  files: ignore,
  loaded: ignore,
  unreadable: ignore,
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
