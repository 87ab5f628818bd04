/**
 * Sends pushes over HTTP: encrypted for the browser that subscribed (RFC 8291), signed with this
 * server's key (RFC 8292), and to allowed endpoints only. A redirect is never followed, and an answer is
 * read no further than its head.
 */
import { createHmac, ECDH } from 'node:crypto';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import webPush, { type RequestDetails, type VapidKeys } from 'web-push';
import type { PushSubscriptionKeys } from '../../protocol/pushSubscription';
import type { PushOutcome, PushSender } from '../chat/push/pushPorts';
import { whyEndpointRefused } from './webPushEndpoints';

export interface WebPushSenderOptions {
  keys: VapidKeys;
  /** Whom push services may write to: a `mailto:` or `https:` address. */
  contact: string;
  /** Origins of push services other than those of the browsers. */
  ownServices: readonly string[];
  /** What a push service may take to answer, in ms. */
  timeoutMs?: number;
}

/** How long a push service keeps a push for a browser that is off, in s (RFC 8030 section 5.2). */
const ttlSeconds = 3 * 86_400;

/** What a push service may take to answer, in ms. */
const defaultTimeoutMs = 10_000;

/** A signature holds for 12 h, and is used for less (RFC 8292 section 2 allows 24 h). */
const signatureUsedMs = 3_600_000;

/** So many signatures are kept: one of the push services has any number of hosts, and a client names them. */
const maxSignatures = 100;

/** The longest that RFC 8030 section 5.4 allows for a topic. */
const topicLength = 32;

interface Signature {
  /** As it stands in the head of a request. */
  readonly header: string;
  readonly madeAt: number;
}

export interface WebPushSender extends PushSender {
  /** Closes the lines that are kept open to push services. */
  close(): void;
}

export function createWebPushSender(options: WebPushSenderOptions): WebPushSender {
  const { keys, contact, ownServices, timeoutMs = defaultTimeoutMs } = options;
  const agents = {
    'http:': new HttpAgent({ keepAlive: true }),
    'https:': new HttpsAgent({ keepAlive: true }),
  };
  /** By origin, the one used longest ago first. */
  const signatures = new Map<string, Signature>();
  let lastTurn = Promise.resolve();

  /** To encrypt takes about 1 ms: one in a turn, so that messages get through in between. */
  function ownTurn(): Promise<void> {
    lastTurn = lastTurn.then(() => new Promise((resolve) => setImmediate(resolve)));
    return lastTurn;
  }

  function authorization(origin: string): string {
    const known = signatures.get(origin);
    const isFresh = known && Date.now() - known.madeAt < signatureUsedMs;
    const signature = isFresh ? known : sign(origin);
    signatures.delete(origin);
    signatures.set(origin, signature);
    for (const oldest of signatures.keys()) {
      if (signatures.size <= maxSignatures) break;
      signatures.delete(oldest);
    }
    return signature.header;
  }

  function sign(origin: string): Signature {
    const { publicKey, privateKey } = keys;
    const { Authorization: header } = webPush.getVapidHeaders(
      origin,
      contact,
      publicKey,
      privateKey,
      'aes128gcm',
    );
    return { header, madeAt: Date.now() };
  }

  /** The same for a room always, and says nothing of it to who does not know the key. */
  function topicOf(room: string): string {
    const hash = createHmac('sha256', keys.privateKey).update(room).digest('base64url');
    return hash.slice(0, topicLength);
  }

  async function post(url: URL, { headers, body }: RequestDetails): Promise<PushOutcome> {
    const isTls = url.protocol === 'https:';
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = (isTls ? httpsRequest : httpRequest)(url, {
        method: 'POST',
        headers,
        agent: agents[isTls ? 'https:' : 'http:'],
        signal: AbortSignal.timeout(timeoutMs),
      });
      request.on('response', resolve);
      request.on('error', reject);
      request.end(body);
    });
    letGo(response);
    return outcomeOf(response);
  }

  return {
    key: keys.publicKey,

    whyRefused: (subscription) =>
      whyEndpointRefused(subscription.endpoint, ownServices) ?? whyKeyRefused(subscription),

    async send(subscription, payload) {
      // What was allowed once may be so no longer.
      if (whyEndpointRefused(subscription.endpoint, ownServices)) return { kind: 'gone' };
      await ownTurn();
      const url = new URL(subscription.endpoint);
      let details: RequestDetails;
      try {
        details = webPush.generateRequestDetails(subscription, JSON.stringify(payload), {
          headers: { Authorization: authorization(url.origin) },
          contentEncoding: 'aes128gcm',
          TTL: ttlSeconds,
          urgency: 'normal',
          topic: topicOf(payload.room),
        });
      } catch {
        return { kind: 'failed' };
      }
      return post(url, details).catch(() => ({ kind: 'busy' }));
    },

    close() {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

/** Whether the point lies on the curve, which its length does not say. */
function whyKeyRefused({ keys }: PushSubscriptionKeys): string | undefined {
  try {
    ECDH.convertKey(keys.p256dh, 'prime256v1', 'base64url');
    return undefined;
  } catch {
    return 'the key p256dh is no point of P-256';
  }
}

/** The line is kept for the next push if the answer is as short as it should be. */
function letGo(response: IncomingMessage): void {
  response.on('error', () => {});
  response.on('data', () => response.destroy());
  // An empty body ends by itself; one that comes is not read.
  response.resume();
}

function outcomeOf({ statusCode = 0, headers }: IncomingMessage): PushOutcome {
  if (statusCode >= 200 && statusCode < 300) return { kind: 'sent' };
  if (statusCode === 404 || statusCode === 410) return { kind: 'gone' };
  if (statusCode !== 429 && statusCode < 500) return { kind: 'failed' };
  return { kind: 'busy', retryAfterMs: retryAfterMsOf(headers['retry-after']) };
}

/** RFC 9110 section 10.2.3: seconds, or a date. */
function retryAfterMsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
