/** Where one writes, and how what was written is shown. */
import type { Texts } from '../en';

export const composer: Texts['composer'] = {
  showAll: '显示全部',
  showLess: '收起',
  copyCode: '复制代码',
  codeCopied: '已复制',
};
