/** What a person can do about the line in each of its states. */
import type { ConnectionStatus } from '../store/chatStore';

const disconnectable: readonly ConnectionStatus[] = ['connecting', 'open', 'waiting', 'offline'];
const reconnectable: readonly ConnectionStatus[] = [
  'idle',
  'waiting',
  'offline',
  'closed',
  'failed',
];

export const canDisconnect = (status: ConnectionStatus) => disconnectable.includes(status);
export const canReconnect = (status: ConnectionStatus) => reconnectable.includes(status);
