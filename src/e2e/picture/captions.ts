/** What the moving picture says, and what its two people write, in each language of the page. */

export interface Captions {
  /** Whose screen is whose. */
  readonly ann: string;
  readonly bob: string;
  readonly calm: string;
  readonly frozen: string;
  readonly noticed: string;
  readonly writing: string;
  readonly healed: string;
  /** Said before the film begins. */
  readonly hello: string;
  readonly answer: string;
  /** Written by Ann while her line is dead, and by Bob meanwhile. */
  readonly intoSilence: readonly [string, string];
  readonly meanwhile: string;
}

const en: Captions = {
  ann: 'Ann',
  bob: 'Bob',
  calm: 'A chat whose heartbeat you can see.',
  frozen: 'Ann freezes her line: no error, no close, only silence.',
  noticed: 'The heartbeat that is not answered gives it away.',
  writing: 'Both write on. What cannot leave now waits, and says so.',
  healed: 'The line is back. Every message is there: once, in order.',
  hello: 'Tea at four?',
  answer: 'Gladly. I bring the cake.',
  intoSilence: ['In the tunnel now.', 'Keep me a slice!'],
  meanwhile: 'It is still warm!',
};

const zhCN: Captions = {
  ann: '小安',
  bob: '阿博',
  calm: '一个看得见心跳的聊天室。',
  frozen: '小安冻住自己的线路：没有报错，没有断开，只有寂静。',
  noticed: '没有回音的心跳，泄露了真相。',
  writing: '两边照常写。发不出去的先等着，并且如实告诉你。',
  healed: '线路恢复。每条消息都在：不丢、不重、不乱。',
  hello: '四点喝茶？',
  answer: '好啊，我带蛋糕。',
  intoSilence: ['进隧道了。', '给我留一块！'],
  meanwhile: '还热着呢！',
};

export const captions = { en, 'zh-CN': zhCN };

export type PictureLanguage = keyof typeof captions;
