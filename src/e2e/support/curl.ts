/** curl as people run it: a process of its own, whose input a test writes and which it can kill. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { findOrInstall } from './debian';

export interface Curl {
  readonly child: ChildProcess;
  /** Writes to what it sends. */
  write(text: string): void;
  /** Nothing more is sent. */
  endInput(): void;
  /** What was answered, once it has ended. */
  answer(): Promise<CurlAnswer>;
}

export interface CurlAnswer {
  readonly status: number;
  /** The JSON of the answer. */
  readonly body: Record<string, unknown>;
}

/** Runs it, until the test has finished. */
export function startCurl(...args: readonly string[]): Curl {
  const told = ['-sS', '-w', '\n%{http_code}'];
  const child = spawn(findOrInstall('curl'), [...told, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let [printed, complaints] = ['', ''];
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  child.stderr.on('data', (chunk) => {
    complaints += chunk;
  });
  // What it does not want any more it does not read.
  child.stdin.on('error', () => {});
  // It may have exited before all that it printed was read.
  const closed = once(child, 'close');
  return {
    child,
    write: (text) => void child.stdin.write(text),
    endInput: () => void child.stdin.end(),
    async answer() {
      await closed;
      const [, text = '', status] = /^([\s\S]*)\n(\d{3})$/.exec(printed) ?? [];
      if (status === undefined || status === '000') throw new Error(`curl says: ${complaints}`);
      const body: unknown = JSON.parse(text);
      return { status: Number(status), body: typeof body === 'object' ? { ...body } : {} };
    },
  };
}

/** Runs it to its end, with nothing to read. */
export function curl(...args: readonly string[]): Promise<CurlAnswer> {
  const running = startCurl(...args);
  running.endInput();
  return running.answer();
}

/** A new guest's token, had by curl with these options. */
export async function curlToken(
  url: string,
  name: string,
  ...options: readonly string[]
): Promise<string> {
  const asJson = ['-H', 'Content-Type: application/json', '-d', JSON.stringify({ name })];
  const { body } = await curl(...options, ...asJson, `${url}api/tokens`);
  if (typeof body.token === 'string') return body.token;
  throw new Error(`there is no token: ${JSON.stringify(body)}`);
}

/** As the options of curl. */
export const withToken = (token: string) => ['-H', `Authorization: Bearer ${token}`] as const;
