import { onTestFinished } from 'vitest';
import { describeClusterContract } from './clusterContract';
import { createTestCluster } from './testCluster';

const from = { id: 'author', name: 'Author' };

describeClusterContract('gateways of a test', async (count) => {
  const cluster = createTestCluster();
  const gateways = Array.from({ length: count }, (_, index) => cluster.join(`gateway-${index}`));
  let ids = 0;
  const newId = () => {
    ids += 1;
    return `id-${ids}`;
  };
  const timer = setInterval(cluster.arriveAll, 1);
  onTestFinished(() => clearInterval(timer));
  return {
    gateways,
    async append(room, ...bodies) {
      for (const body of bodies) {
        await cluster.log.append({ room, from, id: newId(), mid: newId(), body, at: 1 });
      }
    },
  };
});
