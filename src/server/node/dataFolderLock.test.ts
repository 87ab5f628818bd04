import { describe, expect, it } from 'vitest';
import { lockDataFolder } from './dataFolderLock';
import { openStore, tempDir } from './storeInThread';

describe('the lock on a data folder', () => {
  it('keeps a second server out, until the first lets go', () => {
    const dataDir = tempDir();
    const first = lockDataFolder(dataDir, 0);
    expect(() => lockDataFolder(dataDir, 0)).toThrow(/another server/);
    first.close();
    lockDataFolder(dataDir, 0).close();
  });

  it('keeps nobody from the log itself, such as a backup', () => {
    const dataDir = tempDir();
    const lock = lockDataFolder(dataDir, 0);
    const path = `${dataDir}/log.sqlite`;
    const [writer, reader] = [openStore(path), openStore(path)];
    expect(reader.head('tea')).toEqual(writer.head('tea'));
    for (const open of [writer, reader, lock]) open.close();
  });
});
