import { describe, expect, it } from 'vitest';
import { checkStorm } from './checkStorm';
import type { FilesLeft, SentFile, StormFile, StormMessage, StormRecord } from './stormOutcome';
import { client, message } from './testOutcome';

const digest = 'a1'.repeat(32);
const other = 'b2'.repeat(32);

/** "ann 2" was sent with this. */
const plan: SentFile = {
  ...{ text: 'ann 2', name: 'plan.bin', size: 70_000, sha256: digest },
  isKept: true,
};
const asHad = ({ name, size, sha256 }: SentFile): StormFile => ({ name, size, sha256 });
const withFile = (of: StormMessage, file: StormFile | undefined = asHad(plan)) => ({ ...of, file });

const [first, second, third] = [message('ann 1', 1), message('bob 1', 2), message('ann 2', 3)];
const room = [first, second, withFile(third)];

const given = (server: string, bytes = { size: plan.size, sha256: digest }) => ({
  ...{ server, body: 'ann 2' },
  ...bytes,
});
const left: FilesLeft = {
  servers: ['server 1', 'server 2'],
  given: [given('server 1'), given('server 2')],
  whole: [digest],
  unfinished: [],
};

interface Changes {
  log?: readonly StormMessage[];
  /** What Bob has, if it is not what the log has. */
  bobs?: readonly StormMessage[];
  ann?: Partial<StormRecord>;
  files?: Partial<FilesLeft>;
}

/** The judgement where Ann has sent a file, unless something is otherwise. */
function verdictOf({ log = room, bobs = log, ann = {}, files = {} }: Changes) {
  const clients = [
    client('ann', { files: [plan], messages: log, ...ann }),
    client('bob', { messages: bobs }),
  ];
  return checkStorm({ log, changes: [], clients, files: { ...left, ...files } });
}

const faultsOf = (changes: Changes) => verdictOf(changes).faults;

