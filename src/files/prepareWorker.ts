/** The worker that looks at files before they leave: what takes long must not hold up who writes. */
import { prepareFile } from '../chat/prepareFile';
import { decodePicture } from './decodePicture';
import type { PrepareAnswer, PrepareRequest } from './prepareWords';

self.onmessage = async ({ data }: MessageEvent<PrepareRequest>) => {
  const { id, file, type } = data;
  const prepared = await prepareFile(file, type, decodePicture).catch(() => undefined);
  const answer: PrepareAnswer = { id, prepared };
  self.postMessage(answer);
};
