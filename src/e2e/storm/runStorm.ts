/**
 * Carries out a storm: real clients behind failing networks of their own, real servers that are killed
 * and frozen, and everybody writing all the while. Then the calm, and what everybody ended with.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../../connection/ports';
import { isText } from '../../protocol/about';
import { createSeededRandom } from '../../testing/seededRandom';
import { startBrowser } from '../support/browser';
import { type FaultProxy, startFaultProxy } from '../support/faultProxy';
import { readRoom } from '../support/readRoom';
import { startServer } from '../support/serverProcess';
import { createHeadlessClient, type HeadlessClient } from './headlessClient';
import { readLeftFiles } from './leftFiles';
import { openPageClient } from './pageClient';
import { recordOf, type StormClient } from './stormClient';
import { createStormFiles } from './stormFiles';
import { createTurns, type StormHosts, startHosts } from './stormHosts';
import type { StormOutcome } from './stormOutcome';
import type { StormClientKind, StormStep } from './stormPlan';
import { createStormTexts } from './stormTexts';

export interface StormOptions {
  seed: number;
  seconds: number;
  clients: readonly StormClientKind[];
  names: readonly string[];
  plan: readonly StormStep[];
  /** So many servers on one Redis; 0: one server by itself. */
  gateways: number;
  /** Told what has been done, and what does not come to rest, while it goes on. */
  say(text: string): void;
}

export interface StormEnd {
  readonly outcome: StormOutcome;
  readonly clients: readonly StormClient[];
  /** What did not come to rest, in words. */
  readonly restless: readonly string[];
  /** Sockets that a headless client opened although the person had closed the connection. */
  readonly uninvitedSockets: number;
}

const room = 'storm';

/** Short, so that a dead line is noticed many times in a minute. */
const heartbeatFlags = ['--heartbeat-interval', '2s', '--heartbeat-timeout', '1s'];

/** Between two messages of one person, on average, in ms; longer storms are written in more slowly. */
const meanPauseMs = 1_200;

/** A room with more messages than this measures the browser's list, not the line. */
const mostMessages = 4_000;

/** How long the way back may take once everything works again, in ms. */
const calmMs = 60_000;

/** So long at most somebody is still seen writing who died, in ms: the server waits for 60 s. */
const silenceMs = 80_000;

/** One text in so many is written before everybody's eyes. */
const streamEvery = 6;

/** One in so many is sent with a file. */
const fileEvery = 6;

interface Participant {
  readonly client: StormClient;
  /** Only of those without a page. */
  readonly headless: HeadlessClient | undefined;
  readonly proxy: FaultProxy;
}

export async function runStorm(options: StormOptions): Promise<StormEnd> {
  const { seed, seconds, clients: kinds, names, plan, gateways, say } = options;
  const randomOf = (part: string, index = 0) => createSeededRandom(mixed(seed, part, index));

  // The page comes from elsewhere, so that it can be reloaded while its server is away.
  const pageHost = await startServer(['--log', 'memory']);
  const origin = pageHost.url.slice(0, -1);
  const flags = [...heartbeatFlags, '--allow-origin', origin];
  const hosts = await startHosts(gateways, flags, randomOf('redis'));
  const browser = kinds.includes('page') ? await startBrowser() : undefined;

  const people: Participant[] = [];
  for (const [index, kind] of kinds.entries()) {
    const name = names[index] ?? `client ${index}`;
    const proxy = await startFaultProxy(hosts.port, randomOf('proxy', index));
    const url = `ws://localhost:${proxy.port}/ws`;
    if (kind === 'page' && browser) {
      const query = new URLSearchParams({ lang: 'en', server: url, room, name });
      const pageUrl = `${pageHost.url}?${query}`;
      const client = await openPageClient({ browser: browser.browser, url: pageUrl, name });
      people.push({ client, headless: undefined, proxy });
    } else {
      const headless = createHeadlessClient({ name, room, url, random: randomOf('client', index) });
      people.push({ client: headless, headless, proxy });
    }
  }
  const clients = people.map(({ client }) => client);

  const serverTurns = hosts.servers.map(createTurns);

  async function perform(step: StormStep) {
    switch (step.what) {
      case 'kill server':
      case 'freeze server':
      case 'part server':
        // Its start may have waited for Redis, and last until now.
        return serverTurns[step.server]?.(() => failServer(hosts, step));
      case 'kill redis':
      case 'freeze redis':
        return hosts.inTurn(() => failRedis(hosts, step));
      case 'freeze browser':
        browser?.freeze();
        await delay(step.forMs);
        return browser?.thaw();
    }
    const person = people[step.client];
    if (!person) return;
    if (step.what === 'network') return failNetwork(person, step);
    if (step.what === 'disconnect') {
      await person.client.disconnect();
      await delay(step.forMs);
      return person.client.reconnect();
    }
    return person.client.reload(step.what);
  }

  const beganAt = Date.now();
  const endAt = beganAt + seconds * 1_000;
  const pauseMs = Math.max(meanPauseMs, (seconds * 1_000 * kinds.length) / mostMessages);
  /** What the storm itself could not do, such as to load a page: then it is over at once. */
  const errors: unknown[] = [];
  const isOver = () => errors.length > 0 || Date.now() >= endAt;
  const noted = (act: Promise<unknown>) => act.catch((error) => errors.push(error));
  const doing = clients.map((client, index) =>
    noted(keepWriting(client, pauseMs, randomOf('writer', index), isOver)),
  );
  for (const step of plan) {
    await delay(Math.max(0, beganAt + step.atMs - Date.now()));
    if (isOver()) break;
    doing.push(noted(perform(step)));
  }
  await Promise.all(doing);
  if (errors.length > 0) throw errors[0];

  const restless: string[] = [];
  const notAtRest = (what: string) => {
    say(`  ! ${what}`);
    restless.push(what);
  };
  const done = (what: string) => say(`  ${secondsSince(beganAt)} s: ${what}`);
  done('calm');
  for (const client of clients) await client.reconnect();
  await Promise.all(
    clients.map(async (client) => {
      if (!(await client.untilQuiet(calmMs + silenceMs)))
        notAtRest(`${client.name} is not at rest: ${await client.unrest()}`);
    }),
  );
  done('everybody is at rest');

  const url = `ws://localhost:${hosts.port}/ws`;
  const newcomer = createHeadlessClient({ name: 'Newcomer', room, url, random: randomOf('new') });
  if (!(await newcomer.untilQuiet(calmMs + silenceMs)))
    notAtRest(`a newcomer is not at rest: ${await newcomer.unrest()}`);
  const log = await newcomer.readAll();
  const { messages: logged } = await readRoom(url, room);
  const changes = logged.flatMap(({ seq, about }) => (isText(about) ? [] : [seq]));
  const head = log.at(-1)?.seq ?? 0;
  await Promise.all(
    clients.map(async (client) => {
      if (!(await client.untilSeq(head, calmMs))) notAtRest(`${client.name} lacks the end`);
    }),
  );
  done('the room was read by a newcomer');
  const files = await readLeftFiles(hosts, newcomer, log);
  done('the files were read');
  const records = await Promise.all(
    clients.map(async (client) => {
      const record = await recordOf(client);
      done(`${client.name} has read everything`);
      return record;
    }),
  );
  newcomer.leave();
  for (const { headless } of people) headless?.leave();

  return {
    outcome: { log, changes, clients: records, files },
    clients,
    restless,
    uninvitedSockets: people.reduce(
      (sum, { headless }) => sum + (headless?.uninvitedSockets ?? 0),
      0,
    ),
  };
}

