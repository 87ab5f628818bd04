/** The banner of the line, and what waits. */
import type { Texts } from '../en';

export const line: Texts['line'] = {
  close: '关闭',
};
