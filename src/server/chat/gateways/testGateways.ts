/** For tests: three gateways of one chat, who know the same people and tell each other what a test lets arrive. */
import { createManualTime } from '../../../testing/manualTime';
import type { ChatServerOptions } from '../chatServer';
import { createMemoryPeople } from '../people/memoryPeople';
import { nameKeys } from '../people/nameKeys';
import { createTestChat, settle, type TestChat } from '../testChat';
import { gatewayOf } from './gateway';
import { createTestCluster, type TestCluster } from './testCluster';

export interface TestGateways {
  readonly cluster: TestCluster;
  readonly chats: readonly [TestChat, TestChat, TestChat];
  /** Until all is told that is to be told without any time passing. */
  told(): Promise<void>;
}

/** They are called a, b and c. */
export function createTestGateways(options: Partial<ChatServerOptions> = {}): TestGateways {
  const cluster = createTestCluster();
  const people = createMemoryPeople({ time: createManualTime(), keysOf: nameKeys });
  let ids = 0;
  const newId = () => {
    ids += 1;
    return `id${ids}`;
  };
  const chatOf = (name: string) =>
    createTestChat(cluster.log, {
      gateway: gatewayOf(cluster.join(name)),
      people,
      newId,
      ...options,
    });
  return {
    cluster,
    chats: [chatOf('a'), chatOf('b'), chatOf('c')],
    async told() {
      do {
        cluster.arriveAll();
        await settle();
      } while (cluster.waiting > 0);
    },
  };
}
