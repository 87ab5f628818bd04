/** The connection lab, as far as it is seen before it is opened: its button, and what is wrong on purpose. */
import type { Texts } from '../en';
import { number } from './number';

export const lab: Texts['lab'] = {
  title: '连接实验室',
  tour: '导览',
  loading: '正在加载…',
  strip: {
    label: '连接实验室中的改动',
    frozen: { both: '线路已冻结', in: '已冻结：收不到', out: '已冻结：发不出' },
    delayed: (ms) => `延迟 ${number(ms)} 毫秒`,
    lost: (percent) => `丢失 ${percent}%`,
    duplicated: (percent) => `重复 ${percent}%`,
    refusing: '拒绝连接',
    offline: '离线',
    tuned: '手动调节',
    allOff: '全部关闭',
  },
};
