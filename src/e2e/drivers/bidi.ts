/**
 * A line to a browser that speaks WebDriver BiDi, the W3C's protocol: commands, each with its reply, and events.
 * It knows nothing of what they mean.
 */
import { once } from 'node:events';
import * as v from 'valibot';
import { WebSocket } from 'ws';

export interface Bidi {
  /** The reply to a command, as `schema` has it. Rejects with what the browser says went wrong. */
  command<Reply>(
    method: string,
    params: object,
    schema: v.GenericSchema<unknown, Reply>,
  ): Promise<Reply>;
  /** The params of the next event of this kind that `schema` accepts. */
  next<Params>(event: string, schema: v.GenericSchema<unknown, Params>): Promise<Params>;
  close(): void;
}

const incoming = v.variant('type', [
  v.object({ type: v.literal('success'), id: v.number(), result: v.unknown() }),
  v.object({
    type: v.literal('error'),
    id: v.nullable(v.number()),
    error: v.string(),
    message: v.string(),
  }),
  v.object({ type: v.literal('event'), method: v.string(), params: v.unknown() }),
]);

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** Connects. Rejects if nobody listens there. */
export async function connectBidi(address: string): Promise<Bidi> {
  const socket = new WebSocket(address, { maxPayload: 256 * 1024 * 1024 });
  const waiting = new Map<number, Waiting>();
  const listeners = new Set<(event: string, params: unknown) => void>();
  let commands = 0;

  socket.on('message', (data) => {
    const message = v.parse(incoming, JSON.parse(String(data)));
    if (message.type === 'event') {
      for (const listener of listeners) listener(message.method, message.params);
      return;
    }
    if (message.id === null) return;
    const command = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.type === 'success') command?.resolve(message.result);
    else command?.reject(new Error(`${message.error}: ${message.message}`));
  });
  socket.on('error', () => {});
  socket.once('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('the browser has ended'));
  });
  await once(socket, 'open');

  return {
    async command(method, params, schema) {
      commands += 1;
      const id = commands;
      socket.send(JSON.stringify({ id, method, params }));
      const result = await new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
      });
      return v.parse(schema, result);
    },
    next: (event, schema) =>
      new Promise((resolve) => {
        const listener = (method: string, params: unknown) => {
          const parsed = method === event ? v.safeParse(schema, params) : undefined;
          if (!parsed?.success) return;
          listeners.delete(listener);
          resolve(parsed.output);
        };
        listeners.add(listener);
      }),
    close: () => socket.terminate(),
  };
}
