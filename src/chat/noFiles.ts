/** What may be done with files where none can be sent. */
import type { ChatActions } from './types';

type FileActions = Pick<ChatActions, 'attach' | 'pauseUpload' | 'continueUpload' | 'linkOf'>;

export const noFiles: FileActions = {
  attach: async (files) => files.map(({ name }) => ({ name, why: 'no files here' })),
  pauseUpload() {},
  continueUpload() {},
  linkOf: () => Promise.reject(new Error('no files can be had here')),
};
