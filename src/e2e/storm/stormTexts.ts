/**
 * What people write in a storm: numbered, no two alike and none the beginning of another, as what is left of one that
 * broke off would pass for that; in the scripts and lengths that break things.
 */
import type { Random } from '../../connection/ports';
import { limits } from '../../protocol/limits';

const emoji = ['🌩️', '💓', '👩‍👩‍👧‍👦', '🇨🇭', '🫱🏽‍🫲🏿'];
const chinese = ['心跳', '断线重连', '风雨同舟', '一条都不能少', '消息已送达'];
const lines = ['first line\nsecond line', '\n\tindented\n\nfar below', '<b>no</b> & "quotes" \\n'];
const scripts = [emoji, chinese, lines];

/** One in so many is as long as a message may be, or up to that. */
const longEvery = 30;

/** The next texts of one person, endlessly. */
export function createStormTexts(name: string, random: Random): () => string {
  let count = 0;
  const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)] ?? '';
  return function next() {
    count += 1;
    const start = `${name} #${count}.`;
    const chance = random();
    if (chance < 0.5) return start;
    const from = scripts[Math.floor(random() * scripts.length)] ?? emoji;
    if (chance > 1 / longEvery + 0.5) return `${start} ${pick(from)}`;
    return longText(`${start} `, pick(from), random);
  };
}

function longText(start: string, filler: string, random: Random): string {
  const most = limits.bodyLength - [...start].length;
  const length = random() < 0.3 ? most : Math.floor(random() * most);
  const repeated = [...filler.repeat(Math.ceil(length / [...filler].length))];
  return start + repeated.slice(0, length).join('');
}
