import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { closeCodeTexts as en } from '../i18n/en/closeCodes';
import { zhCN as chinese } from '../i18n/zh-CN';
import { closeCodeTexts as zhCN } from '../i18n/zh-CN/closeCodes';
import { type CloseCode, closeCodes } from '../protocol/closeCodes';
import { connectionOf, renderChat } from '../testing/renderChat';
import { CloseCodes } from './CloseCodes';

const codes: CloseCode[] = Object.values(closeCodes);

/** RFC 6455 section 7.4.1 and the registry of WebSocket close codes; 1004 has no meaning. */
const standard = [1000, 1001, 1002, 1003, ...Array.from({ length: 11 }, (_, at) => 1005 + at)];

const shownIn = (group: string) =>
  within(screen.getByRole('region', { name: group }))
    .getAllByRole('term')
    .map(({ textContent }) => Number(textContent));

describe('the close codes in words', () => {
  it('are all of Heartline’s and of WebSockets’, in both languages', () => {
    const all = new Set([...standard, ...codes.map(({ code }) => code)]);
    for (const { meanings } of [en, zhCN]) {
      expect(Object.keys(meanings).map(Number)).toEqual([...all].sort((a, b) => a - b));
      for (const meaning of Object.values(meanings)) expect(meaning).toMatch(/[.。]$/);
    }
  });

  it('are told apart by whether the page comes back by itself', () => {
    renderChat(<CloseCodes />);
    const comesBack = shownIn('The page comes back by itself');
    const needsYou = shownIn('It waits for you');
    for (const { code, rule } of codes) {
      const isWaiting = rule === 'never reconnect' || rule === 'stop';
      expect(isWaiting ? needsYou : comesBack, `${code}`).toContain(code);
      expect(isWaiting ? comesBack : needsYou, `${code}`).not.toContain(code);
    }
    expect(comesBack).toEqual(expect.arrayContaining([1001, 1006, 1009, 1012]));
  });

  it('are in Chinese for who reads Chinese', () => {
    renderChat(<CloseCodes />, { language: 'zh-CN', texts: chinese });
    expect(shownIn('需要你来处理')).toContain(4501);
  });

  it('have the one marked by which the line ended last', () => {
    const cause = { kind: 'closed', code: 4002, reason: '', wasClean: true } as const;
    renderChat(<CloseCodes />, {
      state: { connection: connectionOf({ status: 'waiting', cause }) },
    });
    const marked = screen.getByText('(how your line ended last)');
    expect(marked.closest('div')?.textContent).toContain('4002');
  });
});
