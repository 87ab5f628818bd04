/** How a browser says where and how it is pushed to. */
import * as v from 'valibot';
import { limits } from './limits';

export const pushEndpointSchema = v.pipe(
  v.string(),
  v.maxLength(
    limits.pushEndpointLength,
    `an endpoint has at most ${limits.pushEndpointLength} characters`,
  ),
);
/** RFC 8291 section 2: an uncompressed P-256 point (65 bytes) and a secret (16), base64url unpadded. */
const pushKeys = v.object({
  p256dh: v.pipe(
    v.string(),
    v.regex(/^B[A-Za-z0-9_-]{86}$/, 'the key is a P-256 point of 65 bytes in base64url'),
  ),
  auth: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{22}$/, 'the secret has 16 bytes in base64url')),
});
/** Where and how a browser is pushed to, as `PushSubscription.toJSON()` has it. */
export const pushSubscriptionSchema = v.object({ endpoint: pushEndpointSchema, keys: pushKeys });
export type PushSubscriptionKeys = v.InferOutput<typeof pushSubscriptionSchema>;
