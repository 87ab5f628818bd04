/**
 * How long a try may take, opening and handshake together. In a network that swallows everything a try
 * hangs, and would still hang when the network is back: so after a silence a try that should have
 * succeeded long ago, by what one takes here, is begun anew. But the network may have become a slow
 * one: so every third try is a patient one, each twice as patient as the one before.
 *
 * A close or a refusal is an answer: the network is there, and a server that is slow, as after a
 * restart with everybody coming back, is given more time before it is asked again.
 */
import type { LossCause } from './machine';

export interface ConnectTry {
  /** 1, 2, 3, ... since the line was last open. */
  attempt: number;
  /** Why the line was lost, or the try before failed. */
  cause: LossCause | undefined;
  /** How long the fastest try took that succeeded, in ms; undefined if none ever did. */
  fastestMs: number | undefined;
}

/** A try may take this many times as long as the fastest one. */
const slack = 4;

/** It may always take this long, in ms: after a silence, and after a close or a refusal. */
const leastAfterSilenceMs = 1_000;
const leastAfterCloseMs = 4_000;

const patientEvery = 3;

/** What a try may take, in ms; `mostMs` is never exceeded. */
export function connectTimeoutMs(
  { attempt, cause, fastestMs }: ConnectTry,
  mostMs: number,
): number {
  if (fastestMs === undefined) return mostMs;
  const leastMs = isSilence(cause) ? leastAfterSilenceMs : leastAfterCloseMs;
  const expectedMs = Math.max(leastMs, slack * fastestMs);
  const isPatient = attempt > 0 && attempt % patientEvery === 0;
  return Math.min(mostMs, isPatient ? expectedMs * 2 ** (attempt / patientEvery) : expectedMs);
}

function isSilence(cause: LossCause | undefined): boolean {
  return cause?.kind.endsWith('timeout') ?? false;
}
