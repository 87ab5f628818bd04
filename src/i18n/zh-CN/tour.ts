/**
 * The guided tour: what each step tells, what it waits for, and what was seen. Loaded with the tour, so it
 * is no part of the page's other texts.
 */
import type { TourTexts } from '../en/tour';
import { number } from './number';

const millis = (ms: number) => `${number(Math.round(ms))} 毫秒`;
const seconds = (ms: number) =>
  `${(ms / 1000).toLocaleString('zh-CN', { maximumFractionDigits: 1 })} 秒`;

export const tour: TourTexts = {
  intro: '九个小步骤，就在你聊天用的这条线路上。每一步都真实发生，页面亲眼见到之后才会打勾。',
  progress: (done, all) => `已见证 ${done} / ${all}`,
  isDone: '已见证',
  isSkipped: '此处无法演示',
  next: '下一步',
  again: '再来一次',
  restart: '从头再来',
  running: '正在观察线路…',
  stop: '停止',
  missed: '没有等到预期的结果。如果连接实验室里开着故障，请先关掉，再试一次。',
  needsLine: '线路暂时没有连上。连上之后，这一步就可以开始。',
  seenNow: (what) => `见到了：${what}`,
  stepDone: (title) => `这一步完成了：${title}。`,
  finished: '导览走完了。',
  finishedHint:
    '你见到的这一切，在每一个经得住断线的聊天里都时刻发生着。在连接实验室里，你可以随意重现：每一帧、每一次延迟、每一种故障。',
  impossible: {
    plain:
      '这台服务器只收发纯文本，没有自己的握手、编号和确认。换成 Heartline 的服务器，就能在这里看到。',
    'no heartbeat':
      '与这台服务器之间没有约定心跳。在地址里写明心跳文本（heartbeat=…），就能在这里看到。',
    'no worker':
      '浏览器在这里不提供 Service Worker（例如无痕窗口，或经由普通 HTTP 打开的页面）。没有它，就收不到推送。',
  },

  steps: {
    socket: {
      title: '套接字',
      tells: [
        '网上大多是页面提问、服务器作答，服务器从不先开口。WebSocket 则是一条一直开着的线路：任何一端想说话，随时可以说。',
        '按下按钮，会先挂断，再打开一个新的套接字。请留意上方的连接状态。',
      ],
      button: '打开新的套接字',
    },
    handshake: {
      title: '握手',
      tells: [
        'WebSocket 起初是一个请求“升级”的 HTTP 请求。服务器答复 101，此后同一条线路上走的就是帧了。这一段浏览器不让页面看到。',
        '看得到的是聊天自己的握手：服务器说 hello，页面说明你是谁，服务器说 ready。按下按钮，从头再来一遍。',
      ],
      button: '重新握手',
    },
    frames: {
      title: '帧',
      tells: [
        '线路上的一切都装在帧里：先用几个字节说明后面是什么、有多长，然后才是内容。这个聊天的内容是 JSON，其中的字段 t 表明它是哪一类。',
        '按下按钮，发出这里最短的一句话。',
      ],
      button: '发送一帧',
    },
    heartbeat: {
      title: '心跳',
      tells: [
        '线路可能无声无息地断掉：网线被拔、手机进了隧道、路由器忘了它。两端都不会得到通知。所以，只要有一阵子没得到任何回应，页面就会问一声：你还在吗？',
        '按下按钮，这“一阵子”就缩短为一秒，直到三次心跳都有了回应。请看上方的心电图。',
      ],
      button: '每秒跳一次',
    },
    pingPong: {
      title: 'Ping 与 Pong',
      tells: [
        '一次心跳是两帧：带着编号的 ping，和把编号带回来的 pong。WebSocket 自带的 ping，页面既发不出也看不到，所以这个聊天用自己的帧。',
        '按下按钮，先等来这样的一对，然后冻结收信的方向，就像线缆断了一半：你这边还能发，却什么也收不到。等不到的那个 pong，会让断掉的线路露馅。',
      ],
      button: '弄丢一个 pong',
    },
    ack: {
      title: '确认',
      tells: [
        '套接字收下了你的话，并不说明什么：线路也许已经断了，只是它还不知道。所以服务器会逐条确认，而且要等消息稳妥地写进房间的日志之后。确认到来之前，页面一直留着这条消息，换了线路就再发一次；凭着它的编号，服务器不会重复保存。',
        '按下按钮，会以你的名义在这个房间里打个招呼。请留意消息旁边的标记。',
      ],
      button: '在房间里打个招呼',
    },
    reconnect: {
      title: '重新连接',
      tells: [
        '线路断了，页面会自己再连：第一次立刻就试，之后一次比一次等得久。等多久还带点随机，免得上千个页面在同一瞬间一齐回来。',
        '按下按钮，会切断线路，让两次重试失败，其间再写一条消息。什么都不会丢。',
      ],
      button: '切断线路',
    },
    close: {
      title: '主动关闭',
      tells: [
        '断掉的线路会自动修复；你亲手关掉的，就一直关着。区别在于关闭码：1000 表示这是有意的，其他人会立刻看到你离开。',
        '按下按钮就会挂断。之后什么也不发生，而这正是要看的。安静三秒之后，导览会替你重新连上。',
      ],
      button: '主动离开',
    },
    push: {
      title: '推送',
      tells: [
        '标签页全关掉之后，就没有线路了。好在浏览器自己有一条，通往它厂商的推送服务：服务器把密封的便条交到那里，浏览器再唤醒本页的一小部分（Service Worker）把它显示出来。',
      ],
      button: '递交一条推送',
    },
  },
  local:
    '在这里，服务器就住在你的浏览器里：它的套接字由发给 Worker 的消息构成，前面没有 HTTP。再往上的一切都相同。',
  push: {
    page: '这里没有推送服务参与，由本页代劳：便条由页面直接交给 Service Worker，此后的一切与真正的推送相同。',
    service:
      '这个房间已开启推送，所以可以来真的：按下按钮就会离开，然后最多等三分钟。请在这期间用另一个浏览器或设备、换个名字，在这个房间里写点什么。',
    companion:
      '这个房间已开启推送，所以可以来真的：按下按钮，会请房间里的程序慢慢作答，随即离开。它的回答只能经由推送到达你这里。',
    canBeReal: '打开下面的开关，就可以换成真正的推送。',
    serviceButton: '离开，等待推送',
    pageButton: '由本页代劳',
    allow: '允许通知',
    denied: '浏览器不显示本页的通知，不过 Service Worker 照样会收到推送。',
    notAsked: '想看到真正的通知，请允许本页显示通知。',
  },

  says: {
    hello: '导览向大家问好 👋',
    meanwhile: '线路切断时写下的 ✂️',
  },
  pushed: {
    from: '导览',
    text: '你不在的时候，就这样得知新消息。',
  },

  awaits: {
    opening: '一个套接字正在打开',
    opened: '套接字已打开',
    hello: '服务器的 hello',
    auth: '本页的 auth',
    ready: '服务器的 ready',
    open: '线路可以收发消息',
    frame: '一帧发出',
    beats: '三次心跳得到回应',
    ping: '一个 ping 发出',
    pong: '它的 pong',
    lostPing: '一个没有回应的 ping',
    dead: '线路被放弃',
    openAgain: '一条新线路',
    sent: '消息发出',
    ack: '它的确认',
    confirmed: '消息标记为已发送',
    cut: '线路断开',
    kept: '一条等待中的消息',
    failedTries: '两次失败的重试',
    delivered: '等待中的消息已发送',
    closed: '线路关闭，关闭码 1000',
    quiet: '三秒之内毫无动静',
    asked: '程序收到问题',
    left: '你已离开',
    pushed: 'Service Worker 收到推送',
    shown: '推送的下落',
  },

  sights: {
    opening: (url) => `正在打开套接字，通往 ${url}`,
    openingLocal: () => '正在打开套接字，通往这个浏览器里的服务器',
    opened: (ms) => `${millis(ms)}后，套接字已打开`,
    hello: (intervalMs) => `收到 hello：服务器要求每 ${seconds(intervalMs)}一次心跳`,
    auth: () => '发出 auth：你是谁，以及令牌',
    ready: (name) => `收到 ready：你是 ${name}`,
    open: (ms) => `又过了 ${millis(ms)}，线路可以收发消息`,
    frame: (text, bytes) => `发出 ${text}，共 ${number(bytes)} 字节`,
    frameOnWire: (text, bytes, header) =>
      `发出 ${text}：${number(bytes)} 字节，在网络上另加 ${header} 字节的帧头与掩码`,
    beats: (ms) => `三次心跳都有回应，最后一次用了 ${millis(ms)}`,
    ping: (n) => `发出 ping ${number(n)}`,
    pong: (n, ms) => `收到 pong ${number(n)}，用了 ${millis(ms)}`,
    lostPing: (n) => `收信方向已冻结，发出 ping ${number(n)}`,
    dead: (ms) => `${seconds(ms)}没有等到 pong：放弃这条线路`,
    openAgain: (ms) => `${millis(ms)}后，新线路已连上`,
    sent: (id) => `消息已发出，编号 …${id}`,
    ack: (seq, ms) => `${millis(ms)}后收到确认：它是这个房间的第 ${number(seq)} 条`,
    confirmed: () => '消息已标记为“已发送”',
    cut: (code) => `线路断开，关闭码 ${code}：没有道别`,
    kept: () => '消息留在这个浏览器里等待',
    failedTries: (ms) => `两次重试都失败了，${millis(ms)}后再试`,
    delivered: () => '等待的消息已发送，在房间里只有一条',
    handedOver: () => '等待的消息已交给新线路',
    closed: () => '线路已关闭，关闭码 1000：你是主动离开的',
    quiet: () => '安静的三秒：没有任何重试',
    asked: () => '问题已交给程序',
    left: () => '你已离开：线路已关闭',
    pushedByService: () => '推送服务唤醒了 Service Worker，推送已送到',
    pushedByPage: () => 'Service Worker 收到了推送，由本页代替推送服务递交',
    shown: () => '它显示了一条通知',
    'not allowed': () => '已收到；本页未获准显示通知',
  },
};
