import { describe, expect, it, vi } from 'vitest';
import { checkReachability } from './reachability';

const url = 'https://chat.example/healthz';
const elsewhere = 'https://page.example/';

type Answer = number | 'redirect' | 'refused' | 'silence';

/** A network in which each address answers as told, for requests that may read it and that may not. */
function fetchOf(answers: Record<string, Answer>) {
  return vi.fn<typeof fetch>(async (input, init) => {
    const answer = answers[`${init?.mode ?? 'cors'} ${String(input)}`] ?? 'refused';
    if (answer === 'refused') throw new TypeError('Failed to fetch');
    if (answer === 'silence') throw new DOMException('too late', 'TimeoutError');
    if (answer === 'redirect') {
      return Object.defineProperty(Response.error(), 'type', { value: 'opaqueredirect' });
    }
    return new Response('', { status: answer });
  });
}

function check(answers: Record<string, Answer>, where?: string, isOnline = true) {
  const fetch = fetchOf(answers);
  const diagnosis = checkReachability({ url, elsewhere: where, isOnline: () => isOnline, fetch });
  return { diagnosis, fetch };
}

describe('what stands in the way of a socket', () => {
  it('is the network where the browser says so: nothing is asked', async () => {
    const { diagnosis, fetch } = check({}, undefined, false);
    expect(await diagnosis).toBe('no network');
    expect(fetch).not.toHaveBeenCalled();
  });

  it.each<[Answer, string]>([
    [200, 'blocked'],
    [404, 'blocked'],
    [401, 'sign in'],
    [403, 'sign in'],
    [511, 'sign in'],
    ['redirect', 'sign in'],
    [502, 'server down'],
    [503, 'server down'],
    ['refused', 'server down'],
    ['silence', 'no answer'],
  ])('told by the answer %s is: %s', async (answer, expected) => {
    const { diagnosis, fetch } = check({ [`cors ${url}`]: answer });
    expect(await diagnosis).toBe(expected);
    expect(fetch).toHaveBeenCalledOnce();
  });

  it('is not the server if one elsewhere answers, though the page may not read it', async () => {
    expect(await check({ [`no-cors ${url}`]: 200 }, elsewhere).diagnosis).toBe('blocked');
  });

  it('is the server if only the page’s own answers, and the network if that does not either', async () => {
    const own = `no-cors ${elsewhere}`;
    expect(await check({ [own]: 200 }, elsewhere).diagnosis).toBe('server down');
    expect(await check({ [own]: 'refused' }, elsewhere).diagnosis).toBe('no network');
  });

  it('is asked without a cache, and not for ever', async () => {
    const { diagnosis, fetch } = check({ [`cors ${url}`]: 200 });
    await diagnosis;
    const [, init] = fetch.mock.calls[0] ?? [];
    expect(init).toMatchObject({ cache: 'no-store' });
    expect(init?.signal).toBeInstanceOf(AbortSignal);
  });
});
