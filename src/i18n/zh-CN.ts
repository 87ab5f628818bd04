/** 简体中文。 */
import type { Texts } from './en';

import { composer } from './zh-CN/composer';
import { files } from './zh-CN/files';
import { first } from './zh-CN/first';
import { importing } from './zh-CN/importing';
import { lab } from './zh-CN/lab';
import { line } from './zh-CN/line';
import { local } from './zh-CN/local';
import { number } from './zh-CN/number';
import { offline } from './zh-CN/offline';
import { rooms } from './zh-CN/rooms';
import { settings } from './zh-CN/settings';
import { timeline } from './zh-CN/timeline';

export const zhCN: Texts = {
  ...first,
  timeline: { ...first.timeline, ...timeline },
  composer: { ...first.composer, ...composer },
  rooms: { ...first.rooms, ...rooms },
  line: { ...first.line, ...line },
  files,
  importing,
  offline,
  local,
  lab: { ...first.lab, ...lab },
  settings,

  aside: (words) => `（${words}）`,

  room: '房间',
  changeRoom: '切换房间',
  goToRoom: '前往',
  roomProblem: '房间名最多 64 个字符，只用 a–z、0–9、- 和 _，以字母或数字开头。',
  newPrivateRoom: '新建私密房间',
  newPrivateRoomHint: '别人找不到它，只有拿到你给的链接才能进来。',
  copyLink: '复制链接',
  linkCopied: '链接已复制',
  copyByHand: '请复制这个链接',
  hereNow: '在线',
  membersCount: (count) => `${number(count)} 人在线`,
  moreMembers: (count) => `还有 ${number(count)} 人`,

  you: '你',
  signOut: '退出登录',
  signOutQuestion: (unsent) =>
    unsent > 0
      ? `有 ${number(unsent)} 条消息没有发出，退出后会被删除。你也无法再以这位访客的身份回来。`
      : '退出后无法再以这位访客的身份回来。',
  stay: '留下',
  writing: (first, second, people = 2) => {
    if (second === undefined) return `${first} 正在输入…`;
    return people === 2 ? `${first} 和 ${second} 正在输入…` : `${first} 等 ${people} 人正在输入…`;
  },
  changeName: '换个名字',

  push: {
    label: '离开时通知我',
    asking: '正在等待浏览器…',
    blocked: '浏览器已屏蔽本页的通知。请在浏览器的网站设置（地址栏旁）中允许通知。',
    problems: {
      'no service': '浏览器连不上它的推送服务，请稍后再试。',
      refused: '服务器不接受这个浏览器的推送服务。',
    },
  },
  causes: {
    'heartbeat timeout': '服务器没有回应心跳。',
    'ack timeout': '服务器没有按时确认消息。',
    'connect timeout': '服务器没有回应。',
    'not understood': '服务器的回答无法理解。',
    'bad address': '服务器地址无法使用。',
    unreached: '连不上服务器。',
    closed: (code, reason) => `服务器关闭了连接（${code}${reason && `，${reason}`}）。`,
  },
  diagnoses: {
    'no network': '没有任何回应：网络断了。',
    'no answer': '没有任何回音：网络断了，或者服务器停住了。',
    'server down': '网络正常，但服务器没有回应。',
    'sign in': '途中有一处要求登录。请刷新页面后登录。',
    blocked: '服务器有回应，但途中有设备拦下了 WebSocket。',
  },
  closeCodes: {
    1001: '服务器已关闭连接。',
    1006: '连接断了。',
    1009: '消息超过了服务器允许的大小。',
    1012: '服务器正在重启。',
    4000: '服务器出了问题。',
    4001: '服务器正在重启。',
    4002: '服务器没有收到这边的心跳。',
    4003: '消息来得太快，这边来不及接收。',
    4005: '服务器暂时无法访问消息日志。',
    4006: '登录已到期。',
    4007: '这里发送的远远超出了服务器的限制。',
    4009: '登录超时。',
    4010: '服务器按你的要求断开了连接。',
    4500: '服务器无法理解这个页面，请刷新。',
    4501: '登录已失效。重新连接将以新访客身份进入。',
    4502: '服务器不接受这个名字。',
    4504: '你已在另一台设备上退出登录。重新连接将以新访客身份进入。',
    4505: '你的连接太多了。请关闭其他标签页，再重新连接。',
    4506: '另一个标签页中运行着较新的 Heartline。请刷新此页以加入：你写下的内容都还在。',
  },
  notSent: (reason) => `未发送：${reason}`,
  failures: {
    other_user: '它可能已经以你之前的身份送达。',
    expired: '已等待超过 7 天。',
    stale: '它已等待超过一小时，还要发送吗？',
    too_long: '太长了：每条消息最多 10,000 个字符。',
    not_in_room: '服务器说你不在这个房间。',
    bad_frame: '服务器无法理解这条消息。',
    no_message: '它所回复或更改的消息已经不在了。',
    not_author: '只有作者本人才能更改消息。',
  },
  refused: (message) => `服务器拒收：${message}。`,
  retry: '重试',
  delete: '删除',

  export: '导出',
  exportFailed: '未能读取房间的全部内容，请在连上后再试。',
  dismiss: '知道了',
  notices: {
    'no storage':
      '浏览器无法再为本页保存数据：存储空间已满，或不允许使用。聊天照常，但未发出的消息会在刷新后丢失。',
    forbidden: '这个房间是私密的，请用完整的链接打开。',
    'log changed': '服务器上的历史记录已更换，当前内容为重新加载所得。',
  },
  unreadable: '暂时读不到这个房间的内容。会自动重试，你写的内容不会丢失。',
  plainMode: '纯文本模式：这个服务器不确认消息，只能知道消息“已交出”。',

  faults: {
    title: '无法开始聊天',
    'no server': '这个页面背后没有聊天服务器。请在地址中指定：?server=wss://…',
    'bad server': (value) => `“${value}”不是 WebSocket 服务器的地址。`,
    'bad room': (value) =>
      `“${value}”不能作房间名。房间名最多 64 个字符，只用 a–z、0–9、- 和 _，以字母或数字开头。`,
    'no key': '这个房间是私密的，请用完整的链接打开。',
    'plain without server': '纯文本模式需要服务器：请在地址中加上 &server=ws://主机:端口。',
  },
  goToLobby: '去大厅',
};
