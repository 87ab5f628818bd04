import { createMemoryPeople } from './memoryPeople';
import { describePeopleContract } from './peopleContract';

describePeopleContract('people in memory', createMemoryPeople);
