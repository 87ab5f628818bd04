import type { User } from '../store/chatStore';

/** A name with its tag, if it has one, where only text can stand. */
export function fullName({ name, tag }: User): string {
  return tag === undefined ? name : `${name} ·${tag}`;
}
