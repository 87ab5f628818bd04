/** Where one writes, and how what was written is shown. */
import type { composer as english } from '../en/composer';

export const composer: typeof english = {
  replyingTo: (name) => `回复 ${name}`,
  editing: '正在修改你的消息',
  problems: {
    'only spaces': '只有空格，请写点内容再发送。',
    'too long': '内容太长，无法发送。请缩短，或分几条发送。',
    'command alone': '这个命令后面需要写些内容。',
    'nothing left': '消息不能改成空的。要撤回的话，请删除它。',
    'cannot change': '现在还不能修改，请等它发出后再试。',
    'outbox full': '待发的消息太多了。这一条先留在这里，等前面的发出去再发。',
  },
  cancelReply: '取消回复',
  cancelEdit: '放弃修改',

  people: '成员',
  commands: '命令',
  commandHints: {
    me: '以斜体描述你的动作',
    shrug: '耸耸肩：¯\\_(ツ)_/¯',
    code: '代码块',
    quote: '引用一段话',
    edit: '修改你的上一条消息（也可按 ↑ 键）',
  },
  companionHints: {
    help: '看看这里的程序会什么',
    slow: '过若干秒再回答',
    flood: '一口气发若干条消息',
    stream: '边写边发的长回答',
    drop: '服务器挂断你的连接',
    silent: '服务器不再回应你',
  },
  emoji: '表情',
  emojiFailed: '表情未能加载，请联网后再试。',
  searchEmoji: '搜索表情',
  skinTone: '更换肤色',
  noEmoji: '没有找到这样的表情。',
  emojiLoading: '正在加载…',
  copyCode: '复制代码',
  codeCopied: '已复制',
};
