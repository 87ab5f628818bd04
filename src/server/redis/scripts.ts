/** Runs scripts in Redis by their hash; where Redis does not know one (a restart, another node), by their text. */
import { createHash } from 'node:crypto';
import { replyCode } from './redisErrors';
import type { RedisLine, ReplicaWait } from './redisLine';

export interface Script {
  readonly text: string;
  readonly sha1: string;
}

export interface ScriptCall {
  script: Script;
  /** All that it touches, of one hash tag; the first one names the node. */
  keys: readonly [string, ...string[]];
  args: readonly string[];
}

export function defineScript(text: string): Script {
  return { text, sha1: createHash('sha1').update(text).digest('hex') };
}

/** Runs all in one go; see `RedisLine.sendAll`. */
export async function runScripts(
  line: RedisLine,
  calls: readonly ScriptCall[],
  wait?: ReplicaWait,
): Promise<PromiseSettledResult<unknown>[]> {
  const results = await line.sendAll(
    calls.map((call) => commandOf(call, 'EVALSHA', call.script.sha1)),
    wait,
  );
  const unknown = [...results.keys()].filter((index) => isUnknown(results[index]));
  if (unknown.length === 0) return results;
  const again = await line.sendAll(
    unknown.flatMap((index) => {
      const call = calls[index];
      return call ? [commandOf(call, 'EVAL', call.script.text)] : [];
    }),
    wait,
  );
  for (const [place, index] of unknown.entries()) {
    const result = again[place];
    if (result) results[index] = result;
  }
  return results;
}

export async function runScript(line: RedisLine, call: ScriptCall): Promise<unknown> {
  const [result] = await runScripts(line, [call]);
  if (result?.status === 'fulfilled') return result.value;
  throw result?.reason;
}

function commandOf({ keys, args }: ScriptCall, command: string, script: string) {
  return { key: keys[0], args: [command, script, String(keys.length), ...keys, ...args] };
}

const isUnknown = (result: PromiseSettledResult<unknown> | undefined) =>
  result?.status === 'rejected' && replyCode(result.reason) === 'NOSCRIPT';
