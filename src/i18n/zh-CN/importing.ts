/** Why a file is no saved room, in words. */
import type { Texts } from '../en';
import { number } from './number';

export const importing: Texts['importing'] = {
  notJson: '这不是保存的房间：文件不是 JSON。',
  noExport: '文件是 JSON，但不是保存的房间。',
  tooMany: (count: number, most: number) =>
    `文件里有 ${number(count)} 条消息，最多只能显示 ${number(most)} 条。`,
  badMessage: (message: number, field: string) =>
    field === ''
      ? `文件被改动过或已损坏：第 ${number(message)} 条不是消息。`
      : `文件被改动过或已损坏：第 ${number(message)} 条消息的“${field}”缺失或有误。`,
  notInOrder: (message: number) =>
    `文件被改动过或已损坏：第 ${number(message)} 条消息重复出现，或不在应有的位置。`,
};
