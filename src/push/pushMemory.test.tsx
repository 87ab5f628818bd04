import { describe, expect, it } from 'vitest';
import { createTextStorage } from '../browserStorage';
import { createPushMemory } from './pushMemory';

const memoryOf = (name: string, room: string) =>
  createPushMemory(createTextStorage('localStorage'), `wss://chat.example/ws ${name}`, room);

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
