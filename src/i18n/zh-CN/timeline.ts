/** The conversation: rows, what may be done with them, and moving in it. */
import type { timeline as english } from '../en/timeline';
import { number } from './number';

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 2).join('、');
  return names.length > 2 ? `${shown}等 ${number(names.length)} 人` : shown;
}

export const timeline: typeof english = {
  olderLoaded: (count) => `已加载 ${number(count)} 条更早的消息`,
  jumpToUnread: '跳到未读',
  seek: {
    loading: '正在查找这条消息…',
    gone: '这条消息已不存在，或者从未在这个房间里。',
    failed: '无法加载这条消息。请在连接后重试。',
  },
  reply: '回复',
  react: '回应',
  reactWith: (emoji) => `用 ${emoji} 回应`,
  moreEmoji: '更多表情',
  edit: '编辑',
  copy: '复制文字',
  copyLink: '复制消息链接',
  copied: '已复制',
  notCopied: '无法复制',
  delete: '删除消息',
  doNotSend: '删除，不再发送',
  deleteQuestion: '为所有人删除？',
  deleteForAll: '确认删除',
  keep: '保留',
  inAnswerTo: '回复',
  showMessage: '查看原消息',
  quoteComing: '更早的消息…',
  reactions: '回应',
  reactedBy: (emoji, names) => `${emoji} ${number(names.length)}：${listed(names)}`,
  streams: {
    writing: '正在书写',
    cut: '写到这里中断了',
    broken: '已中断，没有保存下来',
  },
  seenBy: (names) => `已读：${listed(names)}`,
  changes: {
    edit: {
      waits: '正在保存修改…',
      failed: (reason) => (reason ? `修改未保存：${reason}` : '修改未保存。'),
    },
    delete: {
      waits: '正在删除…',
      failed: (reason) => (reason ? `未删除：${reason}` : '未删除。'),
    },
  },
  discardChange: '放弃修改',
};
