/** Why a WebSocket handshake is refused, in the words of logs and metrics. */
import type { GateRefusal } from './connectionGate';

export type UpgradeRefusal =
  | 'not at /ws'
  | 'unknown host'
  | 'foreign origin'
  | 'unknown protocol'
  | GateRefusal;

export const upgradeRefusals: readonly UpgradeRefusal[] = [
  'not at /ws',
  'unknown host',
  'foreign origin',
  'unknown protocol',
  'server full',
  'too many from this address',
  'too fast',
];
