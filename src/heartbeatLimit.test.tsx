import { beforeEach, describe, expect, it } from 'vitest';
import { createTextStorage } from './browserStorage';
import { createLimitMemory } from './heartbeatLimit';

const storage = createTextStorage('localStorage');
const memory = createLimitMemory(storage, 'wss://chat.example/ws');

beforeEach(() => localStorage.clear());

describe('the limit of a network', () => {
  it('is remembered for each server by itself', () => {
    expect(memory.get()).toBeUndefined();
    memory.set({ silenceMs: 84_375, at: 5 });
    expect(memory.get()).toEqual({ silenceMs: 84_375, at: 5 });
    expect(createLimitMemory(storage, 'wss://other.example/ws').get()).toBeUndefined();
  });

  it.each(['', 'x', '{}', '{"silenceMs":"60","at":5}', '{"silenceMs":-1,"at":5}'])(
    'is not taken from what cannot be one: %s',
    (kept) => {
      storage.set('heartbeat limit wss://chat.example/ws', kept);
      expect(memory.get()).toBeUndefined();
    },
  );
});
