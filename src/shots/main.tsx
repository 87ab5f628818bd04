import { createRoot } from 'react-dom/client';
import '../components/tokens.css';
import '../components/base.css';
import { MessageList } from '../components/MessageList';
import { SendForm } from '../components/SendForm';
import { TextsProvider } from '../i18n/texts';
import { en } from '../i18n/en';
import { zhCN } from '../i18n/zh-CN';
import { ChatStoreProvider, createChatStore } from '../store/chatStore';
const q = new URLSearchParams(location.search);
const zh = q.get('lang') === 'zh';
const actions: any = new Proxy({}, { get: (_, name) => name === 'loadBackTo' ? async () => {} : () => true });
const ann = { id: 'u1', name: zh ? '安安' : 'Ann' }, bob = { id: 'u2', name: 'Bob Miller' }, ming = { id: 'u3', name: '小明', tag: 'k3f9' }, zoe = { id: 'u5', name: 'Zoë' };
const day = Date.now() - 26 * 3600e3;
let seq = 0;
const m = (author: any, body: string, more: any = {}) => { seq += 1; return { id: 'm' + seq, seq, author, mine: author === ann, body, at: day + seq * 70_000 + (seq > 8 ? 22*3600e3 : 0), state: 'sent', hasLeft: true, failure: undefined, ...more }; };
const messages = [
  m(bob, zh ? '早上好！今天喝什么茶？' : 'Morning! What tea is it today?'),
  m(bob, zh ? '我带了龙井。' : 'I brought oolong, and a **proper** kettle.', { reactions: [{ emoji: '👍', users: [ann, ming], mine: true }, { emoji: '❤️', users: [zoe], mine: false }] }),
  m(ann, zh ? '太好了' : 'Lovely 🍵', { edited: Date.now() }),
  m(ann, zh ? '三点见？' : 'See you at three? I will be in the kitchen from a quarter to, if the train is on time and the rain lets up.'),
  m(ming, '好的，三点在厨房见。', { replyTo: { seq: 4, author: ann, body: 'See you at three? I will be in the kitchen' } }),
  m(ming, '', { deleted: Date.now() }),
  m(zoe, 'مرحبا بالعالم — هل نلتقي غدا؟'),
  m(bob, '🎉'),
  m(zoe, zh ? '我看了日志：\n```\nheartbeat: 25s\n```\n见 https://example.com/a' : 'I read the log:\n```\nheartbeat: 25s, timeout 10s\n```\nsee https://example.com/heartbeat'),
  m(ann, zh ? '谢谢！' : 'Thanks, that explains it.', { change: { id: 'c', kind: 'edit', state: 'queued', failure: undefined } }),
  { ...m(ann, zh ? '还在路上' : 'Still on my way'), seq: undefined, state: 'queued', hasLeft: false, id: 'q1' },
  { ...m(ann, zh ? '这条太长了' : 'This one was refused'), seq: undefined, state: 'failed', hasLeft: true, id: 'q2', failure: { code: 'too_long', message: 'x' } },
];
const store = createChatStore({ mode: 'chat', room: 'tea', name: 'Ann', actions });
store.setState({ me: ann, messages, isLoaded: true, readBefore: 6, connection: { ...store.getState().connection, status: 'open' } as any, reads: [bob, ming, zoe, { id: 'u9', name: 'Kay' }].map((user) => ({ user, seq: 10 })).concat([{ user: { id: 'u7', name: 'Max' }, seq: 4 }]) });
Object.assign(window, { store });
if (q.get('dir') === 'rtl') document.documentElement.dir = 'rtl';
createRoot(document.getElementById('root')!).render(
  <TextsProvider language={zh ? 'zh-CN' : 'en'} texts={zh ? zhCN : en}><ChatStoreProvider value={store}>
    <main style={{ display: 'flex', flexDirection: 'column', blockSize: '100dvh' }}><MessageList /><SendForm /></main>
  </ChatStoreProvider></TextsProvider>);