async function keepWriting(
  client: StormClient,
  pauseMs: number,
  random: Random,
  isOver: () => boolean,
) {
  const nextText = createStormTexts(client.name, random);
  const nextFile = createStormFiles(random);
  const streaming: Promise<void>[] = [];
  while (!isOver()) {
    if (client.stream && random() < 1 / streamEvery) streaming.push(client.stream(nextText()));
    else if (random() < 1 / fileEvery) await client.attach(nextText(), nextFile());
    else await client.write(nextText());
    // Now and then in a burst.
    await delay(random() < 0.2 ? 0 : 2 * random() * pauseMs);
  }
  await Promise.all(streaming);
}

async function failRedis(
  { redis }: StormHosts,
  { what, forMs }: { what: 'kill redis' | 'freeze redis'; forMs: number },
) {
  await (what === 'kill redis' ? redis?.kill() : redis?.pause());
  await delay(forMs);
  await (what === 'kill redis' ? redis?.start() : redis?.resume());
}

async function failServer(
  { servers, redisLines, inTurn }: StormHosts,
  { what, server: index, forMs }: Extract<StormStep, { server: number }>,
) {
  const server = servers[index];
  if (what === 'part server') {
    redisLines[index]?.fail({ kind: 'black hole' });
    await delay(forMs);
    redisLines[index]?.fail({ kind: 'none' });
  } else if (what === 'freeze server') {
    server?.freeze();
    await delay(forMs);
    server?.thaw();
  } else {
    await server?.kill('SIGKILL');
    await delay(forMs);
    await inTurn(async () => server?.start());
  }
}

async function failNetwork(
  { client, headless, proxy }: Participant,
  { fault, forMs }: Extract<StormStep, { what: 'network' }>,
) {
  const changesBytes = fault.kind === 'corrupt';
  if (changesBytes) headless?.trust(false);
  proxy.fail(fault);
  // These concern new connections: the open ones make room for them.
  if (fault.kind === 'close') proxy.closeAll(fault.code, fault.reason);
  if (fault.kind === 'duplicate') proxy.resetAll();
  await delay(forMs);
  proxy.fail({ kind: 'none' });
  if (!changesBytes) return;
  // Whoever reads garbage loads the page anew. Nothing but TLS can tell a changed word from a true one.
  await client.reload('crash');
  headless?.trust(true);
}

function secondsSince(at: number): number {
  return Math.round((Date.now() - at) / 1_000);
}

/** A seed of its own for each part of the storm. */
function mixed(seed: number, part: string, index: number): number {
  let hash = seed ^ Math.imul(index + 1, 0x9e3779b1);
  for (const character of part) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  return hash >>> 0;
}
