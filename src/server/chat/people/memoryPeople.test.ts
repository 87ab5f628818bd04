import { createMemoryPeople } from './memoryPeople';
import { nameKeys } from './nameKeys';
import { describePeopleContract } from './peopleContract';

describePeopleContract('people in memory', (options) =>
  createMemoryPeople({ keysOf: nameKeys, ...options }),
);
