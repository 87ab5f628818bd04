/** Why a WebSocket handshake is refused, in the words of logs and metrics. */
import { type GateRefusal, gateRefusals } from './connectionGate';

const requestRefusals = [
  'not at /ws',
  'unknown host',
  'foreign origin',
  'unknown protocol',
] as const;

export type UpgradeRefusal = (typeof requestRefusals)[number] | GateRefusal;

export const upgradeRefusals: readonly UpgradeRefusal[] = [
  ...requestRefusals,
  ...(Object.keys(gateRefusals) as GateRefusal[]),
];
