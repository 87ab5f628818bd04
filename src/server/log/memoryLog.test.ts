import { describeLogContract } from './logContract';
import { createMemoryLog } from './memoryLog';

describeLogContract('the log in memory', async () => createMemoryLog('epoch-1'));