describe('the judgement of files', () => {
  it('finds nothing wrong where everybody and every server has what was sent', () => {
    expect(verdictOf({})).toMatchObject({ written: 3, delivered: 3, faults: [] });
  });

  it('catches a file that the log lacks, or one reader, with its message or without', () => {
    const without = [first, second, third];
    expect(verdictOf({ log: [first, second] })).toMatchObject({ lost: 1 });
    expect(verdictOf({ bobs: [first, second] })).toMatchObject({ lost: 1 });
    expect(faultsOf({ bobs: without })).toEqual(['G2: bob has "ann 2" without "plan.bin"']);
    expect(faultsOf({ log: without })).toContain('G2: the log has "ann 2" without "plan.bin"');
  });

  it('catches a file that is there twice', () => {
    const twice = [...room, { ...withFile(third), id: 'another', seq: 4 }];
    expect(verdictOf({ log: twice })).toMatchObject({ lost: 0, doubled: 1 });
    expect(verdictOf({ bobs: twice })).toMatchObject({ lost: 0, doubled: 1 });
  });

  it('catches a file of other bytes, of fewer, of another name, and one that cannot be had', () => {
    const bobsFile = (change: Partial<StormFile>) =>
      faultsOf({ bobs: [first, second, withFile(third, { ...asHad(plan), ...change })] });
    expect(bobsFile({ sha256: other })).toEqual([
      'G2: bob has "ann 2" with other bytes than were sent',
    ]);
    expect(bobsFile({ size: 69_999 })).toEqual([
      'G2: bob has "ann 2" with 69999 bytes of the 70000 that were sent',
    ]);
    expect(bobsFile({ name: 'plan' })).toEqual([
      'G2: bob has "ann 2" with "plan" instead of "plan.bin"',
    ]);
    expect(bobsFile({ sha256: undefined })).toEqual([
      'G2: bob has "ann 2" with "plan.bin", which cannot be had',
    ]);
  });

  it('catches other bytes in the log, though all readers have the same', () => {
    const log = [first, second, withFile(third, { ...asHad(plan), sha256: other })];
    expect(faultsOf({ log })).toHaveLength(3);
  });

  it('catches a file at a message that was sent without one', () => {
    expect(faultsOf({ bobs: [withFile(first), second, withFile(third)] })).toEqual([
      'G2: bob has "ann 1" with "plan.bin", with which it was not sent',
    ]);
  });

  it('catches a message that still waits for its file', () => {
    const bobs = [first, second, { ...withFile(third), state: 'queued' }];
    expect(faultsOf({ bobs })).toEqual(['G3: bob still has "ann 2" as queued']);
  });

  it('lets a file come later than texts that were written after it, but not in another place than the log', () => {
    const [late, early] = [withFile(message('ann 2', 3)), message('ann 3', 2)];
    const ann = { written: ['ann 1', 'ann 2', 'ann 3'] };
    const bob = message('bob 1', 4);
    const log = [first, early, late, bob];
    expect(verdictOf({ log, ann }).faults).toEqual([]);
    const bobs = [first, { ...late, seq: 2 }, { ...early, seq: 3 }, bob];
    expect(verdictOf({ log, ann, bobs })).toMatchObject({ misordered: 2 });
  });

  it('catches files of one author in another turn than they were attached, unless one was sent again by hand', () => {
    const before: SentFile = { ...plan, text: 'ann 1', sha256: other };
    const log = [
      withFile({ ...third, seq: 1 }),
      { ...second, seq: 2 },
      withFile({ ...first, seq: 3 }, asHad(before)),
    ];
    const ann = { files: [before, plan] };
    const files = {
      given: left.servers.flatMap((server) => [
        given(server),
        { ...given(server, { size: before.size, sha256: other }), body: 'ann 1' },
      ]),
      whole: [digest, other],
    };
    const { misordered, faults } = verdictOf({ log, ann, files });
    expect(misordered).toBe(2);
    expect(faults).toContain('G2: the log has "ann 2" in another turn than ann wrote it');
    const retried = new Set(['ann 1']);
    expect(faultsOf({ log, ann: { ...ann, retried }, files })).toEqual([]);
  });

  it('takes one of which nobody knows whether it was kept as it comes: for all, or for nobody', () => {
    const ann = { written: ['ann 1'], files: [{ ...plan, isKept: false }] };
    const sent = { shownAsSent: new Set(['id-ann-1']) };
    expect(verdictOf({ ann })).toMatchObject({ written: 3, delivered: 3, faults: [] });
    const none = { given: [], whole: [] };
    const log = [first, second];
    expect(verdictOf({ log, ann: { ...ann, ...sent }, files: none })).toMatchObject({
      written: 2,
      faults: [],
    });
    expect(verdictOf({ bobs: log, ann })).toMatchObject({ lost: 1 });
    const wrong = withFile(third, { ...asHad(plan), sha256: other });
    expect(faultsOf({ bobs: [first, second, wrong], ann })).toHaveLength(1);
  });

  it('catches a server that gives out other bytes, fewer, or nothing', () => {
    const second = (bytes: { size: number; sha256: string | undefined }) =>
      faultsOf({ files: { given: [given('server 1'), { ...given('server 2'), ...bytes }] } });
    const fault = (what: string) => [`G1: server 2 gives out ${what} for the file of "ann 2"`];
    expect(second({ size: plan.size, sha256: other })).toEqual(fault('70000 other bytes'));
    expect(second({ size: 5, sha256: digest })).toEqual(fault('5 other bytes'));
    expect(second({ size: 0, sha256: undefined })).toEqual(fault('nothing'));
    expect(faultsOf({ files: { given: [given('server 1')] } })).toEqual(fault('nothing'));
  });

  it('catches bytes that no message has, and half a file', () => {
    expect(faultsOf({ files: { whole: [digest, other] } })).toEqual([
      `G7: bytes are kept that no message has: ${other}`,
    ]);
    expect(faultsOf({ files: { unfinished: [{ name: 'half', size: 7 }] } })).toEqual([
      'G7: 7 bytes are kept of a file that never came: half',
    ]);
  });
});
