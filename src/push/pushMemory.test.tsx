import { describe, expect, it } from 'vitest';
import { createTextStorage } from '../browserStorage';
import { createPushMemory } from './pushMemory';
import { createRoomKeys } from './roomKeys';

const memoryOf = (name: string, room: string) =>
  createPushMemory(createTextStorage('localStorage'), `wss://chat.example/ws ${name}`, room);

describe('what opens a private room', () => {
  const key = 'AAECAwQFBgcICQoLDA0ODw';
  const room = 'p-lutbdvne3uvubmtx37nv5t23jg';
  const storage = createTextStorage('localStorage');
  const kept = () => createRoomKeys(storage).get(room);

  it('is kept while push is on there, and no longer', () => {
    const memory = createPushMemory(storage, 'wss://c/ws Ann', room, key);
    expect(kept()).toBeUndefined();
    for (const end of [() => memory.set('ending'), memory.clear, memory.clearAll]) {
      memory.set('on');
      expect(kept()).toBe(key);
      end();
      expect(kept()).toBeUndefined();
    }
  });

  it('is nothing else that is kept in its place', () => {
    createRoomKeys(storage).keep(room, `${key}x`);
    expect(kept()).toBeUndefined();
  });
});

describe('what is remembered of pushing', () => {
  it('is remembered for each user and room', () => {
    memoryOf('Ann', 'tea').set('on');
    expect(memoryOf('Ann', 'tea').get()).toBe('on');
    expect(memoryOf('Ann', 'coffee').get()).toBeUndefined();
    expect(memoryOf('Bob', 'tea').get()).toBeUndefined();
    memoryOf('Ann', 'tea').set('ending');
    expect(memoryOf('Ann', 'tea').get()).toBe('ending');
    memoryOf('Ann', 'tea').clear();
    expect(memoryOf('Ann', 'tea').get()).toBeUndefined();
  });

  it('tells whether this browser is pushed to for another room or user', () => {
    const memory = memoryOf('Ann', 'tea');
    memory.set('on');
    expect(memory.isOnElsewhere()).toBe(false);
    memoryOf('Bob', 'tea').set('ending');
    expect(memory.isOnElsewhere()).toBe(false);
    memoryOf('Bob', 'tea').set('on');
    expect(memory.isOnElsewhere()).toBe(true);
  });

  it('is forgotten for all rooms of one user, and of nobody whose name begins alike', () => {
    for (const name of ['Ann', 'Ann Other']) {
      for (const room of ['tea', 'coffee']) memoryOf(name, room).set('on');
    }
    memoryOf('Ann', 'lobby').clearAll();
    expect(memoryOf('Ann', 'tea').get()).toBeUndefined();
    expect(memoryOf('Ann', 'coffee').get()).toBeUndefined();
    expect(memoryOf('Ann Other', 'tea').get()).toBe('on');
  });
});
