/**
 * Takes from a picture what it tells beside itself: where and when it was taken, by whom and with what. The pixels
 * are not touched, and how it is turned is kept. What is no picture that can be read here is left alone.
 */
import type { Bytes } from './bytes';
import type { CleanPicture } from './cleanPicture';
import { cleanGif } from './gif';
import { cleanJpeg } from './jpeg';
import { cleanPng } from './png';
import { cleanWebp } from './webp';

/** Undefined for what is no JPEG, PNG, WebP or GIF, whatever it is called. Never throws. */
export function stripMetadata(file: Bytes): CleanPicture | undefined {
  return cleanJpeg(file) ?? cleanPng(file) ?? cleanWebp(file) ?? cleanGif(file);
}
