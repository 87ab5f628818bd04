/** A session that has just begun, as who looks under the bonnet sees it. */
import type { Inspection } from '../chat/types';

export const nothingInside: Inspection = {
  rooms: [],
  outbox: [],
  gapsFound: 0,
  gapsFilled: 0,
  duplicatesDropped: 0,
};
