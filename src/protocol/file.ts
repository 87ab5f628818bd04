/**
 * A file as a message has it: what it is called, what it is, and the digest by which it is kept. The bytes
 * travel by themselves, in the pieces of `piece.ts`.
 */
import * as v from 'valibot';
import { atMostCodePoints, idSchema } from './fields';
import { limits } from './limits';

/** Control and format characters, and what stands between the folders of a path. */
const outOfPlace = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}/\\]/u;

/** A name to save it by, nothing more: it leads to no folder, and hides nothing of itself. */
export const fileNameSchema = v.pipe(
  v.string(),
  v.trim(),
  v.nonEmpty('a file needs a name'),
  atMostCodePoints(limits.fileNameLength, "a file's name"),
  v.check((name) => name.isWellFormed(), "a file's name has no broken characters"),
  v.check(
    (name) => !outOfPlace.test(name),
    "a file's name has no control or hidden characters and no slashes",
  ),
  v.check((name) => !/^\.+$/.test(name), "a file's name is more than dots"),
);

/** A media type without parameters (RFC 6838 section 4.2), in small letters. */
export const fileTypeSchema = v.pipe(
  v.string(),
  v.maxLength(127, 'a media type has at most 127 characters'),
  v.regex(
    /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/,
    'a media type is as in "image/png"',
  ),
);

/** SHA-256 of all bytes, in hexadecimal. */
export const sha256Schema = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f]{64}$/, 'a SHA-256 is 64 hexadecimal digits'),
);

/** In bytes. Nothing is not worth sending. */
export const fileSizeSchema = v.pipe(
  v.number(),
  v.safeInteger(),
  v.minValue(1, 'an empty file is not sent'),
);

/** A picture's width or height, in pixels as they are shown. */
export const pictureSideSchema = v.pipe(
  v.number(),
  v.safeInteger(),
  v.minValue(1),
  v.maxValue(limits.pictureSide, `a picture has at most ${limits.pictureSide} pixels a side`),
);

/** The small one of a picture, to be shown in the conversation. */
const previewSchema = v.object({
  sha256: sha256Schema,
  type: fileTypeSchema,
  size: fileSizeSchema,
  width: pictureSideSchema,
  height: pictureSideSchema,
});

export const fileSchema = v.object({
  sha256: sha256Schema,
  name: fileNameSchema,
  type: fileTypeSchema,
  size: fileSizeSchema,
  /** Of a picture, as it is shown: so that it has its place before it is loaded. */
  width: v.optional(pictureSideSchema),
  height: v.optional(pictureSideSchema),
  preview: v.optional(previewSchema),
});
/** What a message has of its file. */
export type MessageFile = v.InferOutput<typeof fileSchema>;

/** Which part of a message's file is meant: all of it, or the small picture. */
export const filePartSchema = v.picklist(['whole', 'preview']);
export type FilePart = v.InferOutput<typeof filePartSchema>;

/** Uploads of the sender's that are whole: a file, and for a picture the small one of it. */
export const fileSentSchema = v.object({ upload: idSchema, preview: v.optional(idSchema) });
export type FileSent = v.InferOutput<typeof fileSentSchema>;
