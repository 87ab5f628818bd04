/** Tells whoever runs the server whether messages can be kept, each time that it changes. */
import type { ServerLog } from './serverLog';

export interface LogWatch {
  /** Is told of later troubles, each once. */
  serverLog: ServerLog;
  /** Whether messages can be stored, each time that it changes. */
  onChange(isThere: boolean): void;
}

/** To be called with why messages cannot be stored, or with undefined if they can: as often as may be. */
export function tellWhetherThere({ serverLog, onChange }: LogWatch) {
  let told: string | undefined;
  return (reason: string | undefined) => {
    if (reason === told) return;
    const wasThere = told === undefined;
    told = reason;
    if (reason === undefined) serverLog.warn('the message log takes messages again');
    else serverLog.error({ reason }, 'the message log is away');
    if (wasThere !== (reason === undefined)) onChange(reason === undefined);
  };
}
