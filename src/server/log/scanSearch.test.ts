import { createMemoryLog } from './memoryLog';
import { createScanSearch } from './scanSearch';
import { describeSearchContract } from './searchContract';

describeSearchContract('a search that looks through the log', async () => {
  const log = createMemoryLog('epoch-1');
  return { log, search: createScanSearch(log) };
});
