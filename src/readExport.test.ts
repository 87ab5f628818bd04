import { describe, expect, it } from 'vitest';
import { en } from './i18n/en';
import { zhCN } from './i18n/zh-CN';
import { createExportReader } from './readExport';

const message = { id: 'a', seq: 1, author: 'Ann', body: 'hello', at: 1, state: 'sent' };
const fileOf = (...messages: unknown[]) => JSON.stringify({ room: 'lobby', messages });

describe('a file that is to be shown', () => {
  it('is the room that was saved', () => {
    const given = fileOf(message, { ...message, id: 'b', seq: 2, replyTo: 1 });
    expect(createExportReader(en)(given)).toEqual({ room: JSON.parse(given) });
  });

  it('is refused in words that say what is wrong with it, in either language', () => {
    const problems = [
      'hello',
      '{}',
      fileOf({ ...message, body: 7 }),
      fileOf(null),
      fileOf(message, message),
    ];
    const told = [en, zhCN].map((texts) => {
      const read = createExportReader(texts);
      return problems.map((file) => {
        const result = read(file);
        return 'problem' in result ? result.problem : '';
      });
    });
    expect(told[0]?.[2]).toContain('“body” of message 1');
    expect(told[1]?.[2]).toContain('第 1 条消息的“body”');
    for (const words of told) expect(new Set(words).size).toBe(problems.length);
  });
});
