import { describeBlobContract } from './blobContract';
import { createMemoryBlobs } from './memoryBlobs';

describeBlobContract('files in memory', async () => ({ engine: createMemoryBlobs() }));
