/** Scripts that run in Firefox: in a page, or in the browser's own window, which may do what no page may. */
import * as v from 'valibot';
import type { Bidi } from './bidi';

const evaluated = v.variant('type', [
  v.object({
    type: v.literal('success'),
    result: v.object({ value: v.optional(v.string()) }),
  }),
  v.object({ type: v.literal('exception'), exceptionDetails: v.object({ text: v.string() }) }),
]);

/** What the function returns in the page, by way of JSON. Rejects with what it throws. */
export async function callFunction(
  bidi: Bidi,
  context: string,
  script: string,
  ...args: object[]
): Promise<unknown> {
  const reply = await bidi.command(
    'script.callFunction',
    {
      functionDeclaration: `async (...args) => JSON.stringify(await (${script})(...args))`,
      awaitPromise: true,
      target: { context },
      arguments: args,
    },
    evaluated,
  );
  if (reply.type === 'exception') throw new Error(`${script}: ${reply.exceptionDetails.text}`);
  return reply.result.value === undefined ? undefined : JSON.parse(reply.result.value);
}

/** What the function returns in the browser's own window. */
export async function callInWindow(
  bidi: Bidi,
  script: string,
  ...args: object[]
): Promise<unknown> {
  const { contexts } = await bidi.command(
    'browsingContext.getTree',
    { 'moz:scope': 'chrome' },
    v.object({ contexts: v.tupleWithRest([v.object({ context: v.string() })], v.unknown()) }),
  );
  return callFunction(bidi, contexts[0].context, script, ...args);
}

/** The id of the process that the one page at this address runs in. */
export async function osPidOf(bidi: Bidi, url: string): Promise<number> {
  const value = { type: 'string', value: url };
  const pids = await callInWindow(bidi, findPids, value);
  return v.parse(v.tuple([v.number()]), pids)[0];
}

// Text, for these names are known in the browser's own window alone.
const findPids = `(url) => gBrowser.tabs
  .map(({ linkedBrowser }) => linkedBrowser)
  .filter(({ currentURI }) => currentURI.spec === url)
  .map(({ browsingContext }) => browsingContext.currentWindowGlobal.osPid)`;
