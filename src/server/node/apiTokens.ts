/** `POST /api/tokens`: somebody new. JSON only, which no form of a page from elsewhere can send. */
import * as v from 'valibot';
import type { Time } from '../../connection/ports';
import { newNameSchema } from '../../protocol/user';
import type { Programs } from '../chat/programs';
import { ApiError, type ApiErrorCode, refusalAsError } from './apiErrors';
import {
  type ApiAnswer,
  type ApiRequest,
  expectPlainUtf8,
  isJson,
  parseAs,
  parseJson,
  typeOf,
} from './apiRequest';
import { type ConnectionGate, type GateRefusal, gateRefusals } from './connectionGate';
import { readBody } from './requestBody';

const tokenSchema = v.object({ name: newNameSchema });

/** A name, with room for whatever JSON makes of it. */
const mostBytes = 4 * 1024;

const gateErrors: Record<GateRefusal, ApiErrorCode> = {
  'server full': 'full',
  'too many from this address': 'too_many_connections',
  'too fast': 'too_fast',
};

/** When who was refused at the gate should come again, in ms. */
const gateAfterMs = 5_000;

export interface TokenOptions {
  programs: Pick<Programs, 'welcome'>;
  /** Newcomers count as connections while they are let in. */
  gate: Pick<ConnectionGate, 'enter' | 'left'>;
  time: Time;
}

/** What a program is told that was not let in. */
export function gateError(refusal: GateRefusal): ApiError {
  return new ApiError(gateErrors[refusal], gateRefusals[refusal], { afterMs: gateAfterMs });
}

export async function makeToken(
  { programs, gate, time }: TokenOptions,
  { request, address, takeBody }: ApiRequest,
): Promise<ApiAnswer> {
  if (!isJson(typeOf(request))) {
    throw new ApiError('bad_type', 'the body has to be application/json');
  }
  expectPlainUtf8(request);
  const isFull = gate.enter(address);
  if (isFull) throw gateError(isFull);
  try {
    takeBody();
    const { name } = parseAs(
      tokenSchema,
      parseJson(await readBody(request, time, mostBytes)),
      'the body',
    );
    const newcomer = await programs.welcome(name, address);
    if ('refused' in newcomer) throw refusalAsError(newcomer.refused);
    return { status: 201, body: { ...newcomer } };
  } finally {
    gate.left(address);
  }
}
