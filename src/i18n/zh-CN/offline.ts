/** 没有网络时的页面、页面的版本，以及指定服务器的文件。 */
import type { Texts } from '../en';

export const offline: Texts['offline'] = {
  newVersion: '这个页面有新版本了。刷新不会丢失任何内容。',
  reload: '刷新',
  asOf: (when) => `你看到的是上次访问时的内容，截至 ${when}。`,
  serverFile: {
    unreachable: '无法读取页面旁边的 server.json。',
    'not there': '页面旁边没有 server.json。',
    'not JSON': '页面旁边的 server.json 不是 JSON。',
    'names no server': '页面旁边的 server.json 没有指明服务器。',
    'bad address': (value) =>
      `页面旁边的 server.json 写的是“${value}”，这不是 WebSocket 服务器的地址。`,
  },
  together: (first, second) => `${first}${second}`,
  usingBefore: '仍使用它之前指明的服务器。',
  usingLocal: '因此聊天只存在于这个浏览器里。',
};
