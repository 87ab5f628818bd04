/** Files: attaching them, their way to the server, and how they are shown. */
import type { files as english } from '../en/files';
import { number } from './number';

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 2).map((name) => `“${name}”`);
  return names.length > 2
    ? `${shown.join('、')}等 ${number(names.length)} 个文件`
    : shown.join('、');
}

export const files: typeof english = {
  attach: '添加附件',
  attached: '附件',
  remove: (name) => `移除 ${name}`,
  mayTellMore: '图片中可能带有拍摄的地点和时间。',
  dropHere: '松开即可添加',
  pastedName: (when) => `图片 ${when}`,

  listed,
  refused: {
    'too large': (_, names, limit) => `${names}太大：这里每个文件最大 ${limit}。`,
    empty: (_, names) => `${names}是空的。`,
    unreadable: (_, names) => `${names}无法读取。如果是文件夹，请先打包成一个文件。`,
    'too many': (_, names, most) => `一次最多 ${most} 个文件：${names}没有添加。`,
    waiting: (_, names) => `正在发送的文件太多了：${names}先留在这里，等前面的送达再发。`,
    'no files here': (_, names) => `${names}没有发送：这个服务器不接收文件。`,
    'not sent': (_, names) => `${names}还没能发送，请连上后再试。`,
  },

  voice: {
    record: '录制语音',
    recording: '正在录音',
    asking: '正在等待麦克风…',
    stop: '停止',
    cancel: '取消',
    tryAgain: '重试',
    atMost: '语音最长五分钟，录音已停在这里。',
    ended: '麦克风已断开，录好的部分已添加为附件。',
    name: (when) => `语音 ${when}`,
    problems: {
      denied: '本页不能使用麦克风。请在浏览器的网站设置（地址栏旁）中允许使用。',
      'not found': '没有找到麦克风。',
      busy: '麦克风无法使用：可能正被其他程序占用。',
      failed: '没能录下声音。',
      'not loaded': '录音功能未能载入，请连上后再试。',
    },
  },

  kinds: { picture: '图片', sound: '音频', film: '视频', file: '文件' },
  said: (kind, name) => `${kind}：${name}`,
  pictureBy: (name, author) => `${name}，来自 ${author}`,
  open: '查看大图',
  loading: '正在加载…',
  download: '下载',
  downloadOf: (name) => `下载 ${name}`,
  notLoaded: '无法加载。',
  tryAgain: '重试',

  play: '播放',
  pause: '暂停',
  position: '播放位置',
  timeOf: (time, duration) => `${time}，共 ${duration}`,

  previous: '上一张',
  next: '下一张',

  upload: {
    label: (name) => `正在发送 ${name}`,
    preparing: '正在准备…',
    waiting: '正在排队',
    progress: (have, size) => `${have}，共 ${size}`,
    paused: (progress) => `已暂停 · ${progress}`,
    pause: '暂停',
    continue: '继续',
    cancel: '取消',
  },

  failures: {
    no_files: '这个服务器不接收文件。',
    file_too_large: '文件超过了服务器允许的大小。',
    file_refused:
      '服务器没有接收这个文件：图片的像素太多，或者文件中途被改动过。请换一张图片，或重新添加文件。',
    no_upload: '服务器上已没有这个文件，请重新发送。',
    bad_piece: '文件有一部分在途中丢失。',
    too_many_uploads: '你正在发送的文件太多了。',
    no_room_for_files: '服务器上没有空间存放更多文件了。',
    no_file: '文件已经不在了。',
    unreadable: '文件已无法读取，请重新添加。',
  },
};
