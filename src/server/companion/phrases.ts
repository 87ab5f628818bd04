/**
 * All that the companion says, in both of its languages. What has Chinese characters is answered in
 * Chinese, all else in English, and in both where nobody knows yet what is spoken.
 */
import { codePointCount, limits } from '../../protocol/limits';

export type Spoken = 'en' | 'zh';

/** Who has come, to be greeted together. */
export interface Greeted {
  readonly name: string;
  readonly place: number;
}

export interface Phrases {
  welcome(greeted: readonly Greeted[]): string;
  /** Said with the welcome where the server is in the browser of who comes. */
  inBrowser: string;
  echo(text: string): string;
  help(name: string): string;
  unknown(command: string): string;
  busy: string;
  slowRange(mostSeconds: number): string;
  slow(seconds: number): string;
  floodRange(most: number): string;
  floodRest(seconds: number): string;
  flooded(count: number, seconds: string): string;
  /** What `/stream` writes, as the parts by which it grows. */
  story: readonly string[];
  dropping: string;
  dropped: string;
  silencing(seconds: number): string;
  silenced: string;
}

/** Who is alone is told their place in a sentence of its own, of several each beside the name. */
function whoIn(
  greeted: readonly Greeted[],
  withPlace: (each: Greeted) => string,
  comma: string,
): string {
  const [first, ...others] = greeted;
  if (first && others.length === 0) return first.name;
  return greeted.map(withPlace).join(comma);
}

function youAre(greeted: readonly Greeted[], sentence: (place: number) => string): string {
  const [first, ...others] = greeted;
  return first && others.length === 0 ? sentence(first.place) : '';
}

const en: Phrases = {
  welcome: (greeted) =>
    `👋 Hello, ${whoIn(greeted, ({ name, place }) => `${name} (number ${place} in line)`, ', ')}!${youAre(greeted, (place) => ` You are number ${place} in line.`)} I am a program on this server: while nobody else is here I repeat what you write, and \`/help\` lists what else I can do.`,
  inBrowser:
    ' This chat lives in your browser: nobody on another device or in a private window can see it.',
  echo: (text) => `You said:${text.includes('\n') ? '\n' : ' '}${text}`,
  help: (name) =>
    [
      `While nobody else is here, I repeat what you write. When others are, call me with @${name}. You can also send:`,
      '`/slow` for an answer after 5 seconds; `/slow 20` after 20',
      '`/flood 1000` for that many messages, as fast as they can be kept',
      '`/stream` for a long answer, written while you read it',
      '`/drop` to have the server hang up on you',
      '`/silent` to have it stop answering your heartbeats',
      '`/help` for this list',
    ].join('\n'),
  unknown: (command) => `I do not know ${command}, sorry. \`/help\` lists what I can do.`,
  busy: 'One thing after another, please: I am still at what you asked before.',
  slowRange: (most) => `I can wait for 1 to ${most} seconds, as in \`/slow 20\`.`,
  slow: (seconds) => `Here I am, ${seconds === 1 ? '1 second' : `${seconds} seconds`} later.`,
  floodRange: (most) => `I send 1 to ${most.toLocaleString('en')} messages, as in \`/flood 100\`.`,
  floodRest: (seconds) => `That was a lot of water. I can flood again in ${seconds} seconds.`,
  flooded: (count, seconds) =>
    `${count === 1 ? 'That was 1 message' : `Those were ${count.toLocaleString('en')} messages`} in ${seconds} s, each kept before the next hundred left.`,
  story: [
    'This answer',
    ' grows while',
    ' you read it.',
    ' Nothing of it',
    ' is kept yet:',
    ' I say it',
    ' to the server',
    ' piece by piece,',
    ' and the server',
    ' shows each one',
    ' to everybody here.',
    ' A piece tells',
    ' where in the text',
    ' it begins,',
    ' so none is missing',
    ' and none is there twice.',
    ' Who loses',
    ' the line now',
    ' is told all of it',
    ' when it is back.',
    ' And at the end',
    ' I send the whole',
    ' as a message',
    ' like any other,',
    ' with this full stop.',
  ],
  dropping:
    'I am hanging up on you now. Watch the status at the top: the page reconnects by itself.',
  dropped: 'I said this while you had no line. You read it all the same.',
  silencing: (seconds) =>
    `From now on the server says nothing more on your line, and does not hang up either. Your page finds out by its heartbeat, within ${seconds} seconds; write something, and it finds out sooner, as nobody confirms it.`,
  silenced: 'I said this into the silence. It came when your page had left the dead line.',
};

