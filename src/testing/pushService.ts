/**
 * A push service of a test's own, on loopback, with a browser behind it: it takes pushes as RFC 8030 has
 * them, checks who signed them (RFC 8292), and decrypts them as the browser would (RFC 8291).
 */
import { createDecipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { importJWK, jwtVerify } from 'jose';
import { portOf } from './portOf';

/** A push as it came, and what the browser would read in it. */
export interface ReceivedPush {
  path: string;
  headers: IncomingHttpHeaders;
  /** The size of the body as it came, in bytes. */
  bodyBytes: number;
  payload: unknown;
  /** The claims of the signature, which has been checked, and the key that it was made with. */
  signature: { aud: unknown; exp: number; sub: unknown; key: string };
}

/** What the next pushes are answered with: 201 when nothing is said. */
export interface PushAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

export interface PushService {
  readonly origin: string;
  readonly received: ReceivedPush[];
  /** What a browser subscribes with, as `PushSubscription.toJSON()` has it. */
  subscribe(name: string): { endpoint: string; keys: { p256dh: string; auth: string } };
  answerWith(answer: PushAnswer): void;
  close(): void;
}

export async function startPushService(): Promise<PushService> {
  const received: ReceivedPush[] = [];
  const curve = createECDH('prime256v1');
  curve.generateKeys();
  const auth = randomBytes(16);
  let answer: PushAnswer = { status: 201 };
  const server = createServer(async (request, response) => {
    try {
      received.push(await read(request));
      response.writeHead(answer.status, answer.headers).end(answer.body);
    } catch (error) {
      response.writeHead(400).end(String(error));
    }
  });

  async function read(request: IncomingMessage): Promise<ReceivedPush> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const { headers, url = '' } = request;
    return {
      path: url,
      headers,
      bodyBytes: body.length,
      payload: JSON.parse(decrypt(body)),
      signature: await verify(headers.authorization ?? ''),
    };
  }

  /** RFC 8188 section 2.1 for the header, RFC 8291 section 3.4 for the key. */
  function decrypt(body: Buffer): string {
    const salt = body.subarray(0, 16);
    const senderKeyLength = body.readUInt8(20);
    const senderKey = body.subarray(21, 21 + senderKeyLength);
    const record = body.subarray(21 + senderKeyLength);
    const derive = (key: Buffer, keySalt: Buffer, info: Buffer | string, length: number) =>
      Buffer.from(hkdfSync('sha256', key, keySalt, info, length));
    const keyInfo = Buffer.concat([
      Buffer.from('WebPush: info\0'),
      curve.getPublicKey(),
      senderKey,
    ]);
    const secret = derive(curve.computeSecret(senderKey), auth, keyInfo, 32);
    const contentKey = derive(secret, salt, 'Content-Encoding: aes128gcm\0', 16);
    const nonce = derive(secret, salt, 'Content-Encoding: nonce\0', 12);
    const decipher = createDecipheriv('aes-128-gcm', contentKey, nonce);
    decipher.setAuthTag(record.subarray(-16));
    const padded = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
    const end = padded.lastIndexOf(2);
    if (end === -1) throw new Error('the last record has no delimiter');
    return padded.subarray(0, end).toString();
  }

  /** RFC 8292 section 3. */
  async function verify(authorization: string): Promise<ReceivedPush['signature']> {
    const [, token = '', key = ''] = /^vapid t=([^,]+), ?k=(\S+)$/.exec(authorization) ?? [];
    const point = Buffer.from(key, 'base64url');
    const publicKey = await importJWK({
      kty: 'EC',
      crv: 'P-256',
      alg: 'ES256',
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33).toString('base64url'),
    });
    const { payload } = await jwtVerify(token, publicKey, { algorithms: ['ES256'] });
    return { aud: payload.aud, exp: payload.exp ?? 0, sub: payload.sub, key };
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${portOf(server)}`;
  return {
    origin,
    received,
    subscribe: (name) => ({
      endpoint: `${origin}/push/${name}`,
      keys: {
        p256dh: curve.getPublicKey().toString('base64url'),
        auth: auth.toString('base64url'),
      },
    }),
    answerWith(next) {
      answer = next;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
