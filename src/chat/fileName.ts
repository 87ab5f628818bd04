/** What a file is called here, as a name that may be sent: nothing hidden in it, no folders, not too long. */

import * as v from 'valibot';
import { fileNameSchema } from '../protocol/file';
import { limits } from '../protocol/limits';

const outOfPlace = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}/\\]/gu;

/** The longest ending that is kept when a name is cut, in code points. */
const longestEnding = 20;

export function cleanFileName(given: string): string {
  const plain = given.toWellFormed().replace(outOfPlace, '_').trim();
  const letters = [...plain];
  const dot = letters.lastIndexOf('.');
  const ending = dot > 0 && letters.length - dot <= longestEnding ? letters.slice(dot) : [];
  const most = limits.fileNameLength;
  const short =
    letters.length <= most
      ? plain
      : [...letters.slice(0, most - ending.length), ...ending].join('').trim();
  return v.is(fileNameSchema, short) ? short : 'file';
}