const zh: Phrases = {
  welcome: (greeted) =>
    `👋 你好，${whoIn(greeted, ({ name, place }) => `${name}（第 ${place} 位）`, '、')}！${youAre(greeted, (place) => `你是第 ${place} 位来到这里的。`)}我是这台服务器上的程序：只有你和我的时候，你写什么我就回什么。发送 \`/help\` 看看我还会什么。`,
  inBrowser: '这个聊天就在你的浏览器里：其他设备和无痕窗口里的人都看不到它。',
  echo: (text) => `你说：${text.includes('\n') ? '\n' : ''}${text}`,
  help: (name) =>
    [
      `只有你和我的时候，你写什么我就回什么；有别人在的话，请用 @${name} 叫我。另外：`,
      '`/slow` 过 5 秒再回答；`/slow 20` 过 20 秒',
      '`/flood 1000` 尽快连发这么多条消息',
      '`/stream` 边写边发的长回答',
      '`/drop` 服务器挂断你的连接',
      '`/silent` 服务器不再回应你的心跳',
      '`/help` 显示这份说明',
    ].join('\n'),
  unknown: (command) => `抱歉，我不认识 ${command}。发送 \`/help\` 看看我会什么。`,
  busy: '请一件一件来，你之前让我做的还没做完。',
  slowRange: (most) => `我可以等 1 到 ${most} 秒，例如 \`/slow 20\`。`,
  slow: (seconds) => `${seconds} 秒过去了，我来了。`,
  floodRange: (most) =>
    `我可以发 1 到 ${most.toLocaleString('zh-CN')} 条消息，例如 \`/flood 100\`。`,
  floodRest: (seconds) => `刚才发得太多了，${seconds} 秒后才能再来一次。`,
  flooded: (count, seconds) =>
    `以上 ${count.toLocaleString('zh-CN')} 条消息用了 ${seconds} 秒，每一百条都存好之后才发下一百条。`,
  story: [
    '这段回答',
    '在你读的时候',
    '还在变长。',
    '它还没有',
    '保存下来：',
    '我一段一段地',
    '交给服务器，',
    '服务器把每一段',
    '显示给',
    '在场的每个人。',
    '每一段都注明',
    '自己从哪里开始，',
    '所以一段也不会少，',
    '也不会重复。',
    '就算现在断线，',
    '重新连上之后',
    '也能看到',
    '已经写好的部分。',
    '写完以后，',
    '我再把整段话',
    '像普通消息一样',
    '发出去，',
    '连同这个句号。',
  ],
  dropping: '我现在挂断你的连接。请看连接状态：页面会自己连回来。',
  dropped: '这句话是我在你断线时说的，你还是看到了。',
  silencing: (seconds) =>
    `从现在起，服务器在你的连接上不再说话，但也不挂断。你的页面会靠心跳发现这一点，最多 ${seconds} 秒；如果写点什么，因为没有人确认，会更早发现。`,
  silenced: '这句话是我在沉默中说的，等页面离开那条死掉的连接后才送到。',
};

/** By the language that they are in. */
export const phrases: Record<Spoken, Phrases> = { en, zh };

/** The language of a text; undefined where it has no letters to tell by. */
export function languageOf(text: string): Spoken | undefined {
  if (/\p{Script=Han}/u.test(text)) return 'zh';
  return /\p{L}/u.test(text) ? 'en' : undefined;
}

/** What is said in the language, or in both, one below the other; cut where no message may be as long. */
export function say(spoken: Spoken | undefined, phrase: (words: Phrases) => string): string {
  const all = spoken ? [phrases[spoken]] : [en, zh];
  return cut(all.map(phrase).join('\n\n'));
}

/** What a message can hold of it. */
function cut(text: string): string {
  if (codePointCount(text) <= limits.bodyLength) return text;
  return `${[...text].slice(0, limits.bodyLength - 1).join('')}…`;
}
