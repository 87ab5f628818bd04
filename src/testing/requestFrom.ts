/** A request as Node's HTTP server hands it out, from an address and with headers of a test's choice. */
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';

export interface RequestParts {
  /** The peer's address; undefined once the line has ended. */
  from?: string | undefined;
  /** The address of this machine that it came to. */
  to?: string | undefined;
  /** The port of this machine that it came to. */
  port?: number;
  headers?: Record<string, string>;
}

export function requestFrom(parts: RequestParts) {
  const { from, to = '127.0.0.1', port = 6969, headers = {} } = parts;
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: from });
  Object.defineProperty(socket, 'localAddress', { value: to });
  Object.defineProperty(socket, 'localPort', { value: port });
  const request = new IncomingMessage(socket);
  Object.assign(request.headers, headers);
  return request;
}
