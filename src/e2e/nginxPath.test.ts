/** The whole chat under a path of a site, as the deployment's guide puts it there, for people and for programs. */
import { once } from 'node:events';
import { get } from 'node:http';
import { get as getSecurely } from 'node:https';
import { expect, it } from 'vitest';
import { startBrowser } from './support/browser';
import { atChat } from './support/chatPage';
import { curl, curlToken, startCurl, withToken } from './support/curl';
import { fileOf, savedDigest, sendFile } from './support/filePages';
import { startNginx } from './support/nginx';
import { startServer } from './support/serverProcess';

it.each([
  ['wss', false],
  ['ws', true],
] as const)('a chat under a path has all that it needs there: %s', async (protocol, isPlain) => {
  const server = await startServer(['--host', '127.0.0.1', '--trust-proxy', '127.0.0.1']);
  const { host, siteUrl, webSocketUrl } = await startNginx(server.port, {
    isUnderPath: true,
    isPlain,
  });
  expect(webSocketUrl).toBe(`${protocol}://${host}/chat/ws`);
  const { browser } = await startBrowser();
  const open = async (name: string) => {
    const context = await browser.newContext({ acceptDownloads: true, ignoreHTTPSErrors: true });
    const page = await context.newPage();
    const strays: string[] = [];
    const note = (address: string) => {
      const { host: asked, pathname } = new URL(address);
      if (asked === host && !pathname.startsWith('/chat/')) strays.push(pathname);
    };
    const sockets: string[] = [];
    page.on('request', (request) => note(request.url()));
    page.on('websocket', (socket) => sockets.push(socket.url()));
    await page.goto(`${siteUrl}?lang=en&name=${name}`);
    const chat = atChat(page);
    await chat.untilConnection('open');
    return { chat, page, strays, sockets };
  };
  const ann = await open('Ann');
  const bob = await open('Bob');
  expect([...ann.sockets, ...bob.sockets]).toEqual([webSocketUrl, webSocketUrl]);

  const { path, digest } = await fileOf(50_000, 'plan.bin');
  await sendFile(ann.chat, path, 'the plan');
  await bob.chat.untilBodies(['the plan']);
  expect(await savedDigest(bob.page)).toBe(digest);

  const insecure = isPlain ? [] : ['-k'];
  const token = await curlToken(siteUrl, 'Build', ...insecure);
  const room = `${siteUrl}api/rooms/lobby`;
  const asBuild = [...insecure, ...withToken(token)];
  const said = await curl(
    ...asBuild,
    '-H',
    'Content-Type: text/plain',
    '--data-binary',
    'it is built',
    `${room}/messages`,
  );
  expect(said.status).toBe(201);
  const stream = startCurl(...asBuild, '-T', '.', `${room}/stream`);
  stream.write('and it ');
  await expect
    .poll(async () => (await bob.chat.messages()).at(-1))
    .toMatchObject({ body: 'and it ', live: 'writing' });
  stream.write('runs');
  stream.endInput();
  expect((await stream.answer()).status).toBe(201);
  await bob.chat.untilBodies(['the plan', 'it is built', 'and it runs']);
  expect(await bob.page.evaluate(async () => (await fetch('healthz')).status)).toBe(200);
  for (const { strays } of [ann, bob]) expect(strays).toEqual([]);

  const ask = isPlain ? get : getSecurely;
  const request = ask(`${siteUrl.replace(/\/$/, '')}?room=tea`, {
    ...(!isPlain && { rejectUnauthorized: false }),
    family: 4,
  });
  const [response] = await once(request, 'response');
  response.resume();
  expect(response.statusCode).toBe(301);
  expect(response.headers.location).toMatch(/\/chat\/\?room=tea$/);
});
