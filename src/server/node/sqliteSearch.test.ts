import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createSpeaker, describeSearchContract } from '../log/searchContract';
import type { SearchIndex } from '../log/searchIndex';
import { indexPathIn, logPathIn, openLogIn, searchIn } from './searchInThread';
import { openDatabase } from './sqliteDriver';
import { tempDir } from './storeInThread';

describeSearchContract('a search by an index in SQLite', async () => {
  const dir = tempDir();
  return { log: openLogIn(dir), search: searchIn(dir).search };
});

const seqsOf = async (search: SearchIndex, text: string) =>
  (await search.search('lobby', text, 1_000_000, 50)).seqs;

describe('the index of a search', () => {
  it('is gone on with by who opens it again', async () => {
    const dir = tempDir();
    const { say } = createSpeaker(openLogIn(dir));
    await say('tea');
    const first = searchIn(dir);
    expect(await seqsOf(first.search, 'tea')).toEqual([1]);
    await first.search.close();
    await say('more tea');
    const again = searchIn(dir, { bootedAtMs: 1_000_000_000 });
    expect(await seqsOf(again.search, 'tea')).toEqual([2, 1]);
    expect(again.removed).toBe(0);
  });

  it('is gone on with after a crash of the process, not after one of the machine', async () => {
    const dir = tempDir();
    const { say } = createSpeaker(openLogIn(dir));
    await say('tea');
    const first = searchIn(dir);
    expect(await seqsOf(first.search, 'tea')).toEqual([1]);
    const afterCrash = searchIn(dir, { bootedAtMs: 1_500 });
    expect(await seqsOf(afterCrash.search, 'tea')).toEqual([1]);
    expect(afterCrash.removed).toBe(0);
    const afterPowerCut = searchIn(dir, { bootedAtMs: 1_000_000 });
    expect(await seqsOf(afterPowerCut.search, 'tea')).toEqual([1]);
    expect(afterPowerCut.removed).toBe(1);
  });

  it('is made anew where it is missing, of another edition or log, or no index', {
    timeout: 30_000,
  }, async () => {
    const dir = tempDir();
    const path = indexPathIn(dir);
    const { say } = createSpeaker(openLogIn(dir));
    await say('tea');
    async function madeAnew(spoil: () => void, edition = 'unicode 1') {
      const before = searchIn(dir);
      expect(await seqsOf(before.search, 'tea')).toEqual([1]);
      await before.search.close();
      spoil();
      const after = searchIn(dir, { edition });
      expect(await seqsOf(after.search, 'tea')).toEqual([1]);
      await after.search.close();
      return after.removed;
    }
    expect(await madeAnew(() => rmSync(path))).toBe(0);
    expect(await madeAnew(() => {}, 'unicode 2')).toBe(1);
    expect(
      await madeAnew(() => writeFileSync(path, 'this is no database at all'.repeat(500))),
    ).toBe(1);
    const withSql = (sql: string) => () => {
      const database = openDatabase(path);
      database.exec(sql);
      database.close();
    };
    expect(await madeAnew(withSql("UPDATE state SET epoch = 'another'"))).toBe(1);
    expect(await madeAnew(withSql('DROP TABLE state'))).toBe(1);
    expect(await madeAnew(withSql("UPDATE state SET mid = 'another'"))).toBe(1);
    expect(await madeAnew(withSql('UPDATE state SET log_row = 500'))).toBe(1);
  });

  it('that is found to be damaged while it is used is made anew', async () => {
    const dir = tempDir();
    const { say } = createSpeaker(openLogIn(dir));
    await say('tea');
    const { search, troubles } = searchIn(dir);
    expect(await seqsOf(search, 'tea')).toEqual([1]);
    // All but the first page, and the change counter in it (sqlite.org/fileformat2.html), by which who
    // has the file open learns that what it remembers of it is old.
    const bytes = readFileSync(indexPathIn(dir)).fill(0xff, 4_096);
    bytes.writeUInt32BE(bytes.readUInt32BE(24) + 1, 24);
    writeFileSync(indexPathIn(dir), bytes);
    await say('more tea');
    await expect.poll(() => seqsOf(search, 'tea').catch(() => [])).toEqual([2, 1]);
    expect(troubles).toEqual([expect.stringContaining('damaged'), undefined]);
  });

  it('holds nothing of a text that was deleted or edited away', async () => {
    const dir = tempDir();
    const { say, about } = createSpeaker(openLogIn(dir));
    const { search } = searchIn(dir);
    for (let message = 0; message < 50; message += 1) await say(`something else ${message}`);
    const first = await say('unmistakable 密码 text');
    const second = await say('unforgettable');
    expect(await seqsOf(search, 'unmistakable 密码')).toEqual([51]);
    expect(readFileSync(indexPathIn(dir), 'utf8')).toContain('unmistakable');
    await about('delete', first);
    await about('edit', second, 'forgotten');
    expect(await seqsOf(search, 'un')).toEqual([]);
    const bytes = readFileSync(indexPathIn(dir), 'utf8');
    for (const gone of ['unmistakable', 'mistakable', '密码', 'unforgettable']) {
      expect(bytes).not.toContain(gone);
    }
    expect(bytes).toContain('forgotten');
  });

  it('follows the log by itself, a moment after it was told that it has grown', async () => {
    const dir = tempDir();
    const { say } = createSpeaker(openLogIn(dir));
    await say('unmistakable');
    const { search } = searchIn(dir);
    search.logGrew();
    search.logGrew();
    const bytes = () =>
      existsSync(indexPathIn(dir)) ? readFileSync(indexPathIn(dir), 'utf8') : '';
    await expect.poll(bytes).toContain('unmistakable');
  });

  it('does not keep the log from being written, nor is kept from reading it', {
    timeout: 30_000,
  }, async () => {
    const dir = tempDir();
    const { say } = createSpeaker(openLogIn(dir));
    const { search } = searchIn(dir);
    await say('tea 0');
    const found: number[] = [];
    for (let message = 1; message < 100; message += 1) {
      const [, seqs] = await Promise.all([say(`tea ${message}`), seqsOf(search, 'tea')]);
      found.push(seqs.length);
    }
    expect(found.every((count) => count > 0)).toBe(true);
    expect((await search.search('lobby', 'tea', 1_000_000, 500)).seqs).toHaveLength(100);
  });

  it('says why it is away, and comes back: with the log, and with another thread', async () => {
    const dir = tempDir();
    const { search, troubles, die } = searchIn(dir);
    await expect(seqsOf(search, 'tea')).rejects.toThrow('there is no');
    expect(existsSync(logPathIn(dir))).toBe(false);
    const { say } = createSpeaker(openLogIn(dir));
    await say('tea');
    expect(await seqsOf(search, 'tea')).toEqual([1]);
    die();
    await say('more tea');
    expect(await seqsOf(search, 'tea')).toEqual([2, 1]);
    expect(troubles).toEqual([expect.stringContaining('there is no'), undefined]);
  });

  it('is told plainly to be impossible where SQLite has no full-text search', async () => {
    const dir = tempDir();
    const { say } = createSpeaker(openLogIn(dir));
    await say('tea');
    const { search, troubles } = searchIn(dir, {
      openDatabase(path) {
        const database = openDatabase(path);
        const exec = (sql: string) => database.exec(sql.replace('USING fts5', 'USING fts99'));
        return {
          ...database,
          exec,
          prepare: (sql) => database.prepare(sql),
          close: () => database.close(),
        };
      },
    });
    await expect(seqsOf(search, 'tea')).rejects.toThrow('no full-text search');
    await expect(seqsOf(search, 'tea')).rejects.toThrow('no full-text search');
    expect(troubles).toHaveLength(1);
  });
});
